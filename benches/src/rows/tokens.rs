//! Tokens: out of the cache, and for a crowd that finds it empty.

use std::hint::black_box;
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use affinidi_tdk_iam_client::auth::{
    AccessToken, FetchedToken, PersonalAccessToken, TokenCache, TokenProvider,
};
use http::HeaderValue;
use serde::Deserialize;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::OnceCell;
use tokio::task::JoinSet;

use crate::address::Address;
use crate::callers::by_reqwest;
use crate::clock::{both, processor_time, time};
use crate::row::{Limit, Row};
use crate::signing::{self, Work};

const READS: u32 = 200_000;
/// How many reads are counted at a time.
pub const COUNTED_READS: u32 = 1000;
const CROWD: usize = 1000;

/// What a token out of the cache costs, in nanoseconds of processor per read, beside a lock around a header value.
pub fn cached(threads: usize, limit: Limit) -> Row {
    let ours = cache();
    let theirs = Arc::new(Locked::new());
    let ours = || {
        let ours = ours.clone();
        on_each_of(threads, move || {
            runtime().block_on(async {
                ours.token().await.unwrap();
                let start = processor_time();
                for _ in 0..READS {
                    black_box(ours.cached().unwrap());
                }
                processor_time() - start
            })
        })
    };
    let theirs = || {
        let theirs = theirs.clone();
        on_each_of(threads, move || {
            let start = processor_time();
            for _ in 0..READS {
                black_box(theirs.token());
            }
            processor_time() - start
        })
    };
    let [ours, theirs] = both(5, ours, theirs);
    Row {
        what: format!("cached token, {threads} {}", if threads == 1 { "thread" } else { "threads" }),
        beside: "`RwLock` by hand".into(),
        unit: "ns of processor".into(),
        ours,
        theirs,
        limit,
    }
}

/// A token out of the cache, [`COUNTED_READS`] times.
pub fn cached_ours() -> Work {
    let cache = cache();
    runtime().block_on(cache.token()).unwrap();
    Box::new(move || (0..COUNTED_READS).for_each(|_| drop(black_box(cache.cached()))))
}

/// The same by hand, with one clock.
pub fn cached_by_hand() -> Work {
    let locked = Locked::new();
    Box::new(move || (0..COUNTED_READS).for_each(|_| drop(black_box(locked.token()))))
}

/// As a client has it.
fn cache() -> Arc<dyn TokenProvider> {
    Arc::new(TokenCache::new(|| async {
        Ok(FetchedToken::new(AccessToken::new("token".repeat(200))?, Some(Duration::from_secs(3600))))
    }))
}

/// The mean of what each thread measures, for one read.
fn on_each_of(threads: usize, work: impl Fn() -> f64 + Clone + Send + 'static) -> f64 {
    let threads: Vec<_> = (0..threads).map(|_| std::thread::spawn(work.clone())).collect();
    let count = threads.len() as f64;
    let total: f64 = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
    total / count / f64::from(READS)
}

/// What somebody would write who needs a token in several places.
struct Locked(RwLock<(HeaderValue, Instant)>);

#[allow(clippy::disallowed_methods, reason = "there is no clock of a client here")]
impl Locked {
    fn new() -> Self {
        let value = HeaderValue::from_str(&"token".repeat(200)).unwrap();
        Self(RwLock::new((value, Instant::now() + Duration::from_secs(3600))))
    }

    fn token(&self) -> Option<HeaderValue> {
        let held = self.0.read().unwrap();
        (Instant::now() < held.1).then(|| held.0.clone())
    }
}

/// A thousand tasks need a project token at once and there is none: how many requests reach the endpoints, and how long it
/// takes until everybody has it. By hand one cell is filled by whoever comes first.
pub fn cold(server: &Address, limit: Limit) -> Vec<Row> {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let asked = || server.ask("/token-requests").unwrap() as f64;
    asked();
    // The first signature of a process gathers randomness, whoever makes it.
    signing::sign_by_hand("ES256")();

    let credential = PersonalAccessToken::builder()
        .token_id("6ccd0a2e-e135-4037-b399-00039b362034")
        .project_id("e30f4404-b898-45f1-903e-80af808ad60c")
        .private_key_pem(signing::pem("ES256"))
        .token_endpoint(format!("{}/oauth2/token", server.origin()))
        .base_url(server.plain().base_url)
        .build()
        .unwrap();
    let ours = time(|| {
        crowd(&runtime, || {
            let credential = credential.clone();
            async move { drop(black_box(credential.project_token().await.unwrap())) }
        });
    });
    let ours_asked = asked();

    let client = by_reqwest::client(&server.plain());
    let cell = Arc::new(OnceCell::new());
    let origin: Arc<str> = server.origin().into();
    let theirs = time(|| {
        crowd(&runtime, || {
            let (cell, client, origin) = (cell.clone(), client.clone(), origin.clone());
            async move { drop(black_box(cell.get_or_init(|| fetch(client, origin)).await.clone())) }
        });
    });
    let theirs_asked = asked();

    let row = |unit: &str, ours, theirs, limit| Row {
        what: format!("{CROWD} cold tokens"),
        beside: "`OnceCell` by hand".into(),
        unit: unit.into(),
        ours,
        theirs,
        limit,
    };
    vec![
        row("requests", ours_asked, theirs_asked, limit),
        row("ms", ours.wall / 1e6, theirs.wall / 1e6, Limit::None),
    ]
}

fn crowd<F: Future<Output = ()> + Send + 'static>(runtime: &Runtime, each: impl Fn() -> F) {
    runtime.block_on(async {
        let tasks: JoinSet<()> = (0..CROWD).map(|_| each()).collect();
        tasks.join_all().await;
    });
}

#[derive(Deserialize)]
struct UserToken {
    access_token: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ProjectToken {
    access_token: String,
}

async fn fetch(client: reqwest::Client, origin: Arc<str>) -> String {
    signing::sign_by_hand("ES256")();
    let form = "grant_type=client_credentials&client_assertion=";
    let request = client.post(format!("{origin}/oauth2/token"));
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(form);
    let response = request.send().await.unwrap().bytes().await.unwrap();
    let user: UserToken = serde_json::from_slice(&response).unwrap();
    let request = client
        .post(format!("{origin}/iam/v1/sts/create-project-scoped-token"))
        .bearer_auth(user.access_token)
        .header("content-type", "application/json")
        .body(r#"{"projectId":"e30f4404-b898-45f1-903e-80af808ad60c"}"#);
    let response = request.send().await.unwrap().bytes().await.unwrap();
    let project: ProjectToken = serde_json::from_slice(&response).unwrap();
    project.access_token
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_time().build().unwrap()
}

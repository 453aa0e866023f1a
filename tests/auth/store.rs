//! A fleet that shares its tokens, in virtual time.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use affinidi_tdk_iam_client::auth::{
    ConsumerCredential, DidKeySigner, FetchedToken, PersonalAccessToken, StoreFuture, TokenCache,
    TokenProvider, TokenStore,
};
use affinidi_tdk_iam_client::{CallObserver, Client, Error};
use tokio::task::JoinSet;
use tokio::time::{Instant, advance, sleep};

use crate::keys::P256;
use crate::support::{FETCH, Script, Service, Step, json};

/// A store in memory, in which time is virtual.
#[derive(Default)]
struct Memory {
    tokens: Mutex<HashMap<String, (FetchedToken, Instant)>>,
    leases: Mutex<HashMap<String, Instant>>,
    used: AtomicUsize,
}

impl TokenStore for Memory {
    fn get<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<FetchedToken>> {
        self.used.fetch_add(1, Ordering::SeqCst);
        let token = self.tokens.lock().unwrap().get(key).cloned();
        Box::pin(async move { Ok(token.map(|(token, put)| token.clone().aged(token.age() + put.elapsed()))) })
    }

    fn put<'a>(&'a self, key: &'a str, token: &'a FetchedToken) -> StoreFuture<'a, ()> {
        self.tokens.lock().unwrap().insert(key.into(), (token.clone(), Instant::now()));
        self.leases.lock().unwrap().remove(key);
        Box::pin(async { Ok(()) })
    }

    fn lease<'a>(&'a self, key: &'a str, duration: Duration) -> StoreFuture<'a, bool> {
        let mut leases = self.leases.lock().unwrap();
        let free = leases.get(key).is_none_or(|until| *until <= Instant::now());
        if free {
            leases.insert(key.into(), Instant::now() + duration);
        }
        Box::pin(async move { Ok(free) })
    }
}

/// A store that is down: it fails at once, or it never answers.
struct Down {
    hangs: bool,
}

impl Down {
    fn answer<T: Send>(&self) -> StoreFuture<'_, T> {
        Box::pin(async {
            if self.hangs {
                std::future::pending::<()>().await;
            }
            Err(Error::credential("no route to the store"))
        })
    }
}

impl TokenStore for Down {
    fn get<'a>(&'a self, _: &'a str) -> StoreFuture<'a, Option<FetchedToken>> {
        self.answer()
    }
    fn put<'a>(&'a self, _: &'a str, _: &'a FetchedToken) -> StoreFuture<'a, ()> {
        self.answer()
    }
    fn lease<'a>(&'a self, _: &'a str, _: Duration) -> StoreFuture<'a, bool> {
        self.answer()
    }
}

/// Keeps the texts of failures, and panics: no observer may take a call with it.
#[derive(Clone, Default)]
struct Failures(Arc<Mutex<Vec<String>>>);

impl Failures {
    fn taken(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

impl CallObserver for Failures {
    fn token_store_failed(&self, error: &Error) {
        self.0.lock().unwrap().push(error.to_string());
        std::panic::resume_unwind(Box::new("a fault of the observer"));
    }
}

/// The caches of `count` processes with one source and one store.
fn fleet(script: &Script, store: Arc<dyn TokenStore>, count: usize) -> Vec<TokenCache> {
    (0..count).map(|_| TokenCache::builder(script.clone()).store(store.clone(), "key").build()).collect()
}

async fn tokens(fleet: &[TokenCache]) -> Vec<String> {
    let mut calls = JoinSet::new();
    for cache in fleet {
        let cache = cache.clone();
        calls.spawn(async move { cache.token().await.unwrap().secret().to_owned() });
    }
    calls.join_all().await
}

#[tokio::test(start_paused = true)]
async fn a_fleet_fetches_one_token() {
    let script = Script::new(300, []);
    let fleet = fleet(&script, Arc::new(Memory::default()), 50);
    assert!(tokens(&fleet).await.iter().all(|token| token == "token-1"));
    assert_eq!(script.fetches(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_fleet_refreshes_once_and_nobody_waits_for_it() {
    let script = Script::new(300, []);
    let fleet = fleet(&script, Arc::new(Memory::default()), 50);
    tokens(&fleet).await;
    advance(Duration::from_secs(260)).await;
    let start = Instant::now();
    assert!(tokens(&fleet).await.iter().all(|token| token == "token-1"));
    assert_eq!((start.elapsed(), script.fetches()), (Duration::ZERO, 2));
    sleep(FETCH).await;
    // Those who found the lease taken look again after a pause.
    tokens(&fleet).await;
    sleep(Duration::from_millis(100)).await;
    assert!(tokens(&fleet).await.iter().all(|token| token == "token-2"));
    assert_eq!(script.fetches(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_age_of_a_stored_token_is_kept() {
    let script = Script::new(300, []);
    let fleet = fleet(&script, Arc::new(Memory::default()), 2);
    tokens(&fleet[..1]).await;
    advance(Duration::from_secs(200)).await;
    assert_eq!(tokens(&fleet[1..]).await, ["token-1"]);
    advance(Duration::from_secs(95)).await;
    assert_eq!(tokens(&fleet[1..]).await, ["token-2"], "it ends when it would have ended elsewhere");
}

#[tokio::test(start_paused = true)]
async fn a_rejected_token_does_not_come_back_from_the_store() {
    let script = Script::new(300, []);
    let fleet = fleet(&script, Arc::new(Memory::default()), 2);
    let first = fleet[0].token().await.unwrap();
    fleet[1].token().await.unwrap();
    assert!(fleet[0].invalidate(&first));
    assert_eq!(tokens(&fleet[..1]).await, ["token-2"]);
    assert!(fleet[1].invalidate(&first));
    assert_eq!(tokens(&fleet[1..]).await, ["token-2"], "the one that the other process put");
    assert_eq!(script.fetches(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_process_that_dies_with_the_lease_does_not_stop_the_others() {
    let script = Script::new(300, []);
    let memory = Arc::new(Memory::default());
    memory.lease("key", Duration::from_secs(10)).await.unwrap();
    let start = Instant::now();
    assert_eq!(tokens(&fleet(&script, memory, 1)).await, ["token-1"]);
    assert!(start.elapsed() <= Duration::from_secs(12), "{:?}", start.elapsed());
}

/// A store whose lease is taken every other time.
struct HalfTaken(AtomicUsize);

impl TokenStore for HalfTaken {
    fn get<'a>(&'a self, _: &'a str) -> StoreFuture<'a, Option<FetchedToken>> {
        Box::pin(async { Ok(None) })
    }
    fn put<'a>(&'a self, _: &'a str, _: &'a FetchedToken) -> StoreFuture<'a, ()> {
        Box::pin(async { Ok(()) })
    }
    fn lease<'a>(&'a self, _: &'a str, _: Duration) -> StoreFuture<'a, bool> {
        let free = self.0.fetch_add(1, Ordering::SeqCst).is_multiple_of(2);
        Box::pin(async move { Ok(free) })
    }
}

#[tokio::test(start_paused = true)]
async fn pauses_after_failures_grow_also_when_another_process_has_the_lease_in_between() {
    let failures = (0..2000).map(|_| Step::Fail);
    let script = Script::new(1000, [Step::Succeed].into_iter().chain(failures));
    let fleet = fleet(&script, Arc::new(HalfTaken(AtomicUsize::new(0))), 1);
    tokens(&fleet).await;
    advance(Duration::from_secs(860)).await;
    for _ in 0..1000 {
        assert_eq!(tokens(&fleet).await, ["token-1"]);
        sleep(Duration::from_millis(100)).await;
    }
    // Those of 50 ms, 100 ms and so on up to 51.2 s fill the time with eleven.
    assert!(script.fetches() <= 15, "{} fetches", script.fetches());
}

#[tokio::test(start_paused = true)]
async fn whoever_needs_a_newer_token_waits_for_the_process_that_fetches_it() {
    let script = Script::new(300, []);
    let memory = Arc::new(Memory::default());
    let fleet = fleet(&script, memory.clone(), 1);
    tokens(&fleet).await;
    advance(Duration::from_secs(265)).await;
    memory.lease("key", Duration::from_secs(10)).await.unwrap();
    let (refresh, need) =
        tokio::join!(fleet[0].token(), fleet[0].token_with_min_ttl(Duration::from_secs(60)));
    assert_eq!((refresh.unwrap().secret(), need.unwrap().secret()), ("token-1", "token-2"));
}

#[tokio::test(start_paused = true)]
async fn a_hit_does_not_touch_the_store() {
    let memory = Arc::new(Memory::default());
    let fleet = fleet(&Script::new(300, []), memory.clone(), 1);
    for _ in 0..100 {
        tokens(&fleet).await;
    }
    assert_eq!(memory.used.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn calls_go_on_while_the_store_is_down() {
    for (hangs, delay) in [(false, 0), (true, 1)] {
        let script = Script::new(300, []);
        let fleet = fleet(&script, Arc::new(Down { hangs }), 1);
        let start = Instant::now();
        assert_eq!(tokens(&fleet).await, ["token-1"]);
        assert_eq!(start.elapsed(), FETCH + Duration::from_secs(delay));
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_that_fails_is_reported_and_calls_go_on() {
    let failures = Failures::default();
    for (hangs, expected) in [(false, "no route to the store"), (true, "did not respond within 1s")] {
        let cache = TokenCache::builder(Script::new(300, [])).store(Down { hangs }, "key");
        cache.observer(failures.clone()).build().token().await.unwrap();
        let failures = failures.taken();
        assert!(failures.len() == 1 && failures[0].contains(expected), "{failures:?}");
    }
    let cache = TokenCache::builder(Script::new(300, [])).store(Memory::default(), "key");
    cache.observer(failures.clone()).build().token().await.unwrap();
    assert!(failures.taken().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_observer_of_a_client_learns_that_the_store_of_its_credentials_fails() {
    let service = Service::new(|request| match request.url.path() {
        "/token" => json(200, r#"{"access_token":"user","expires_in":3600}"#),
        path if path.ends_with("create-project-scoped-token") => {
            json(200, r#"{"accessToken":"project","expiresIn":300,"scope":"s"}"#)
        }
        _ => json(200, "{}"),
    });
    let failures = Failures::default();
    let client = |builder: affinidi_tdk_iam_client::ClientBuilder| {
        builder.transport(service.clone()).observer(failures.clone()).build().unwrap()
    };
    let credential = PersonalAccessToken::builder()
        .token_id("t")
        .project_id("9de103a4-35d7-4b0f-8aa2-9dcd8ee4b321")
        .private_key_pem(P256)
        .token_endpoint("https://auth.example.org/token")
        .store(Down { hangs: false })
        .build()
        .unwrap();
    let client_of_project = client(Client::builder().personal_access_token(credential));
    let _ = client_of_project.policies().get_policies("t", "token".into()).await;
    assert_eq!(failures.taken().len(), 2, "one for each token");

    let signer = DidKeySigner::from_pem(P256).unwrap();
    let consumer = ConsumerCredential::builder().signer(signer).store(Down { hangs: false }).build().unwrap();
    let _ =
        client(Client::builder().consumer_credential(consumer)).authz().delete_access_vfs("did:x:1").await;
    assert_eq!(failures.taken().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn errors_of_the_source_are_errors_with_a_store_too() {
    let script = Script::new(300, [Step::Fail]);
    let fleet = fleet(&script, Arc::new(Memory::default()), 1);
    assert!(fleet[0].token().await.unwrap_err().is_credential());
}

#[tokio::test(start_paused = true)]
async fn a_credential_and_its_key_are_gone_when_the_last_user_is() {
    let store: Arc<dyn TokenStore> = Arc::new(Memory::default());
    let credential = PersonalAccessToken::builder()
        .token_id("t")
        .project_id("9de103a4-35d7-4b0f-8aa2-9dcd8ee4b321")
        .private_key_pem(P256)
        .token_endpoint("https://auth.example.org/token")
        .store(store.clone())
        .build()
        .unwrap();
    let consumer = ConsumerCredential::builder()
        .signer(DidKeySigner::from_pem(P256).unwrap())
        .store(store.clone())
        .build()
        .unwrap();
    let client = Client::builder()
        .transport(crate::support::Service::new(|_| crate::support::json(401, "{}")))
        .personal_access_token(credential.for_project("e30f4404-b898-45f1-903e-80af808ad60c"))
        .consumer_credential(consumer.delegated("did:x:1"))
        .build()
        .unwrap();
    client.tokens().list_token().await.unwrap_err();
    client.policies().get_policies("t", "token".into()).await.unwrap_err();
    drop((credential, consumer, client));
    assert_eq!(Arc::strong_count(&store), 1);
}

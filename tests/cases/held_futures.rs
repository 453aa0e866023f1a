//! Held futures.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use affinidi_tdk_iam_client::auth::{FetchedToken, StaticToken, StoreFuture, TokenStore};
use affinidi_tdk_iam_client::{Client, Error};
use futures_util::FutureExt;
use serde_json::json;

use crate::support::*;

/// Four pages of two projects, and a single project; each response takes 20 ms.
fn pages() -> Service {
    let next = AtomicUsize::new(0);
    Service::new(move |request| {
        let project = |n: usize| {
            json!({"id": format!("p-{n}"), "ari": "ari", "name": "n", "description": "d", "ownerId": "o",
                "createdAt": "2026-01-01T00:00:00Z"})
        };
        let body = if request.url.path().ends_with("/projects") {
            let n = next.fetch_add(2, SeqCst);
            let mut page = json!({"projects": [project(n), project(n + 1)]});
            if n < 6 {
                page["lastEvaluatedKey"] = json!(format!("c{n}"));
            }
            page
        } else {
            project(7)
        };
        Reply::json(200, &body.to_string()).after(Duration::from_millis(20))
    })
}

/// Reads all projects one page ahead and makes a call for each. Returns how many there were.
async fn read_ahead(client: &Client) -> Result<usize, String> {
    let start = tokio::time::Instant::now();
    let failed = |what: &str, error: Error| format!("{what} after {:?}: {error}", start.elapsed());
    let mut projects = client.projects().list_project().into_stream().prefetch(1);
    let mut seen = 0;
    while projects.try_next().await.map_err(|error| failed("the list", error))?.is_some() {
        seen += 1;
        client.projects().get_project("p-7").await.map_err(|error| failed("the call", error))?;
    }
    match start.elapsed() {
        elapsed if elapsed < Duration::from_secs(15) => Ok(seen),
        elapsed => Err(format!("all came, but in {elapsed:?}")),
    }
}

// Tried: `prefetch(1)` with `max_concurrent_requests(1)`, and a call for each item.
// Expected: all 8 items, at once; a page that is read ahead takes no place from the caller.
#[tokio::test(start_paused = true)]
async fn reading_ahead_works_with_one_request_at_a_time() {
    let client = Client::builder().transport(pages()).user_token(StaticToken::new("user-token"));
    let client = client.max_concurrent_requests(1).build().unwrap();
    assert_eq!(read_ahead(&client).await, Ok(8));
}

// Tried: `prefetch(1)` with `requests_per_second(5)`, and a call for each item.
// Expected: all 8 items in about 3 s; a future that waits for its moment and is not polled holds up no other.
#[tokio::test(start_paused = true)]
async fn reading_ahead_works_with_a_rate_limit() {
    let client = Client::builder().transport(pages()).user_token(StaticToken::new("user-token"));
    let client = client.requests_per_second(5).build().unwrap();
    assert_eq!(read_ahead(&client).await, Ok(8));
}

// Tried: `prefetch(1)`; between two items the token expires, so that the page that is read ahead begins to fetch a new one.
// Expected: the caller's own call, which needs that token too and has 60 s, succeeds.
#[tokio::test(start_paused = true)]
async fn reading_ahead_works_while_the_token_has_to_be_fetched() {
    let (cache, _) = cache(Duration::from_secs(300), |_| Some(Duration::from_millis(30)));
    let client = Client::builder().transport(pages()).user_token(cache.build());
    // The page that is read ahead has time enough until the caller comes back to it.
    let hour = Duration::from_secs(3600);
    let client = client.timeout(hour).attempt_timeout(hour).build().unwrap();
    let mut projects = client.projects().list_project().into_stream().prefetch(1);
    let (mut seen, mut failures) = (0, vec![]);
    loop {
        match projects.try_next().await {
            Ok(Some(_)) => seen += 1,
            Ok(None) => break,
            Err(error) => {
                failures.push(format!("the list: {error}"));
                break;
            }
        }
        let call = client.projects().get_project("p-7").timeout(Duration::from_secs(60));
        if let Err(error) = call.await {
            failures.push(format!("the call: {error}"));
        }
        tokio::time::sleep(Duration::from_secs(400)).await;
    }
    assert_eq!((seen, failures), (8, vec![]));
}

// Tried: one `token()` is polled once and kept; 100 others want the token. `fetch_timeout` is 30 s.
// Expected: all get a token within those 30 s: nobody waits longer than that for the fetch of somebody else.
#[tokio::test(start_paused = true)]
async fn a_caller_that_is_not_polled_holds_up_no_other_caller() {
    let (cache, _) = cache(Duration::from_secs(300), |_| Some(Duration::from_millis(30)));
    let cache = cache.fetch_timeout(Duration::from_secs(30)).build();
    let mut held = Box::pin(cache.token());
    assert!((&mut held).now_or_never().is_none());
    let mut others = vec![];
    for _ in 0..100 {
        let cache = cache.clone();
        let token = async move { tokio::time::timeout(Duration::from_secs(31), cache.token()).await };
        others.push(tokio::spawn(async { token.await.is_ok_and(|token| token.is_ok()) }));
    }
    let mut served = 0;
    for other in others {
        served += usize::from(other.await.unwrap());
    }
    drop(held);
    assert_eq!(served, 100);
}

// Tried: one `verify()` is polled once and kept while it fetches the keys; a second one comes.
// Expected: the second finishes, at the latest when the call that fetches the keys has timed out.
#[tokio::test(start_paused = true)]
async fn a_verification_that_is_not_polled_holds_up_no_other() {
    let issuer = Issuer::new();
    let service = key_service(json!({"keys": [issuer.jwk("1")]})).taking(Duration::from_millis(20));
    let verifier = verifier(&service).build().unwrap();
    let token = issuer.token(&head("1"), &claims());
    let mut held = Box::pin(verifier.verify(&token));
    assert!((&mut held).now_or_never().is_none());
    let second = tokio::time::timeout(Duration::from_secs(61), verifier.verify(&token)).await;
    drop(held);
    second.expect("the second verification still waits after 61 s").unwrap();
}

// Tried: a fetch that began in a current-thread runtime that nobody drives any more. `fetch_timeout` is 1 s.
// Expected: a caller in another runtime has a token within 5 s, at the second try if the first one times out.
#[test]
fn a_fetch_in_a_runtime_that_stands_still_holds_up_nobody() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (cache, _) = cache(Duration::from_secs(300), |_| Some(Duration::from_millis(20)));
    let cache = cache.fetch_timeout(Duration::from_secs(1)).build();
    let (parked, other) = (runtime(), runtime());
    let first = cache.clone();
    parked.spawn(async move { first.token().await });
    parked.block_on(async { tokio::time::sleep(Duration::from_millis(5)).await });
    let token = async { while cache.token().await.is_err() {} };
    let token = other.block_on(async { tokio::time::timeout(Duration::from_secs(5), token).await });
    drop(parked);
    token.expect("no token within 5 s");
}

// Tried: a fetch takes 1 s, calls have 900 ms each; a new one begins every 100 ms for a minute.
// Expected: one fetch serves the calls; it does not end with the caller that began it.
#[tokio::test(start_paused = true)]
async fn one_fetch_serves_calls_that_have_less_time_than_it_takes() {
    let (cache, fetches) = cache(Duration::from_secs(300), |_| Some(Duration::from_secs(1)));
    let client = Client::builder().transport(Service::new(|_| Reply::json(200, WHOAMI)));
    let client = client.user_token(cache.build()).timeout(Duration::from_millis(900)).build().unwrap();
    let mut calls = vec![];
    for _ in 0..600 {
        let client = client.clone();
        calls.push(tokio::spawn(async move { client.sts().whoami().await.is_ok() }));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let mut succeeded = 0;
    for call in calls {
        succeeded += usize::from(call.await.unwrap());
    }
    let begun = fetches.load(SeqCst);
    assert!(succeeded >= 590 && begun <= 3, "{succeeded} of 600 calls succeeded, {begun} fetches began");
}

// Tried: a call of 2 s waits for its token, is not polled for 10 s, and then goes on.
// Expected: it times out and sends nothing.
#[tokio::test(start_paused = true)]
async fn a_call_that_is_polled_after_its_time_sends_nothing() {
    let (cache, _) = cache(Duration::from_secs(300), |_| Some(Duration::from_secs(1)));
    let service = Service::new(|_| Reply::json(200, WHOAMI));
    let client = Client::builder().transport(service.clone()).user_token(cache.build()).build().unwrap();
    let mut call = Box::pin(client.sts().whoami().timeout(Duration::from_secs(2)).send());
    assert!((&mut call).now_or_never().is_none());
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert!(call.await.unwrap_err().is_timeout());
    assert_eq!(service.count("/whoami"), 0);
}

// Tried: a caller waits for a token of a minute, or for one that takes longer to come than it is valid, and is not polled until
// the token has expired.
// Expected: it gets the next token.
#[tokio::test(start_paused = true)]
async fn a_caller_that_comes_back_late_gets_no_expired_token() {
    for [lifetime, latency] in [[60_000, 30], [2_000, 3_000]].map(|times| times.map(Duration::from_millis)) {
        let (cache, _) = cache(lifetime, move |_| Some(latency));
        let cache = cache.build();
        let mut held = Box::pin(cache.token());
        assert!((&mut held).now_or_never().is_none());
        tokio::time::sleep(Duration::from_secs(100)).await;
        assert_eq!(held.await.unwrap().secret(), "token-1");
    }
}

/// A store that takes 100 ms to look something up.
struct Slow(Arc<Memory>);

impl TokenStore for Slow {
    fn get<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<FetchedToken>> {
        Box::pin(async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            self.0.get(key).await
        })
    }

    fn put<'a>(&'a self, key: &'a str, token: &'a FetchedToken) -> StoreFuture<'a, ()> {
        self.0.put(key, token)
    }

    fn lease<'a>(&'a self, key: &'a str, duration: Duration) -> StoreFuture<'a, bool> {
        self.0.lease(key, duration)
    }

    fn release_lease<'a>(&'a self, key: &'a str, owner: &'a str) -> StoreFuture<'a, ()> {
        self.0.release_lease(key, owner)
    }
}

// Tried: a fetch hangs, its caller goes away, and nobody else comes. `fetch_timeout` is 2 s.
// Expected: after 2 s the fetch is dropped, with the lease that it took.
#[tokio::test(start_paused = true)]
async fn a_fetch_that_is_overdue_ends_also_when_nobody_comes() {
    let (cache, _) = cache(Duration::from_secs(60), |_| None);
    let store: Arc<Memory> = Arc::default();
    let cache = cache.fetch_timeout(Duration::from_secs(2)).store(Slow(store.clone()), "name").build();
    assert!(tokio::time::timeout(Duration::from_secs(1), cache.token()).await.is_err());
    assert_eq!(store.leases.lock().unwrap().len(), 1);
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert_eq!(store.leases.lock().unwrap().len(), 0);
}

// Tried: fetches hang after a look into a store, `fetch_timeout` is 2 s, and each of the callers that come every 2.2 s for ten minutes waits for 500 ms only.
// Expected: such fetches have failed, and the pauses after them grow.
#[tokio::test(start_paused = true)]
async fn pauses_grow_also_when_nobody_waits_until_a_fetch_is_overdue() {
    let (cache, fetches) = cache(Duration::from_secs(60), |_| None);
    let cache = cache.fetch_timeout(Duration::from_secs(2)).store(Slow(Arc::default()), "name").build();
    for _ in 0..273 {
        let waited = tokio::time::timeout(Duration::from_millis(500), cache.token()).await;
        assert!(!matches!(waited, Ok(Ok(_))));
        tokio::time::sleep(Duration::from_millis(1700)).await;
    }
    let begun = fetches.load(SeqCst);
    assert!(begun <= 30, "{begun} fetches began");
}

//! Valid token.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use affinidi_tdk_iam_client::Client;

use crate::support::*;

/// Makes a call every half second for this long. Returns how many succeeded, the failures, and the longest call.
async fn calls_for(client: &Client, span: Duration) -> (usize, Vec<String>, Duration) {
    let start = tokio::time::Instant::now();
    let (mut succeeded, mut failures, mut longest) = (0, vec![], Duration::ZERO);
    while start.elapsed() < span {
        let begin = tokio::time::Instant::now();
        match client.sts().whoami().await {
            Ok(_) => succeeded += 1,
            Err(error) => failures.push(error.to_string()),
        }
        longest = longest.max(begin.elapsed());
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    (succeeded, failures, longest)
}

/// A client whose token of an hour was fetched 3100 s ago; every later fetch hangs.
async fn with_a_token_that_is_to_be_refreshed(timeout: Duration) -> (Client, Arc<AtomicUsize>) {
    let hour = Duration::from_secs(3600);
    let (cache, fetches) = cache(hour, |n| (n == 0).then_some(Duration::ZERO));
    let service = Service::new(|_| Reply::json(200, WHOAMI));
    let client =
        Client::builder().transport(service).user_token(cache.build()).timeout(timeout).build().unwrap();
    client.sts().whoami().await.unwrap();
    tokio::time::sleep(Duration::from_secs(3100)).await;
    (client, fetches)
}

// Tried: the token is valid for another 8 minutes, the token endpoint hangs, calls have 60, 6, 4 and 2 s.
// Expected: every call succeeds with the token that is there.
#[tokio::test(start_paused = true)]
async fn a_valid_token_is_used_while_the_token_endpoint_hangs() {
    for timeout in [60, 6, 4, 2] {
        let (client, _) = with_a_token_that_is_to_be_refreshed(Duration::from_secs(timeout)).await;
        let (succeeded, failures, _) = calls_for(&client, Duration::from_secs(300)).await;
        let last = failures.last();
        assert_eq!(
            failures.len(),
            0,
            "calls of {timeout} s: {succeeded} succeeded; the last failure: {last:?}"
        );
    }
}

// Tried: the same with calls of 60 s; how long does a call take that has a valid token?
// Expected: less than a second; the next token is not worth waiting for.
#[tokio::test(start_paused = true)]
async fn a_call_with_a_valid_token_hardly_waits_for_the_next_token() {
    let (client, _) = with_a_token_that_is_to_be_refreshed(Duration::from_secs(60)).await;
    let (_, _, longest) = calls_for(&client, Duration::from_secs(300)).await;
    assert!(longest < Duration::from_secs(1), "the longest call took {longest:?}");
}

// Tried: the same with calls of 2 s, each of which ends before the fetch that it began.
// Expected: fetches pause after a failure, also when the caller went away: at most 20 in 300 s.
#[tokio::test(start_paused = true)]
async fn a_token_endpoint_that_hangs_is_not_asked_by_every_call() {
    let (client, fetches) = with_a_token_that_is_to_be_refreshed(Duration::from_secs(2)).await;
    calls_for(&client, Duration::from_secs(300)).await;
    let begun = fetches.load(SeqCst) - 1;
    assert!(begun <= 20, "{begun} fetches began in 300 s");
}

// Tried: a personal access token with a valid project token; the token endpoint hangs when the user token is to be refreshed.
// Expected: every call of 2 s succeeds, and the token endpoint gets at most 20 requests in 300 s.
#[tokio::test(start_paused = true)]
async fn a_project_token_is_used_while_the_token_endpoint_hangs() {
    let asked = AtomicUsize::new(0);
    let service = Service::new(move |request| match request.url.path() {
        path if path.ends_with("/oauth2/token") => {
            let reply = Reply::json(200, r#"{"access_token":"user-token","expires_in":3600}"#);
            if asked.fetch_add(1, SeqCst) == 0 { reply } else { reply.never() }
        }
        path if path.ends_with("/create-project-scoped-token") => {
            Reply::json(200, r#"{"accessToken":"project-token","expiresIn":3600,"scope":"s"}"#)
        }
        _ => Reply::json(200, r#"{"records":[]}"#),
    });
    let credential = pat().project_id("9de103a4-35d7-4b0f-8aa2-9dcd8ee4b321").build().unwrap();
    let client = Client::builder()
        .transport(service.clone())
        .personal_access_token(credential)
        .timeout(Duration::from_secs(2))
        .build()
        .unwrap();
    client.projects().list_principals_of_project().await.unwrap();
    tokio::time::sleep(Duration::from_secs(3100)).await;
    let start = tokio::time::Instant::now();
    let mut failures = vec![];
    while start.elapsed() < Duration::from_secs(300) {
        if let Err(error) = client.projects().list_principals_of_project().await {
            failures.push(error.to_string());
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let requests = service.count("/oauth2/token") - 1;
    assert_eq!(failures.len(), 0, "{:?}; {requests} requests to the token endpoint", failures.last());
    assert!(requests <= 20, "{requests} requests to the token endpoint in 300 s");
}

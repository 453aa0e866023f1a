//! Lifetimes.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use affinidi_tdk_iam_client::auth::{
    self, AccessToken, Algorithm, ConsumerCredential, DidKeySigner, FetchedToken, TokenCache,
};
use serde_json::json;

use crate::support::*;

const LIFETIMES: [&str; 16] = [
    "3600",
    "\"3600\"",
    "3600.0",
    "3599.5",
    "3.6e3",
    "\"3600.0\"",
    "\" 3600 \"",
    "\"\"",
    "null",
    "true",
    "[]",
    "\"never\"",
    "9223372036854775808",
    "18446744073709551615",
    "1e30",
    "-5",
];

// Tried: `expires_in` of a user token as servers write it: with a fraction, an exponent, as text, beyond 64 bits, as nonsense.
// Expected: a token each time: any finite number is read, and what makes no sense counts as absent.
#[tokio::test(start_paused = true)]
async fn a_user_token_is_used_however_its_lifetime_is_written() {
    let mut failures = vec![];
    for value in LIFETIMES {
        let body = format!(r#"{{"access_token":"abc","token_type":"bearer","expires_in":{value}}}"#);
        let credential = pat().transport(Service::new(move |_| Reply::json(200, &body))).build().unwrap();
        if let Err(error) = credential.user_token().await {
            failures.push(format!("{value}: {error}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

// Tried: `expires_in` 3600.0 and a call for `user_token_with_min_ttl(30 min)`.
// Expected: the token of one fetch serves: its lifetime is an hour.
#[tokio::test(start_paused = true)]
async fn a_lifetime_with_a_fraction_is_the_lifetime() {
    let service = Service::new(|_| Reply::json(200, r#"{"access_token":"abc","expires_in":3600.0}"#));
    let credential = pat().transport(service.clone()).build().unwrap();
    for _ in 0..2 {
        credential.user_token_with_min_ttl(Duration::from_secs(1800)).await.unwrap();
    }
    assert_eq!(service.count(""), 1);
}

// Tried: the same spellings of `expiresIn` beside a project token, and no `scope`, which the credential does not need.
// Expected: a token each time.
#[tokio::test(start_paused = true)]
async fn a_project_token_is_used_however_its_lifetime_is_written() {
    let lifetimes =
        LIFETIMES.iter().map(|value| format!(r#"{{"accessToken":"a","expiresIn":{value},"scope":"s"}}"#));
    let others = [
        r#"{"accessToken":"a","expiresIn":300,"scope":null}"#,
        r#"{"accessToken":"a","expiresIn":300}"#,
        r#"{"accessToken":"a","expiresIn":300,"scope":["x"]}"#,
        r#"{"accessToken":"a","scope":"s"}"#,
        r#"{"accessToken":"a","expiresIn":9999999999,"scope":"s"}"#,
    ];
    let mut failures = vec![];
    for body in lifetimes.chain(others.map(str::to_owned)) {
        let reply = body.clone();
        let service = Service::new(move |request| match request.url.path().ends_with("/oauth2/token") {
            true => Reply::json(200, r#"{"access_token":"u","expires_in":3600}"#),
            false => Reply::json(200, &reply),
        });
        let credential =
            pat().project_id("9de103a4-35d7-4b0f-8aa2-9dcd8ee4b321").transport(service).build().unwrap();
        if let Err(error) = credential.project_token().await {
            failures.push(format!("{body}: {error}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

// Tried: the same spellings of `expires_in` beside a consumer token.
// Expected: a token each time.
#[tokio::test(start_paused = true)]
async fn a_consumer_token_is_used_however_its_lifetime_is_written() {
    let mut failures = vec![];
    for value in LIFETIMES {
        let signer = DidKeySigner::generate(Algorithm::Es256).unwrap();
        let token = unsigned(&json!({"sub": auth::DidSigner::did(&signer)}));
        let body = format!(r#"{{"access_token":"{token}","expires_in":{value}}}"#);
        let service = Service::new(move |_| Reply::json(200, &body));
        let consumer = ConsumerCredential::builder().signer(signer).transport(service).build().unwrap();
        if let Err(error) = consumer.token().await {
            failures.push(format!("{value}: {error}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

// Tried: a token of 10 s whose age is greater than the clock can express (on some systems: than the machine's uptime).
// Expected: it counts as expired: the next caller fetches again, and nobody is promised another second of it.
#[tokio::test(start_paused = true)]
async fn an_age_that_the_clock_cannot_express_makes_no_token_young() {
    for age in [Duration::MAX, Duration::from_secs(1_000_000_000_000)] {
        let fetches = AtomicUsize::new(0);
        let cache = TokenCache::new(move || {
            let n = fetches.fetch_add(1, SeqCst);
            async move {
                let token = AccessToken::new(format!("token-{n}"))?;
                Ok(FetchedToken::new(token, Some(Duration::from_secs(10))).aged(age))
            }
        });
        let first = cache.token().await;
        let second = cache.token().await;
        assert!(first.is_err() || first.unwrap() != second.unwrap(), "age {age:?}: handed out twice");
        assert!(cache.token_with_min_ttl(Duration::from_secs(1)).await.is_err(), "age {age:?}");
    }
}

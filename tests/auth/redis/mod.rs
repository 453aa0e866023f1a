//! The store in Redis, against real servers, which the tests start and which must be installed.

mod deployments;
mod process;

use std::sync::Arc;
use std::time::Duration;

use affinidi_tdk_iam_client::auth::{
    AccessToken, FetchedToken, PersonalAccessToken, RedisTokenStore, TokenCache, TokenProvider, TokenStore,
};

use self::process::Process;
use crate::keys::P256;
use crate::support::{FETCH, Script, Service, json};

const KEY: [u8; 32] = [7; 32];
const MINUTE: Duration = Duration::from_secs(60);

fn token(text: &str, seconds: u64) -> FetchedToken {
    FetchedToken::new(AccessToken::new(text).unwrap(), Some(Duration::from_secs(seconds)))
}

#[tokio::test]
async fn a_token_comes_back_with_its_age_and_unreadable_to_the_server() {
    let server = Process::server(&[]);
    let store = server.store(KEY);
    assert!(store.get("k").await.unwrap().is_none());
    store.put("k", &token("secret-token", 300).aged(MINUTE)).await.unwrap();
    let found = store.get("k").await.unwrap().unwrap();
    assert_eq!((found.token().secret(), found.lifetime()), ("secret-token", 5 * MINUTE));
    assert!((MINUTE..MINUTE + Duration::from_secs(5)).contains(&found.age()), "{:?}", found.age());

    let raw = server.command(&["GET", "affinidi-iam:{token:k}"]);
    assert!(!raw.contains("secret") && raw.starts_with('$'), "{raw}");
    let left: i64 = server.command(&["PTTL", "affinidi-iam:{token:k}"])[1..].trim().parse().unwrap();
    assert!((235_000..=240_000).contains(&left), "{left}");
}

#[tokio::test]
async fn a_value_of_another_key_or_another_name_is_no_token() {
    let server = Process::server(&[]);
    server.store(KEY).put("k", &token("secret-token", 300)).await.unwrap();
    assert!(server.store([8; 32]).get("k").await.unwrap().is_none());
    server.command(&["COPY", "affinidi-iam:{token:k}", "affinidi-iam:{token:other}"]);
    assert!(server.store(KEY).get("other").await.unwrap().is_none());
    for nonsense in ["", "short", "0123456789abcdef0123456789abcdef"] {
        server.command(&["SET", "affinidi-iam:{token:k}", nonsense]);
        assert!(server.store(KEY).get("k").await.unwrap().is_none());
    }
}

#[tokio::test]
async fn one_process_has_the_lease_until_a_token_is_put() {
    let server = Process::server(&[]);
    let (one, other) = (server.store(KEY), server.store(KEY));
    assert!(one.lease("k", MINUTE).await.unwrap());
    assert!(!other.lease("k", MINUTE).await.unwrap());
    assert!(other.lease("another", MINUTE).await.unwrap());
    one.put("k", &token("t", 300)).await.unwrap();
    assert!(other.lease("k", MINUTE).await.unwrap());
}

#[tokio::test]
async fn a_fleet_fetches_one_token_and_goes_on_when_the_server_stops() {
    let server = Process::server(&[]);
    let script = Script::new(300, []);
    let caches: Vec<_> = (0..8)
        .map(|_| TokenCache::builder(script.clone()).store(Arc::new(server.store(KEY)), "k").build())
        .collect();
    let mut calls = tokio::task::JoinSet::new();
    for cache in &caches {
        let cache = cache.clone();
        calls.spawn(async move { cache.token().await.unwrap().secret().to_owned() });
    }
    assert!(calls.join_all().await.iter().all(|token| token == "token-1"));
    assert_eq!(script.fetches(), 1);

    drop(server);
    let rejected = caches[0].token().await.unwrap();
    caches[0].invalidate(&rejected);
    let without = tokio::time::timeout(FETCH * 10, caches[0].token()).await.unwrap();
    assert_eq!(without.unwrap().secret(), "token-2");
}

#[tokio::test]
async fn personal_access_tokens_share_both_tokens() {
    let server = Process::server(&[]);
    let service = Service::new(|request| match request.url.path() {
        "/token" => json(200, r#"{"access_token":"user","expires_in":3600}"#),
        _ => json(200, r#"{"accessToken":"project","expiresIn":300,"scope":"s"}"#),
    });
    for _ in 0..5 {
        let credential = PersonalAccessToken::builder()
            .token_id("t")
            .project_id("9de103a4-35d7-4b0f-8aa2-9dcd8ee4b321")
            .private_key_pem(P256)
            .token_endpoint("https://auth.example.org/token")
            .transport(service.clone())
            .store(Arc::new(server.store(KEY)))
            .build()
            .unwrap();
        assert_eq!(credential.project_token().await.unwrap().secret(), "project");
    }
    assert_eq!(service.requests().len(), 2);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_an_error_without_its_url() {
    let store = RedisTokenStore::new("redis://user:hunter2@127.0.0.1:1", KEY).unwrap();
    let error = store.get("k").await.unwrap_err();
    assert!(!format!("{error} {error:?} {store:?}").contains("hunter2"));
    let error = RedisTokenStore::new("hunter2", KEY).unwrap_err();
    assert!(error.is_configuration() && !format!("{error:?}").contains("hunter2"));
}

//! What a call does when its token is refused.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use affinidi_tdk_iam_client::auth::{AccessToken, StaticToken, TokenCache, TokenFuture, TokenProvider};
use affinidi_tdk_iam_client::{Client, Error, models};

use crate::support::{Script, Service, authorization, json};

const WHO: &str = r#"{"principalId":"token/1","principalType":"token"}"#;

/// A service that accepts one token.
fn accepting(token: &'static str, refusal: (u16, &'static str)) -> Service {
    Service::new(move |request| match authorization(request) {
        accepted if accepted == token => json(200, WHO),
        _ => json(refusal.0, refusal.1),
    })
}

const REFUSALS: [(u16, &str); 4] = [
    (401, "{}"),
    (403, r#"{"name":"UnauthorizedError","message":"no","httpStatusCode":403,"traceId":"t"}"#),
    (403, r#"{"name":"InvalidJwtTokenError","httpStatusCode":401,"details":[{"issue":"jwt-expired"}]}"#),
    (
        403,
        r#"{"name":"NoAuthorizationError","code":"APIERR-2","debugId":"d","message":"No JWT token is present"}"#,
    ),
];

async fn sent(
    service: &Service,
    provider: impl TokenProvider,
) -> (Result<models::WhoamiDto, Error>, Vec<String>) {
    let client = Client::builder().transport(service.clone()).user_token(provider).build().unwrap();
    let outcome = client.sts().whoami().await;
    (outcome, service.requests().iter().map(authorization).collect())
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_is_replaced_and_the_request_sent_once_more() {
    for refusal in REFUSALS {
        let cache = TokenCache::new(Script::new(300, []));
        cache.token().await.unwrap();
        let (outcome, tokens) = sent(&accepting("token-2", refusal), cache.clone()).await;
        assert_eq!(outcome.unwrap().principal_id, "token/1");
        assert_eq!(tokens, ["token-1", "token-2"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_that_expires_between_two_attempts_is_not_sent_again() {
    let attempts = AtomicUsize::new(0);
    let service = Service::new(move |_| match attempts.fetch_add(1, Ordering::SeqCst) {
        0 => {
            let mut response = json(503, "{}")?;
            response.headers.insert("retry-after", 30.into());
            Ok(response)
        }
        _ => json(200, WHO),
    });
    let cache = TokenCache::new(Script::new(20, []));
    cache.token().await.unwrap();
    let (outcome, tokens) = sent(&service, cache).await;
    assert_eq!(outcome.unwrap().principal_id, "token/1");
    assert_eq!(tokens, ["token-1", "token-2"]);
}

#[tokio::test(start_paused = true)]
async fn a_post_is_sent_once_more_too_because_nothing_was_done() {
    let service = Service::new(|request| match authorization(request).as_str() {
        "token-2" => json(200, r#"{"id":"1","name":"a","ownerAri":"x"}"#),
        _ => json(401, "{}"),
    });
    let cache = TokenCache::new(Script::new(300, []));
    cache.token().await.unwrap();
    let client = Client::builder().transport(service.clone()).user_token(cache).build().unwrap();
    let outcome = client.projects().create_project(models::CreateProjectInput::new("a")).await;
    assert!(!outcome.as_ref().is_err_and(Error::is_unauthorized), "{outcome:?}");
    let requests = service.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].body, requests[1].body);
}

#[tokio::test(start_paused = true)]
async fn a_request_is_not_repeated_twice() {
    let cache = TokenCache::new(Script::new(300, []));
    cache.token().await.unwrap();
    let (outcome, tokens) = sent(&accepting("never", REFUSALS[0]), cache).await;
    let error = outcome.unwrap_err();
    assert!(error.is_unauthorized());
    assert_eq!(error.attempts(), 2, "both requests count");
    assert_eq!(tokens, ["token-1", "token-2"]);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_was_fetched_for_this_very_request_is_not_replaced() {
    let script = Script::new(300, []);
    let (outcome, tokens) = sent(&accepting("token-2", REFUSALS[0]), TokenCache::new(script.clone())).await;
    assert!(outcome.unwrap_err().is_unauthorized());
    assert_eq!((tokens, script.fetches()), (vec!["token-1".to_owned()], 1));
}

#[tokio::test(start_paused = true)]
async fn a_static_token_a_closure_and_a_chosen_header_are_sent_once() {
    let (outcome, tokens) = sent(&accepting("other", REFUSALS[0]), StaticToken::new("mine")).await;
    assert!(outcome.unwrap_err().is_unauthorized());
    assert_eq!(tokens, ["mine"]);

    let (outcome, tokens) =
        sent(&accepting("other", REFUSALS[0]), || async { AccessToken::new("mine") }).await;
    assert!(outcome.unwrap_err().is_unauthorized());
    assert_eq!(tokens, ["mine"]);

    let service = accepting("other", REFUSALS[0]);
    let cache = TokenCache::new(Script::new(300, []));
    let client = Client::builder().transport(service.clone()).user_token(cache).build().unwrap();
    let outcome = client.sts().whoami().header("authorization", "mine").await;
    assert!(outcome.unwrap_err().is_unauthorized());
    assert_eq!(service.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn another_refusal_is_not_taken_for_a_refused_token() {
    for refusal in [
        (403, r#"{"name":"ActionForbiddenError","message":"no"}"#),
        (403, r#"{"message":"Forbidden"}"#),
        (403, r#"{"message":"Missing Authentication Token"}"#),
        (404, "{}"),
        (501, "{}"),
    ] {
        let cache = TokenCache::new(Script::new(300, []));
        cache.token().await.unwrap();
        let (outcome, tokens) = sent(&accepting("token-2", refusal), cache).await;
        assert!(outcome.is_err());
        assert_eq!(tokens, ["token-1"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_returns_the_refused_token_again_causes_no_second_request() {
    struct Stubborn(Arc<AtomicUsize>);
    impl TokenProvider for Stubborn {
        fn token(&self) -> TokenFuture<'_> {
            Box::pin(async { AccessToken::new("same") })
        }
        fn invalidate(&self, _: &AccessToken) -> bool {
            self.0.fetch_add(1, Ordering::SeqCst);
            true
        }
    }
    let rejections = Arc::new(AtomicUsize::new(0));
    let (outcome, tokens) = sent(&accepting("other", REFUSALS[0]), Stubborn(rejections.clone())).await;
    assert!(outcome.unwrap_err().is_unauthorized());
    assert_eq!((tokens.len(), rejections.load(Ordering::SeqCst)), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_thousand_calls_with_a_revoked_token_heal_with_one_fetch() {
    let script = Script::new(300, []);
    let cache = TokenCache::new(script.clone());
    cache.token().await.unwrap();
    let service = accepting("token-2", REFUSALS[0]);
    let client = Client::builder().transport(service.clone()).user_token(cache).build().unwrap();
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..1000 {
        let client = client.clone();
        calls.spawn(async move { client.sts().whoami().await.unwrap() });
    }
    calls.join_all().await;
    assert_eq!(script.fetches(), 2);
    assert!(service.requests().len() <= 2000);
}

#[tokio::test(start_paused = true)]
async fn a_shared_provider_is_notified_of_the_refusal() {
    let cache: Arc<dyn TokenProvider> = Arc::new(TokenCache::new(Script::new(300, [])));
    cache.token().await.unwrap();
    let (outcome, tokens) = sent(&accepting("token-2", REFUSALS[0]), cache).await;
    assert!(outcome.is_ok());
    assert_eq!(tokens, ["token-1", "token-2"]);
}

#[tokio::test(start_paused = true)]
async fn a_service_that_refuses_every_token_gets_a_tenth_more_requests_and_few_fetches() {
    let script = Script::new(300, []);
    let service = accepting("none", REFUSALS[0]);
    let cache = TokenCache::new(script.clone());
    let client = Client::builder().transport(service.clone()).user_token(cache).build().unwrap();
    let start = tokio::time::Instant::now();
    let mut calls = 0;
    while start.elapsed() < std::time::Duration::from_secs(300) {
        assert!(client.sts().whoami().await.unwrap_err().is_unauthorized());
        calls += 1;
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let (requests, fetches) = (service.requests().len(), script.fetches());
    assert!(requests <= calls + calls / 10, "{calls} calls: {requests} requests");
    assert!(fetches <= 32, "{fetches} fetches in 5 minutes");
}

#[tokio::test(start_paused = true)]
async fn without_a_budget_a_refused_token_is_replaced_for_the_next_call_only() {
    let cache = TokenCache::new(Script::new(300, []));
    cache.token().await.unwrap();
    let service = accepting("token-2", REFUSALS[0]);
    let client = Client::builder().transport(service.clone()).user_token(cache).retry_budget(0);
    let client = client.build().unwrap();
    assert!(client.sts().whoami().await.unwrap_err().is_unauthorized());
    assert!(client.sts().whoami().await.is_ok());
    assert_eq!(service.requests().len(), 2);
}

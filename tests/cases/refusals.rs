//! Refusals.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use affinidi_tdk_iam_client::http::header;
use affinidi_tdk_iam_client::{Client, Error};
use serde_json::{Value, json};

use crate::support::*;

/// The error that comes of a call whose project token, used once with success, is now refused with this status and body,
/// or none; then how many requests were sent, and how many tokens fetched.
async fn refused(status: u16, body: Value) -> (Option<Error>, usize, usize) {
    let (cache, fetches) = cache(Duration::from_secs(3600), |_| Some(Duration::ZERO));
    let refusing = Arc::new(AtomicUsize::new(0));
    let on = refusing.clone();
    let service = Service::new(move |request| {
        if on.load(SeqCst) == 1 && request.headers[header::AUTHORIZATION] == "token-0" {
            return Reply::json(status, &body.to_string());
        }
        Reply::json(200, r#"{"records":[]}"#)
    });
    let client = Client::builder().transport(service.clone()).project_token(cache.build()).build().unwrap();
    client.projects().list_principals_of_project().await.unwrap();
    refusing.store(1, SeqCst);
    let error = client.projects().list_principals_of_project().await.err();
    (error, service.count("") - 1, fetches.load(SeqCst))
}

// Tried: the gateway refuses an expired project token: 403 `InvalidJwtTokenError`, with the issue `jwt-expired`.
// Expected: as after a 401: one new token, the request once more, success.
#[tokio::test(start_paused = true)]
async fn an_expired_token_that_the_gateway_refuses_with_403_is_replaced() {
    let body = json!({"name": "InvalidJwtTokenError", "message": "Invalid JWT token", "httpStatusCode": 401,
        "traceId": "t", "details": [{"issue": "jwt-expired"}]});
    let (error, requests, fetches) = refused(403, body).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!((requests, fetches), (2, 2));
}

// Tried: the gateway says that no token came: 403 `NoAuthorizationError`.
// Expected: the same.
#[tokio::test(start_paused = true)]
async fn a_token_that_the_gateway_did_not_see_is_replaced() {
    let body = json!({"name": "NoAuthorizationError", "code": "APIERR-2", "debugId": "d",
        "message": "No JWT token is present in request headers"});
    let (error, requests, fetches) = refused(403, body).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!((requests, fetches), (2, 2));
}

// Tried: the principal may not do this: 403 `ActionForbiddenError`.
// Expected: an error that `is_forbidden` and not `is_unauthorized`; no other token, no other request. (Holds today.)
#[tokio::test(start_paused = true)]
async fn an_action_that_is_forbidden_replaces_no_token() {
    let body = json!({"name": "ActionForbiddenError", "message": "Principal can not execute action on given resource",
        "httpStatusCode": 403, "traceId": "t"});
    let (error, requests, fetches) = refused(403, body).await;
    let error = error.unwrap();
    assert!(error.is_forbidden() && !error.is_unauthorized());
    assert_eq!((requests, fetches), (1, 1));
}

// Tried: for 10 s a service refuses every token with 401; one caller goes on calling every few milliseconds.
// Expected: a token that was fetched a moment ago is not replaced again and again: about one a second at the most.
#[tokio::test(start_paused = true)]
async fn a_service_that_refuses_every_token_causes_few_fetches() {
    let (cache, fetches) = cache(Duration::from_secs(3600), |_| Some(Duration::from_millis(10)));
    let refusal = || Reply::json(401, r#"{"name":"UnauthorizedError","message":"no"}"#);
    let service = Service::new(move |_| refusal()).taking(Duration::from_millis(10));
    let client = Client::builder().transport(service.clone()).user_token(cache.build()).build().unwrap();
    let start = tokio::time::Instant::now();
    let mut calls = 0;
    while start.elapsed() < Duration::from_secs(10) {
        assert!(client.sts().whoami().await.unwrap_err().is_unauthorized());
        calls += 1;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let (fetches, requests) = (fetches.load(SeqCst), service.count("whoami"));
    assert!(fetches <= 12, "{calls} calls: {fetches} tokens were fetched");
    assert!(requests <= calls + 12, "{calls} calls: {requests} requests");
}

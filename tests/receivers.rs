//! Services that receive tokens: the extractor of axum on real sockets, and the layer by itself.
#![cfg(feature = "axum")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::SystemTime;

use affinidi_iam_local::LocalIam;
use affinidi_tdk_iam_client::auth::{PersonalAccessToken, TokenClaims, TokenVerifier, VerificationLayer};
use affinidi_tdk_iam_client::http::header::{AUTHORIZATION, RETRY_AFTER, WWW_AUTHENTICATE};
use affinidi_tdk_iam_client::http::{Request, Response};
use affinidi_tdk_iam_client::{Client, RetryPolicy, models};
use axum::routing::get;
use axum::{Extension, Router};
use tower_layer::Layer;
use tower_service::Service;

fn pat(iam: &LocalIam) -> PersonalAccessToken {
    let pat = PersonalAccessToken::builder()
        .token_id(iam.seeds().token_id())
        .project_id(iam.seeds().project_id())
        .private_key_pem(iam.seeds().private_key_pem());
    pat.token_endpoint(iam.token_endpoint()).base_url(iam.base_url()).build().unwrap()
}

fn verifier(iam: &LocalIam) -> TokenVerifier {
    let client = Client::builder().base_url(iam.base_url()).build().unwrap();
    TokenVerifier::for_project(&client, iam.seeds().project_id()).unwrap()
}

/// A token of the verifier's project, and one of another project.
async fn tokens(iam: &LocalIam) -> [String; 2] {
    let pat = pat(iam);
    let client =
        Client::builder().base_url(iam.base_url()).personal_access_token(pat.clone()).build().unwrap();
    let other = client.projects().create_project(models::CreateProjectInput::new("other")).await.unwrap();
    let [good, foreign] = [pat.project_token().await, pat.for_project(&other.id).project_token().await];
    [good.unwrap().secret().to_owned(), foreign.unwrap().secret().to_owned()]
}

/// Serves `app` and returns its URL.
async fn serve(app: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hello", listener.local_addr().unwrap());
    tokio::spawn(async { axum::serve(listener, app).await });
    url
}

/// Status, `www-authenticate`, all headers and body of the response to a request with this header.
async fn response(
    url: &str,
    authorization: Option<&str>,
) -> (u16, String, reqwest::header::HeaderMap, String) {
    let mut request = reqwest::Client::new().get(url);
    if let Some(value) = authorization {
        request = request.header(AUTHORIZATION, value);
    }
    let response = request.send().await.unwrap();
    let headers = response.headers().clone();
    let challenge = headers.get(WWW_AUTHENTICATE).map_or("", |value| value.to_str().unwrap()).to_owned();
    (response.status().as_u16(), challenge, headers, response.text().await.unwrap())
}

#[tokio::test]
async fn a_token_of_the_project_passes_and_every_other_is_refused_by_extractor_and_layer() {
    async fn extracted(claims: TokenClaims) -> String {
        claims.principal().unwrap().to_owned()
    }
    async fn extended(Extension(claims): Extension<TokenClaims>) -> String {
        claims.principal().unwrap().to_owned()
    }
    let iam = LocalIam::start().await.unwrap();
    let [good, foreign] = tokens(&iam).await;
    let user = iam.user_token().unwrap();
    let by_extractor = Router::new().route("/hello", get(extracted)).with_state(verifier(&iam));
    let by_layer = Router::new().route("/hello", get(extended)).layer(VerificationLayer::new(verifier(&iam)));
    let by_both = Router::new().route("/hello", get(extracted)).layer(VerificationLayer::new(verifier(&iam)));
    let by_both = by_both.with_state(verifier(&iam));
    for app in [by_extractor, by_layer, by_both] {
        let url = serve(app).await;
        let (status, _, _, body) = response(&url, Some(&format!("Bearer {good}"))).await;
        assert_eq!((status, body), (200, format!("token/{}", iam.seeds().token_id())));
        assert_eq!(response(&url, Some(&format!("bearer {good}"))).await.0, 200);
        for token in [&foreign, &user, &good[..good.len() - 4]] {
            let (status, challenge, headers, _) = response(&url, Some(&format!("Bearer {token}"))).await;
            assert_eq!(status, 401, "{challenge}");
            assert!(challenge.starts_with("Bearer error=\"invalid_token\""), "{challenge}");
            assert!(!headers.contains_key(RETRY_AFTER));
        }
        let (status, challenge, _, _) = response(&url, None).await;
        assert_eq!((status, challenge.as_str()), (401, "Bearer"));
        let (status, challenge, _, _) = response(&url, Some(&good)).await;
        assert_eq!(status, 400);
        assert!(challenge.starts_with("Bearer error=\"invalid_request\""), "{challenge}");
    }
}

#[tokio::test]
async fn without_keys_the_caller_is_asked_to_come_again() {
    let client = Client::builder().base_url("http://127.0.0.1:1/iam").retry_policy(RetryPolicy::never());
    let verifier = TokenVerifier::for_project(&client.build().unwrap(), "p").unwrap();
    let app = Router::new().route("/hello", get(|_: TokenClaims| async {})).with_state(verifier);
    let token = "eyJhbGciOiJFUzI1NiIsImtpZCI6ImsifQ.e30.c2ln";
    let (status, challenge, headers, body) =
        response(&serve(app).await, Some(&format!("Bearer {token}"))).await;
    assert_eq!((status, challenge.as_str()), (503, ""));
    assert_eq!(headers[RETRY_AFTER], "1");
    assert!(!body.contains("127.0.0.1"), "the caller does not learn where the keys are: {body}");
}

#[tokio::test]
async fn the_extractor_keeps_the_rules_of_its_own_verifier_behind_a_layer_that_accepts_more() {
    let iam = LocalIam::start().await.unwrap();
    let [good, foreign] = tokens(&iam).await;
    let client = Client::builder().base_url(iam.base_url()).build().unwrap();
    let any_project = TokenVerifier::builder(&client).any_project().build().unwrap();
    let app = Router::new().route("/hello", get(|_: TokenClaims| async {}));
    let app = app.layer(VerificationLayer::new(any_project)).with_state(verifier(&iam));
    let url = serve(app).await;
    assert_eq!(response(&url, Some(&format!("Bearer {good}"))).await.0, 200);
    let (status, challenge, _, _) = response(&url, Some(&format!("Bearer {foreign}"))).await;
    assert_eq!(status, 401, "{challenge}");
}

/// Counts the calls of all clones. A clone has to become ready by itself, as a service with a limit does.
#[derive(Default)]
struct Counted {
    calls: Arc<AtomicUsize>,
    ready: bool,
}

impl Clone for Counted {
    fn clone(&self) -> Self {
        Self { calls: self.calls.clone(), ready: false }
    }
}

impl Service<Request<()>> for Counted {
    type Response = Response<String>;
    type Error = &'static str;
    type Future = std::future::Ready<Result<Response<String>, &'static str>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), &'static str>> {
        if self.calls.load(Ordering::SeqCst) == 2 {
            return Poll::Ready(Err("closed"));
        }
        self.ready = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<()>) -> Self::Future {
        if !std::mem::take(&mut self.ready) {
            return std::future::ready(Err("called without being ready"));
        }
        self.calls.fetch_add(1, Ordering::SeqCst);
        let principal = request.extensions().get::<TokenClaims>().unwrap().principal().unwrap().to_owned();
        std::future::ready(Ok(Response::new(principal)))
    }
}

#[tokio::test]
async fn the_layer_calls_the_ready_service_behind_it_for_good_tokens_only() {
    let iam = LocalIam::start().await.unwrap();
    let [good, foreign] = tokens(&iam).await;
    let inner = Counted::default();
    let mut service = VerificationLayer::new(verifier(&iam)).layer(inner.clone());
    for (token, status) in [(&good, 200), (&foreign, 401), (&good, 200)] {
        std::future::poll_fn(|context| service.poll_ready(context)).await.unwrap();
        // Whatever is in the extensions before, the layer neither trusts nor keeps it.
        let request = Request::builder().header(AUTHORIZATION, format!("Bearer {token}"));
        let request = request.extension(TokenClaims::new(SystemTime::UNIX_EPOCH)).body(()).unwrap();
        let response = service.call(request).await.unwrap();
        assert_eq!(response.status(), status);
        let body = if status == 200 { format!("token/{}", iam.seeds().token_id()) } else { String::new() };
        assert_eq!(response.body(), &body);
        assert_eq!(response.headers().contains_key(WWW_AUTHENTICATE), status != 200);
    }
    assert_eq!(inner.calls.load(Ordering::SeqCst), 2);
    let closed = std::future::poll_fn(|context| service.poll_ready(context)).await;
    assert_eq!(closed, Err("closed"), "the readiness is that of the service behind the layer");
}

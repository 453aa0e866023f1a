//! Tokens for other services: what the layer attaches, where to, and what it does when a service refuses a token.
#![cfg(feature = "axum")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use affinidi_iam_local::LocalIam;
use affinidi_tdk_iam_client::auth::{
    AccessToken, AuthorizationFormat, AuthorizationLayer, AuthorizationService, FetchedToken,
    PersonalAccessToken, TokenCache, TokenVerifier,
};
use affinidi_tdk_iam_client::http::header::AUTHORIZATION;
use affinidi_tdk_iam_client::http::{HeaderMap, Request, Response, StatusCode};
use affinidi_tdk_iam_client::{Client, Error};
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::Redirect;
use axum::routing::any;
use tower_layer::Layer;
use tower_service::Service;

/// The token and the body of a request.
type Seen = (Option<String>, String);

/// A service that takes the token for which `accepts` says yes, and remembers what came.
#[derive(Clone)]
struct Wallets {
    seen: Arc<Mutex<Vec<Seen>>>,
    accepts: Arc<dyn Fn(&str) -> bool + Send + Sync>,
}

impl Wallets {
    async fn start(accepts: impl Fn(&str) -> bool + Send + Sync + 'static) -> (Self, String) {
        let wallets = Self { seen: Arc::default(), accepts: Arc::new(accepts) };
        let app = Router::new().route("/cwe/v1/wallets", any(Self::answer)).with_state(wallets.clone());
        (wallets, serve(app).await)
    }

    async fn answer(State(wallets): State<Self>, headers: HeaderMap, body: String) -> StatusCode {
        let token = headers.get(AUTHORIZATION).map(|value| value.to_str().unwrap().to_owned());
        let accepted = token.as_deref().is_some_and(|token| (wallets.accepts)(token));
        wallets.seen.lock().unwrap().push((token, body));
        if accepted { StatusCode::OK } else { StatusCode::UNAUTHORIZED }
    }

    /// The tokens that came, in order.
    fn tokens(&self) -> Vec<Option<String>> {
        self.seen.lock().unwrap().iter().map(|(token, _)| token.clone()).collect()
    }

    fn bodies(&self) -> Vec<String> {
        self.seen.lock().unwrap().iter().map(|(_, body)| body.clone()).collect()
    }
}

/// Serves `app` and returns its origin.
async fn serve(app: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async { axum::serve(listener, app).await });
    origin
}

/// Tokens `token-1`, `token-2`, …
fn numbered() -> TokenCache {
    let count = AtomicUsize::new(0);
    TokenCache::new(move || {
        let token = format!("token-{}", count.fetch_add(1, Ordering::SeqCst) + 1);
        async { Ok(FetchedToken::new(AccessToken::new(token)?, Some(Duration::from_secs(3600)))) }
    })
}

/// A layer whose first token has been in use for some time.
async fn layer(origin: &str) -> AuthorizationLayer {
    let tokens = numbered();
    tokens.token().await.unwrap();
    AuthorizationLayer::new(tokens).origin(origin).unwrap()
}

type Sender = AuthorizationService<reqwest::Client>;

async fn send(service: &mut Sender, request: reqwest::RequestBuilder) -> StatusCode {
    let response = service.call(request.build().unwrap()).await.unwrap();
    response.status()
}

fn get(origin: &str) -> reqwest::RequestBuilder {
    reqwest::Client::new().get(format!("{origin}/cwe/v1/wallets"))
}

#[tokio::test]
async fn a_listed_origin_gets_the_project_token_as_other_services_take_it() {
    let iam = LocalIam::start().await.unwrap();
    let pat = PersonalAccessToken::builder()
        .token_id(iam.seeds().token_id())
        .project_id(iam.seeds().project_id())
        .private_key_pem(iam.seeds().private_key_pem())
        .token_endpoint(iam.token_endpoint())
        .base_url(iam.base_url())
        .build()
        .unwrap();
    let (wallets, origin) = Wallets::start(|_| true).await;
    let layer = AuthorizationLayer::new(pat.project_tokens().unwrap()).origin(&origin).unwrap();
    assert_eq!(send(&mut layer.layer(reqwest::Client::new()), get(&origin)).await, StatusCode::OK);
    let bearer = layer.format(AuthorizationFormat::Bearer);
    assert_eq!(send(&mut bearer.layer(reqwest::Client::new()), get(&origin)).await, StatusCode::OK);

    let [raw, bearer] = &wallets.tokens()[..] else { panic!("two requests") };
    let client = Client::builder().base_url(iam.base_url()).build().unwrap();
    let verifier = TokenVerifier::for_project(&client, iam.seeds().project_id()).unwrap();
    verifier.verify(raw.as_ref().unwrap()).await.unwrap();
    assert_eq!(bearer.as_ref().unwrap(), &format!("Bearer {}", raw.as_ref().unwrap()));
}

#[tokio::test]
async fn an_origin_that_is_not_listed_never_gets_a_token() {
    let (wallets, origin) = Wallets::start(|_| true).await;
    let (other, other_origin) = Wallets::start(|_| true).await;
    let mut service = layer(&origin).await.layer(reqwest::Client::new());
    send(&mut service, get(&other_origin)).await;
    // Neither another name of the same machine, nor the host as user information or as the start of another name.
    let port = origin.rsplit_once(':').unwrap().1;
    for lookalike in [format!("http://localhost:{port}"), format!("http://127.0.0.1:{port}@localhost:{port}")]
    {
        send(&mut service, get(&lookalike)).await;
    }
    let seen = [wallets.tokens(), other.tokens()].concat();
    assert!(seen.into_iter().flatten().all(|sent| !sent.contains("token-")));
    assert_eq!((wallets.tokens().len(), other.tokens().len()), (2, 1));
}

#[tokio::test]
async fn a_redirect_to_another_origin_loses_the_token() {
    let (wallets, origin) = Wallets::start(|_| false).await;
    let target = format!("{origin}/cwe/v1/wallets");
    let from = serve(Router::new().route("/", any(|| async move { Redirect::temporary(&target) }))).await;
    let mut service = layer(&from).await.layer(reqwest::Client::new());
    // What the other one says of a request without a token says nothing about the token, so nothing is sent again.
    assert_eq!(send(&mut service, reqwest::Client::new().get(&from)).await, StatusCode::UNAUTHORIZED);
    assert_eq!(wallets.tokens(), [None]);
}

#[tokio::test]
async fn a_request_with_its_own_authorization_keeps_it() {
    let (wallets, origin) = Wallets::start(|_| false).await;
    let mut service = layer(&origin).await.layer(reqwest::Client::new());
    send(&mut service, get(&origin).header(AUTHORIZATION, "own")).await;
    assert_eq!(wallets.tokens(), [Some("own".to_owned())]);
}

#[tokio::test]
async fn a_refused_token_is_replaced_and_the_request_sent_once_more_with_its_body() {
    let (wallets, origin) = Wallets::start(|token| token == "token-2").await;
    let mut service = layer(&origin).await.layer(reqwest::Client::new());
    let request = reqwest::Client::new().post(format!("{origin}/cwe/v1/wallets")).body("a wallet");
    assert_eq!(send(&mut service, request).await, StatusCode::OK);
    assert_eq!(wallets.tokens(), [Some("token-1".to_owned()), Some("token-2".to_owned())]);
    assert_eq!(wallets.bodies(), ["a wallet", "a wallet"]);
}

#[tokio::test]
async fn a_service_that_refuses_every_token_is_asked_twice_and_then_once() {
    let (wallets, origin) = Wallets::start(|_| false).await;
    let mut service = layer(&origin).await.layer(reqwest::Client::new());
    assert_eq!(send(&mut service, get(&origin)).await, StatusCode::UNAUTHORIZED);
    assert_eq!(wallets.tokens().len(), 2);
    assert_eq!(send(&mut service, get(&origin)).await, StatusCode::UNAUTHORIZED);
    assert_eq!(wallets.tokens().len(), 3);
}

#[tokio::test]
async fn without_a_token_nothing_is_sent_and_the_error_says_why() {
    let (wallets, origin) = Wallets::start(|_| true).await;
    let tokens = TokenCache::new(|| async { Err(Error::credential("the key service is away")) });
    let mut service = AuthorizationLayer::new(tokens).origin(&origin).unwrap().layer(reqwest::Client::new());
    let error = service.call(get(&origin).build().unwrap()).await.unwrap_err();
    let error = error.downcast_ref::<Error>().unwrap();
    assert!(error.is_credential(), "{error}");
    assert!(wallets.tokens().is_empty());
}

#[test]
fn only_an_origin_that_keeps_tokens_secret_can_be_listed() {
    let tokens = numbered();
    for refused in [
        "http://wallets.example.org",
        "http://localhost:3000",
        "ftp://wallets.example.org",
        "https://user@wallets.example.org",
        "https://wallets.example.org/cwe",
        "https://wallets.example.org/?all",
        "wallets.example.org",
        "",
    ] {
        let error = AuthorizationLayer::new(tokens.clone()).origin(refused).unwrap_err();
        assert!(error.is_configuration(), "{refused}: {error}");
    }
    let layer = AuthorizationLayer::new(tokens).origin("https://wallets.example.org/").unwrap();
    assert!(format!("{layer:?}").contains("https://wallets.example.org"));
}

/// A service as `hyper` and `tonic` have it: refuses every token but `token-2`, as gRPC does.
#[derive(Clone, Default)]
struct Grpc(Arc<Mutex<Vec<Option<String>>>>);

impl Service<Request<Body>> for Grpc {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Ready<Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let token = request.headers().get(AUTHORIZATION).map(|value| value.to_str().unwrap().to_owned());
        let status = if token.as_deref() == Some("token-2") { "0" } else { "16" };
        self.0.lock().unwrap().push(token);
        ready(Ok(Response::builder().header("grpc-status", status).body(Body::empty()).unwrap()))
    }
}

#[tokio::test]
async fn an_http_request_is_sent_again_if_its_body_is_empty_else_the_next_one_has_the_new_token() {
    let uri = "https://grpc.example.org/wallets.Wallets/Get";
    for (body, expected) in [(Body::empty(), "0"), (Body::from("a message"), "16")] {
        let grpc = Grpc::default();
        let mut service = layer("https://grpc.example.org").await.layer(grpc.clone());
        let response = service.call(Request::post(uri).body(body).unwrap()).await.unwrap();
        assert_eq!(response.headers()["grpc-status"], expected);
        let response = service.call(Request::post(uri).body(Body::from("next")).unwrap()).await.unwrap();
        assert_eq!(response.headers()["grpc-status"], "0");
        assert_eq!(grpc.0.lock().unwrap().first().unwrap().as_deref(), Some("token-1"));
    }
}

#[tokio::test]
async fn an_http_request_that_does_not_say_where_it_goes_gets_no_token() {
    let grpc = Grpc::default();
    let mut service = layer("https://grpc.example.org").await.layer(grpc.clone());
    for uri in ["/wallets.Wallets/Get", "http://grpc.example.org/", "https://grpc.example.org:444/"] {
        service.call(Request::post(uri).body(Body::empty()).unwrap()).await.unwrap();
    }
    assert_eq!(*grpc.0.lock().unwrap(), [None, None, None]);
    service.call(Request::post("https://GRPC.example.org:443/").body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(grpc.0.lock().unwrap()[3].as_deref(), Some("token-1"));
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the end of a token is compared with the date")]
async fn a_token_says_when_it_ends_and_its_header_value_is_sensitive() {
    let token = numbered().token().await.unwrap();
    let left = token.expires_at().unwrap().duration_since(SystemTime::now()).unwrap();
    assert!(left > Duration::from_secs(3590) && left <= Duration::from_secs(3600), "{left:?}");
    assert!(token.header_value(AuthorizationFormat::Raw).is_sensitive());
    assert_eq!(token.header_value(AuthorizationFormat::Bearer), "Bearer token-1");
    assert_eq!(AccessToken::new("2YotnFZFEjr1zCsicMWpAA").unwrap().expires_at(), None);
}

//! What users implement, share and construct: extension points behind pointers, fixtures for tests, and errors in reports.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::error::Error as StdError;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use affinidi_tdk_iam_client::auth::{
    AccessToken, Algorithm, ConsumerCredential, DidKeySigner, DidSigner, FetchedToken, LocalSigner,
    PersonalAccessToken, Signer, StaticToken, TokenCache, TokenClaims, TokenProvider, TokenSource,
    TokenVerifier,
};
use affinidi_tdk_iam_client::http::{HeaderMap, Method, StatusCode};
use affinidi_tdk_iam_client::transport::{
    Transport, TransportError, TransportFuture, TransportRequest, TransportResponse,
};
use affinidi_tdk_iam_client::{
    CallObserver, Client, Error, Observation, Response, RetryPolicy, ServiceError,
};

/// Responds to everything with the same, or with an error.
struct Canned(Option<&'static str>);

impl Transport for Canned {
    fn send(&self, _: TransportRequest) -> TransportFuture<'_> {
        let outcome = match self.0 {
            Some(body) => Ok(TransportResponse::new(StatusCode::OK, body)),
            None => Err(TransportError::connect(std::io::Error::other("the cable is out"))),
        };
        Box::pin(std::future::ready(outcome))
    }
}

struct Silent;

impl CallObserver for Silent {}

const WHO: &str = r#"{"principalId":"p","principalType":"user"}"#;

#[tokio::test]
async fn every_extension_point_can_be_shared_and_boxed() {
    let transport: Arc<dyn Transport> = Arc::new(Canned(Some(WHO)));
    let observer: Box<dyn CallObserver> = Box::new(Silent);
    let source = || async { Ok(FetchedToken::new(AccessToken::new("t")?, None)) };
    let source: Box<dyn TokenSource> = Box::new(source);
    let provider: Arc<dyn TokenProvider> = Arc::new(TokenCache::new(source));
    let builder = Client::builder().transport(transport.clone()).observer(observer);
    let client = builder.user_token(provider.clone()).build().unwrap();
    assert_eq!(client.sts().whoami().await.unwrap().principal_id, "p");

    let signer: Arc<dyn DidSigner> = Arc::new(DidKeySigner::generate(Algorithm::Es256).unwrap());
    let [one, other] =
        [signer.clone(), signer].map(|signer| ConsumerCredential::builder().signer(signer).build());
    assert_eq!(one.unwrap().did(), other.unwrap().did());
    let key = LocalSigner::generate("k", Algorithm::Es256).unwrap();
    let (shared, boxed): (Arc<dyn Signer>, Box<dyn Signer>) = (Arc::new(key.clone()), Box::new(key));
    let credential = || PersonalAccessToken::builder().token_id("t");
    assert!(
        credential().signer(shared.clone()).build().is_ok() && credential().signer(shared).build().is_ok()
    );
    assert!(credential().signer(boxed).build().is_ok());

    let boxed: Box<dyn TokenProvider> = Box::new(StaticToken::new("t"));
    let client = Client::builder().transport(Box::new(Canned(Some(WHO)))).user_token(boxed).build().unwrap();
    let request = client.sts().whoami();
    assert!(request.clone().await.is_ok() && request.await.is_ok(), "a request builder can be sent twice");
}

#[test]
fn what_extension_points_receive_can_be_constructed_in_tests() {
    let request = TransportRequest::new(Method::GET, "https://example.org/".parse().unwrap());
    assert_eq!((request.body.len(), request.body_limit), (0, 8 << 20));
    let response = Response::from_parts(StatusCode::OK, HeaderMap::new(), 7);
    assert_eq!(response.into_inner(), 7);
    let observation = Observation::new("whoami", &Method::GET, "/v1/sts/whoami");
    assert_eq!((observation.attempts, observation.error_type), (0, None));
    let mut claims = TokenClaims::new(SystemTime::UNIX_EPOCH + Duration::from_secs(60));
    claims.subject = Some("ari:iam::p:user/u".to_owned());
    assert_eq!((claims.project_id(), claims.principal()), (Some("p"), Some("user/u")));
    let error = Error::from_service(StatusCode::FORBIDDEN, ServiceError::new("ActionForbiddenError", "no"));
    assert!(error.is_forbidden() && !error.is_unauthorized(), "{error}");
    assert!(
        TransportError::connect("x").is_connect()
            && TransportError::connection_lost("x").is_connection_lost()
    );
    let client = Client::new().unwrap();
    assert!(TokenVerifier::builder(&client).issuer(client.base_url()).any_project().build().is_ok());
}

/// What a reporter prints that follows the chain of sources, as `anyhow` does with `{:#}`.
fn chain(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(&format!(": {error}"));
        source = error.source();
    }
    text
}

#[tokio::test]
async fn the_cause_of_an_error_is_printed_once_and_can_be_had() {
    let builder = Client::builder().transport(Canned(None)).retry_policy(RetryPolicy::never());
    let error = builder.build().unwrap().well_known().get_well_known_jwks().await.unwrap_err();
    assert_eq!(chain(&error).matches("the cable is out").count(), 1, "{}", chain(&error));
    assert!(error.get_ref().unwrap().downcast_ref::<std::io::Error>().is_some());

    let error = Error::credential(std::io::Error::other("the vault is sealed"));
    assert_eq!(chain(&error).matches("the vault is sealed").count(), 1, "{}", chain(&error));
    let error = Client::builder().base_url("no url").build().unwrap_err();
    assert_eq!(chain(&error).matches("relative URL").count(), 1, "{}", chain(&error));
}

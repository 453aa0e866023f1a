//! By hand, with `hyper` and its pooled client. `hyper` follows no redirect.

use std::hint::black_box;
use std::time::Duration;

use http::header::{AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use http::{HeaderValue, Method, Request, request};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls_platform_verifier::BuilderVerifierExt;
use tokio::time::timeout;

use super::hand::TokenInput;
use super::{Caller, PAGE, TOKEN};
use crate::by_hand::{ConsumerAuthTokenEndpointOutput, ProjectList};

pub struct ByHyper {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    base_url: String,
}

impl Caller for ByHyper {
    fn new(base_url: &str) -> Self {
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        http.set_connect_timeout(Some(Duration::from_secs(5)));
        let tls = rustls::ClientConfig::builder().with_platform_verifier().unwrap().with_no_client_auth();
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .wrap_connector(http);
        let client = Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(connector);
        Self { client, base_url: base_url.to_owned() }
    }

    async fn token(&self) {
        let request = self
            .request(Method::POST, "/v1/consumer/oauth2/token")
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let body = serde_json::to_vec(&TokenInput::new()).unwrap();
        let answer = self.send(request.body(Full::from(body)).unwrap()).await;
        let output: ConsumerAuthTokenEndpointOutput = serde_json::from_slice(&answer).unwrap();
        assert!(output.access_token.is_some());
        black_box(output);
    }

    async fn projects(&self) {
        let request = self
            .request(Method::GET, &format!("/v1/projects?limit={PAGE}"))
            .header(AUTHORIZATION, HeaderValue::from_static(TOKEN));
        let answer = self.send(request.body(Full::default()).unwrap()).await;
        let page: ProjectList = serde_json::from_slice(&answer).unwrap();
        assert_eq!(page.projects.len(), PAGE);
        black_box(page);
    }
}

impl ByHyper {
    fn request(&self, method: Method, path: &str) -> request::Builder {
        Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base_url))
            .header(USER_AGENT, HeaderValue::from_static("by-hand/1.0"))
    }

    async fn send(&self, request: Request<Full<Bytes>>) -> Bytes {
        let answer = timeout(Duration::from_secs(15), async {
            let response = self.client.request(request).await.unwrap();
            assert!(response.status().is_success());
            response.into_body().collect().await.unwrap().to_bytes()
        });
        answer.await.unwrap()
    }
}

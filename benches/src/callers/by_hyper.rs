//! By hand, with `hyper` and its pooled client. `hyper` follows no redirect.

use std::hint::black_box;

use http::header::{AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use http::{HeaderValue, Method, Request, request};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::hand::TokenInput;
use super::{CONNECT_TIMEOUT, Caller, PAGE, TIMEOUT, TOKEN};
use crate::address::Endpoint;
use crate::by_hand::{ConsumerAuthTokenEndpointOutput, ProjectList, WhoamiDto};

pub struct ByHyper {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    base_url: String,
    token: HeaderValue,
}

impl Caller for ByHyper {
    const NAME: &'static str = "`hyper` by hand";
    const BENCHMARK: &'static str = "by_hyper";

    fn new(endpoint: &Endpoint) -> Self {
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        http.set_connect_timeout(Some(CONNECT_TIMEOUT));
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls(endpoint))
            .https_or_http()
            .enable_http1()
            .wrap_connector(http);
        let client = Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(connector);
        Self { client, base_url: endpoint.base_url.clone(), token: HeaderValue::from_static(TOKEN) }
    }

    async fn token(&self) {
        let request = self
            .request(Method::POST, "/v1/consumer/oauth2/token")
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let body = serde_json::to_vec(&TokenInput::new()).unwrap();
        let output: ConsumerAuthTokenEndpointOutput =
            self.send(request.body(Full::from(body)).unwrap()).await;
        assert!(output.access_token.is_some());
        black_box(output);
    }

    async fn projects(&self) {
        let request = self.request(Method::GET, &format!("/v1/projects?limit={PAGE}"));
        let request = request.header(AUTHORIZATION, self.token.clone());
        let page: ProjectList = self.send(request.body(Full::default()).unwrap()).await;
        assert!(page.projects.len() >= PAGE);
        black_box(page);
    }

    async fn whoami(&self) {
        let request = self.request(Method::GET, "/v1/sts/whoami").header(AUTHORIZATION, self.token.clone());
        black_box(self.send::<WhoamiDto>(request.body(Full::default()).unwrap()).await);
    }
}

impl ByHyper {
    fn request(&self, method: Method, path: &str) -> request::Builder {
        Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base_url))
            .header(USER_AGENT, HeaderValue::from_static("by-hand/1.0"))
    }

    async fn send<T: DeserializeOwned>(&self, request: Request<Full<Bytes>>) -> T {
        let call = async {
            let response = self.client.request(request).await.unwrap();
            assert!(response.status().is_success());
            let body = response.into_body().collect().await.unwrap().to_bytes();
            serde_json::from_slice(&body).unwrap()
        };
        timeout(TIMEOUT, call).await.unwrap()
    }
}

fn tls(endpoint: &Endpoint) -> ClientConfig {
    let builder = ClientConfig::builder();
    let Some(certificate) = &endpoint.certificate else {
        return builder.with_platform_verifier().unwrap().with_no_client_auth();
    };
    let mut trusted = RootCertStore::empty();
    trusted.add(CertificateDer::from(certificate.clone())).unwrap();
    builder.with_root_certificates(trusted).with_no_client_auth()
}

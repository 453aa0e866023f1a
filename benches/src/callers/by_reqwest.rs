//! By hand, with `reqwest` and `serde`, as one writes it.

use std::hint::black_box;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Certificate, ClientBuilder, RequestBuilder};
use serde::de::DeserializeOwned;

use super::hand::TokenInput;
use super::{CONNECT_TIMEOUT, Caller, PAGE, TIMEOUT, TOKEN};
use crate::address::Endpoint;
use crate::by_hand::{ConsumerAuthTokenEndpointOutput, ProjectList, WhoamiDto};

pub struct ByReqwest {
    client: reqwest::Client,
    base_url: String,
    token: HeaderValue,
}

/// The client that keeps the promises of every caller.
pub fn client(endpoint: &Endpoint) -> reqwest::Client {
    builder(endpoint).timeout(TIMEOUT).build().unwrap()
}

/// The same without a limit for the time of a call.
pub fn builder(endpoint: &Endpoint) -> ClientBuilder {
    let builder = reqwest::Client::builder()
        .user_agent("by-hand/1.0")
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT_TIMEOUT);
    match &endpoint.certificate {
        Some(certificate) => builder.tls_certs_only([Certificate::from_der(certificate).unwrap()]),
        None => builder,
    }
}

impl Caller for ByReqwest {
    const NAME: &'static str = "`reqwest` by hand";
    const BENCHMARK: &'static str = "by_reqwest";

    fn new(endpoint: &Endpoint) -> Self {
        let (client, token) = (client(endpoint), HeaderValue::from_static(TOKEN));
        Self { client, base_url: endpoint.base_url.clone(), token }
    }

    async fn token(&self) {
        let request = self
            .client
            .post(format!("{}/v1/consumer/oauth2/token", self.base_url))
            .header(CONTENT_TYPE, "application/json")
            .body(serde_json::to_vec(&TokenInput::new()).unwrap());
        let output: ConsumerAuthTokenEndpointOutput = send(request).await;
        assert!(output.access_token.is_some());
        black_box(output);
    }

    async fn projects(&self) {
        let request = self.client.get(format!("{}/v1/projects?limit={PAGE}", self.base_url));
        let page: ProjectList = send(request.header(AUTHORIZATION, self.token.clone())).await;
        assert!(page.projects.len() >= PAGE);
        black_box(page);
    }

    async fn whoami(&self) {
        let request = self.client.get(format!("{}/v1/sts/whoami", self.base_url));
        black_box(send::<WhoamiDto>(request.header(AUTHORIZATION, self.token.clone())).await);
    }
}

async fn send<T: DeserializeOwned>(request: RequestBuilder) -> T {
    let response = request.send().await.unwrap().error_for_status().unwrap();
    serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
}

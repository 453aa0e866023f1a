//! By hand, with the least that `reqwest` can be called with: each URL is parsed once, a request is put together from its parts,
//! and one timer bounds the whole call.

use std::hint::black_box;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Request, Url};
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::hand::TokenInput;
use super::{Caller, PAGE, TIMEOUT, TOKEN, by_reqwest};
use crate::address::Endpoint;
use crate::by_hand::{ConsumerAuthTokenEndpointOutput, ProjectList, WhoamiDto};

pub struct ByReqwestCheapest {
    client: reqwest::Client,
    token_url: Url,
    projects_url: Url,
    whoami_url: Url,
    token: HeaderValue,
}

impl Caller for ByReqwestCheapest {
    const NAME: &'static str = "`reqwest`, cheapest";
    const BENCHMARK: &'static str = "by_reqwest_cheapest";

    fn new(endpoint: &Endpoint) -> Self {
        let url = |path| Url::parse(&format!("{}{path}", endpoint.base_url)).unwrap();
        Self {
            client: by_reqwest::builder(endpoint).build().unwrap(),
            token_url: url("/v1/consumer/oauth2/token".to_owned()),
            projects_url: url(format!("/v1/projects?limit={PAGE}")),
            whoami_url: url("/v1/sts/whoami".to_owned()),
            token: HeaderValue::from_static(TOKEN),
        }
    }

    async fn token(&self) {
        let mut request = Request::new(Method::POST, self.token_url.clone());
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        *request.body_mut() = Some(serde_json::to_vec(&TokenInput::new()).unwrap().into());
        let output: ConsumerAuthTokenEndpointOutput = self.send(request).await;
        assert!(output.access_token.is_some());
        black_box(output);
    }

    async fn projects(&self) {
        let page: ProjectList = self.send(self.get(&self.projects_url)).await;
        assert!(page.projects.len() >= PAGE);
        black_box(page);
    }

    async fn whoami(&self) {
        black_box(self.send::<WhoamiDto>(self.get(&self.whoami_url)).await);
    }
}

impl ByReqwestCheapest {
    fn get(&self, url: &Url) -> Request {
        let mut request = Request::new(Method::GET, url.clone());
        request.headers_mut().insert(AUTHORIZATION, self.token.clone());
        request
    }

    async fn send<T: DeserializeOwned>(&self, request: Request) -> T {
        let call = async {
            let response = self.client.execute(request).await.unwrap();
            assert!(response.status().is_success());
            serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
        };
        timeout(TIMEOUT, call).await.unwrap()
    }
}

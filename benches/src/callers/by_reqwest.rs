//! By hand, with `reqwest` and `serde`.

use std::hint::black_box;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};

use super::hand::TokenInput;
use super::{Caller, PAGE, TOKEN};
use crate::by_hand::{ConsumerAuthTokenEndpointOutput, ProjectList};

pub struct ByReqwest {
    client: reqwest::Client,
    base_url: String,
}

/// The client that keeps the promises of every caller.
pub fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .user_agent("by-hand/1.0")
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(Duration::from_secs(5))
        .timeout(Duration::from_secs(15))
        .build()
        .unwrap()
}

impl Caller for ByReqwest {
    fn new(base_url: &str) -> Self {
        Self { client: client(), base_url: base_url.to_owned() }
    }

    async fn token(&self) {
        let response = self
            .client
            .post(format!("{}/v1/consumer/oauth2/token", self.base_url))
            .header(CONTENT_TYPE, "application/json")
            .body(serde_json::to_vec(&TokenInput::new()).unwrap())
            .send()
            .await
            .unwrap()
            .error_for_status()
            .unwrap();
        let output: ConsumerAuthTokenEndpointOutput =
            serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
        assert!(output.access_token.is_some());
        black_box(output);
    }

    async fn projects(&self) {
        let response = self
            .client
            .get(format!("{}/v1/projects?limit={PAGE}", self.base_url))
            .header(AUTHORIZATION, TOKEN)
            .send()
            .await
            .unwrap()
            .error_for_status()
            .unwrap();
        let page: ProjectList = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
        assert_eq!(page.projects.len(), PAGE);
        black_box(page);
    }
}

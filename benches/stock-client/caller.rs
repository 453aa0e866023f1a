//! With the stock client.

use std::hint::black_box;

use benches::address::Endpoint;
use benches::callers::by_reqwest::client;
use benches::callers::{Caller, DID, PAGE, TOKEN};
use stock_client::apis::configuration::{ApiKey, Configuration};
use stock_client::apis::{consumer_auth_api, projects_api, sts_api};
use stock_client::models;

pub struct Stock(Configuration);

impl Caller for Stock {
    const NAME: &'static str = "stock client";
    const BENCHMARK: &'static str = "stock";

    fn new(endpoint: &Endpoint) -> Self {
        let mut configuration = Configuration::new();
        configuration.base_path = endpoint.base_url.clone();
        configuration.client = client(endpoint);
        configuration.api_key = Some(ApiKey { prefix: None, key: TOKEN.to_owned() });
        Self(configuration)
    }

    async fn token(&self) {
        let mut input = models::ConsumerAuthTokenEndpointInput::new(
            models::GrantType::ClientCredentials,
            models::ClientAssertionType::JwtBearer,
            TOKEN.to_owned(),
        );
        input.client_id = Some(DID.to_owned());
        let output = consumer_auth_api::consumer_auth_token_endpoint(&self.0, input).await.unwrap();
        assert!(output.access_token.is_some());
        black_box(output);
    }

    async fn projects(&self) {
        let page = projects_api::list_project(&self.0, Some(PAGE as i32), None).await.unwrap();
        assert!(page.projects.len() >= PAGE);
        black_box(page);
    }

    async fn whoami(&self) {
        black_box(sts_api::whoami(&self.0).await.unwrap());
    }
}

//! With this SDK.

use std::hint::black_box;
use std::marker::PhantomData;
use std::time::Duration;

use affinidi_tdk_iam_client::auth::{AccessToken, FetchedToken, TokenCache};
use affinidi_tdk_iam_client::transport::HyperTransport;
use affinidi_tdk_iam_client::{Client, ClientBuilder, models};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{CONNECT_TIMEOUT, Caller, DID, PAGE, TIMEOUT, TOKEN};
use crate::address::Endpoint;

/// What sends the requests.
pub trait Stack: Send + Sync + 'static {
    const NAME: &'static str;
    const BENCHMARK: &'static str;

    fn set(builder: ClientBuilder, endpoint: &Endpoint) -> ClientBuilder;
}

/// The default transport.
pub struct OnReqwest;

impl Stack for OnReqwest {
    const NAME: &'static str = "ours";
    const BENCHMARK: &'static str = "ours";

    fn set(builder: ClientBuilder, endpoint: &Endpoint) -> ClientBuilder {
        let builder = builder.connect_timeout(CONNECT_TIMEOUT);
        let Some(certificate) = &endpoint.certificate else { return builder };
        let trusted = reqwest::Certificate::from_der(certificate).unwrap();
        builder.configure_http(move |http| http.tls_certs_only([trusted.clone()]))
    }
}

/// The transport of the feature `hyper`.
pub struct OnHyper;

impl Stack for OnHyper {
    const NAME: &'static str = "`HyperTransport`";
    const BENCHMARK: &'static str = "ours_on_hyper";

    fn set(builder: ClientBuilder, endpoint: &Endpoint) -> ClientBuilder {
        let mut transport = HyperTransport::builder().connect_timeout(CONNECT_TIMEOUT);
        if let Some(certificate) = &endpoint.certificate {
            let text = STANDARD.encode(certificate);
            let pem = format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n");
            transport = transport.root_certificates(pem);
        }
        builder.transport(transport.build().unwrap())
    }
}

pub struct Ours<S = OnReqwest>(Client, PhantomData<S>);

impl<S: Stack> Caller for Ours<S> {
    const NAME: &'static str = S::NAME;
    const BENCHMARK: &'static str = S::BENCHMARK;

    fn new(endpoint: &Endpoint) -> Self {
        let tokens = TokenCache::new(|| async {
            Ok(FetchedToken::new(AccessToken::new(TOKEN)?, Some(Duration::from_secs(3600))))
        });
        let client = Client::builder()
            .base_url(&endpoint.base_url)
            .user_token(tokens)
            .attempt_timeout(TIMEOUT)
            .timeout(TIMEOUT);
        Self(S::set(client, endpoint).build().unwrap(), PhantomData)
    }

    async fn token(&self) {
        let input = models::ConsumerAuthTokenEndpointInput::new(
            models::GrantType::ClientCredentials,
            models::ClientAssertionType::JwtBearer,
            TOKEN,
        )
        .with_client_id(DID);
        let output = self.0.consumer_auth().consumer_auth_token_endpoint(input).await.unwrap();
        assert!(output.access_token.is_some());
        black_box(output);
    }

    async fn projects(&self) {
        let page = self.0.projects().list_project().limit(PAGE as u32).await.unwrap();
        assert!(page.projects.len() >= PAGE);
        black_box(page);
    }

    async fn whoami(&self) {
        black_box(self.0.sts().whoami().await.unwrap());
    }
}

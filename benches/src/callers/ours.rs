//! With this SDK.

use std::hint::black_box;

use affinidi_tdk_iam_client::{Client, auth, models};

use super::{Caller, DID, PAGE, TOKEN};

pub struct Ours(Client);

impl Caller for Ours {
    fn new(base_url: &str) -> Self {
        let token = auth::StaticToken::new(TOKEN);
        Self(Client::builder().base_url(base_url).user_token(token).build().unwrap())
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
        assert_eq!(page.projects.len(), PAGE);
        black_box(page);
    }
}

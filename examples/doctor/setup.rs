//! What follows from the variables, before anything is sent.

use affinidi_tdk_iam_client::auth::PersonalAccessToken;
use affinidi_tdk_iam_client::url::Url;
use affinidi_tdk_iam_client::{Client, ClientBuilder, Environment, Error, Region, RetryPolicy};

use crate::recorder::Recorder;
use crate::variables::{
    ENDPOINT, ENVIRONMENT, GATEWAY, KEY_ID, PASSPHRASE, PASSPHRASE_FILE, PRIVATE_KEY, PRIVATE_KEY_FILE,
    PROJECT_ID, TOKEN_ID, Variables, trimmed,
};

/// Where the service is.
pub(crate) struct Addresses {
    pub(crate) base_url: String,
    pub(crate) token_endpoint: Url,
}

impl Addresses {
    /// The rules are those of `Client::from_env`. An error comes with the name of the variable.
    pub(crate) fn of(variables: &Variables) -> Result<Self, (&'static str, Error)> {
        let of = |name| move |error| (name, error);
        let environment = variables.get(ENVIRONMENT).unwrap_or_default();
        let environment: Environment = environment.parse().map_err(of(ENVIRONMENT))?;
        let gateway = variables.get(GATEWAY).map(str::to_owned);
        let gateway = gateway.unwrap_or_else(|| environment.gateway_url(Region::default()));
        let gateway = gateway.trim_end_matches('/');
        let without_path = gateway.strip_suffix("/iam").filter(|gateway| !gateway.ends_with('/'));
        let base_url = format!("{}/iam", without_path.unwrap_or(gateway));
        Client::builder().base_url(&base_url).build().map_err(of(GATEWAY))?;
        let endpoint = variables.get(ENDPOINT).unwrap_or(environment.token_endpoint());
        // The same rules hold for both URLs: `https`, or `http` to this machine.
        let client = Client::builder().base_url(endpoint).build().map_err(of(ENDPOINT))?;
        let token_endpoint = client.base_url().clone();
        Ok(Self { base_url, token_endpoint })
    }

    /// A client that tries everything once: the first error is the one to show.
    pub(crate) fn client(&self, recorder: &Recorder) -> ClientBuilder {
        Client::builder()
            .base_url(&self.base_url)
            .transport(recorder.clone())
            .retry_policy(RetryPolicy::never())
    }
}

/// The credential, as `PersonalAccessToken::from_env` would make it.
pub(crate) fn credential(variables: &Variables, addresses: &Addresses) -> Result<PersonalAccessToken, Error> {
    let get = |name| variables.get(name).unwrap_or_default();
    let builder = PersonalAccessToken::builder();
    let builder = match (variables.get(PRIVATE_KEY_FILE), get(PRIVATE_KEY)) {
        (Some(path), _) => builder.private_key_file(path),
        (None, jwk) if trimmed(jwk).starts_with('{') => builder.private_key_jwk(jwk),
        (None, pem) => builder.private_key_pem(pem),
    };
    let builder = match variables.get(PASSPHRASE_FILE) {
        Some(path) => builder.passphrase_file(path),
        None => builder.passphrase(get(PASSPHRASE)),
    };
    builder
        .token_id(get(TOKEN_ID))
        .key_id(get(KEY_ID))
        .project_id(get(PROJECT_ID))
        .base_url(&addresses.base_url)
        .token_endpoint(&addresses.token_endpoint)
        .build()
}

//! What the environment variables say, before anything is sent.

use std::env;

use affinidi_tdk_iam_client::auth::PersonalAccessToken;
use affinidi_tdk_iam_client::url::Url;
use affinidi_tdk_iam_client::{Client, ClientBuilder, Environment, Error, Region, RetryPolicy};

use crate::recorder::Recorder;
use crate::shape::shortened_id;

/// The value of a variable; an empty one counts as unset.
pub(crate) fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

const ENVIRONMENT: &str = "AFFINIDI_TDK_ENVIRONMENT";
const GATEWAY: &str = "API_GATEWAY_URL";
const ENDPOINT: &str = "TOKEN_ENDPOINT";

/// Where the service is.
pub(crate) struct Addresses {
    pub(crate) base_url: String,
    pub(crate) token_endpoint: Url,
}

impl Addresses {
    /// The rules are those of `Client::from_env`, which would also read the key.
    /// An error comes with the name of the variable.
    pub(crate) fn of_variables() -> Result<Self, (&'static str, Error)> {
        let of = |name| move |error| (name, error);
        let environment = variable(ENVIRONMENT).unwrap_or_default();
        let environment: Environment = environment.parse().map_err(of(ENVIRONMENT))?;
        let gateway = variable(GATEWAY);
        let gateway = gateway.unwrap_or_else(|| environment.gateway_url(Region::default()));
        let base_url = format!("{}/iam", gateway.trim_end_matches('/'));
        Client::builder().base_url(&base_url).build().map_err(of(GATEWAY))?;
        let endpoint = variable(ENDPOINT).unwrap_or_else(|| environment.token_endpoint().to_owned());
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

/// The credential, as a program would get it.
pub(crate) fn credential(addresses: &Addresses) -> Result<PersonalAccessToken, Error> {
    let credential = PersonalAccessToken::builder().from_env()?;
    credential.base_url(&addresses.base_url).token_endpoint(&addresses.token_endpoint).build()
}

/// The variables that are set, without the values of secrets.
pub(crate) fn summary() -> String {
    const SECRETS: [&str; 2] = ["PRIVATE_KEY", "PASSPHRASE"];
    let ids = ["TOKEN_ID", "KEY_ID", "PROJECT_ID"].into_iter();
    let ids = ids.filter_map(|name| variable(name).map(|id| format!("{name} {}", shortened_id(&id))));
    let secrets = SECRETS.into_iter().filter(|name| variable(name).is_some()).map(str::to_owned);
    ids.chain(secrets).collect::<Vec<_>>().join(", ")
}

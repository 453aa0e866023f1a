//! Building a verifier.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::key_set::KeySet;
use super::rules::{Accepted, Rules, Subjects};
use super::{Inner, TokenVerifier};
use crate::auth::signing::Algorithm;
use crate::client::Client;
use crate::error::Error;

/// The audience of project tokens.
const PROJECT_AUDIENCE: &str = "elements_api";

impl TokenVerifier {
    /// A verifier of the project tokens of one project, with the issuer, the audience and the keys of the service that `client`
    /// talks to: the same as `TokenVerifier::builder(client).project(project_id).build()`. `client` needs no credentials.
    ///
    /// # Errors
    ///
    /// Those of [`TokenVerifierBuilder::build`].
    pub fn for_project(client: &Client, project_id: impl fmt::Display) -> Result<Self, Error> {
        Self::builder(client).project(project_id).build()
    }

    /// Starts building a verifier of tokens of the service that `client` talks to; `client` needs no credentials.
    pub fn builder(client: &Client) -> TokenVerifierBuilder {
        TokenVerifierBuilder {
            client: client.clone(),
            key_set_url: None,
            refetch_interval: Duration::from_secs(60),
            max_key_age: Duration::from_secs(60 * 60),
            rules: Rules {
                algorithms: vec![Algorithm::Es256],
                issuers: Accepted::Default,
                audiences: Accepted::Default,
                subjects: Subjects::Unset,
                leeway: Duration::from_secs(10),
            },
        }
    }
}

/// Builder for [`TokenVerifier`] (see its example). One of [`project`](Self::project), [`any_project`](Self::any_project) and
/// [`consumers`](Self::consumers) is required: issuer and audience are the same for every customer of the service, so they do not
/// tell whose token it is.
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct TokenVerifierBuilder {
    client: Client,
    key_set_url: Option<String>,
    refetch_interval: Duration,
    max_key_age: Duration,
    rules: Rules,
}

impl TokenVerifierBuilder {
    /// Accepts project tokens of this project. Can be called several times.
    pub fn project(mut self, project_id: impl fmt::Display) -> Self {
        let project_id = project_id.to_string();
        match &mut self.rules.subjects {
            Subjects::Projects(projects) => projects.push(project_id),
            subjects => *subjects = Subjects::Projects(vec![project_id]),
        }
        self
    }

    /// Accepts project tokens of every project of every customer of the service. Check
    /// [`TokenClaims::project_id`](super::TokenClaims::project_id) before you act on them.
    pub fn any_project(mut self) -> Self {
        self.rules.subjects = Subjects::AnyProject;
        self
    }

    /// Accepts consumer tokens that were issued to their subject, of every consumer: check
    /// [`TokenClaims::subject`](super::TokenClaims::subject), the DID. Delegated tokens are rejected.
    ///
    /// That the keys of consumer tokens are published at `<gateway>/cid/.well-known/jwks.json`, the default of
    /// [`key_set_url`](Self::key_set_url), is inferred, not proven: the key set of IAM itself did not have them (January 2025).
    pub fn consumers(mut self) -> Self {
        self.rules.subjects = Subjects::Consumers { delegated: false };
        self
    }

    /// Accepts consumer tokens as [`consumers`](Self::consumers) does, and delegated ones as well, in which
    /// [`TokenClaims::actor`](super::TokenClaims::actor) acts for the subject.
    pub fn consumers_and_delegates(mut self) -> Self {
        self.rules.subjects = Subjects::Consumers { delegated: true };
        self
    }

    /// Accepts tokens from this issuer (`iss`). Can be called several times. Default: the client's base URL, `<gateway>/iam`.
    pub fn issuer(mut self, issuer: impl AsRef<str>) -> Self {
        self.rules.issuers.add(issuer.as_ref());
        self
    }

    /// Accepts tokens from any issuer: whoever the keys of the service sign for.
    pub fn any_issuer(mut self) -> Self {
        self.rules.issuers = Accepted::Any;
        self
    }

    /// Accepts tokens for this audience (`aud`). Can be called several times. Default: `elements_api` for project tokens, and the
    /// gateway, which is the base URL without `/iam`, for consumer tokens.
    pub fn audience(mut self, audience: impl AsRef<str>) -> Self {
        self.rules.audiences.add(audience.as_ref());
        self
    }

    /// Accepts tokens for any audience, also those that were issued for the use of others.
    pub fn any_audience(mut self) -> Self {
        self.rules.audiences = Accepted::Any;
        self
    }

    /// The algorithms that tokens may be signed with. Default: ES256 only.
    pub fn algorithms(mut self, algorithms: impl IntoIterator<Item = Algorithm>) -> Self {
        self.rules.algorithms = algorithms.into_iter().collect();
        self
    }

    /// How far the clock of the issuer may be from this machine's. Default: 10 s.
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.rules.leeway = leeway;
        self
    }

    /// The URL of the key set (RFC 7517, section 5). Default: `<gateway>/iam/.well-known/jwks.json` for project tokens,
    /// `<gateway>/cid/.well-known/jwks.json` for consumer tokens. The rules of
    /// [`ClientBuilder::base_url`](crate::ClientBuilder::base_url) apply.
    pub fn key_set_url(mut self, url: impl AsRef<str>) -> Self {
        self.key_set_url = Some(url.as_ref().to_owned());
        self
    }

    /// How much time there is between two fetches of the keys at least, whatever the tokens are that come meanwhile. Default: 60 s.
    /// After a fetch that failed the next one may follow sooner, with pauses that grow from a fraction of a second up to this;
    /// until then verification fails with the error of that fetch if it needs other keys.
    pub fn refetch_interval(mut self, interval: Duration) -> Self {
        self.refetch_interval = interval;
        self
    }

    /// How long keys are used before they are fetched again, so that a key that the service withdraws is not trusted for ever.
    /// Default: one hour. While the fetch fails they are used for up to twice as long.
    pub fn max_key_age(mut self, age: Duration) -> Self {
        self.max_key_age = age;
        self
    }

    /// Makes the verifier; nothing is fetched yet.
    ///
    /// # Errors
    ///
    /// [`Error::is_configuration`] when neither a project nor consumers are set, no algorithm is allowed, or the URL of the key set
    /// cannot be used or derived.
    pub fn build(self) -> Result<TokenVerifier, Error> {
        let mut rules = self.rules;
        if rules.algorithms.is_empty() {
            return Err(Error::configuration("the verifier accepts no algorithm: set `algorithms`"));
        }
        let base_url = self.client.base_url().as_str().trim_end_matches('/').to_owned();
        let gateway = base_url.strip_suffix("/iam");
        let (audience, key_set_url) = match &rules.subjects {
            Subjects::Unset => {
                return Err(Error::configuration(
                    "the verifier does not know whose tokens to accept: set `project`, `any_project` or `consumers`",
                ));
            }
            Subjects::Projects(_) | Subjects::AnyProject => {
                (Some(PROJECT_AUDIENCE), Some(format!("{base_url}/.well-known/jwks.json")))
            }
            Subjects::Consumers { .. } => {
                (gateway, gateway.map(|gateway| format!("{gateway}/cid/.well-known/jwks.json")))
            }
        };
        rules.issuers = rules.issuers.or(&base_url);
        rules.audiences = match audience {
            Some(audience) => rules.audiences.or(audience),
            None if matches!(rules.audiences, Accepted::Default) => return Err(unknown_gateway("audience")),
            None => rules.audiences,
        };
        let url = self.key_set_url.or(key_set_url).ok_or_else(|| unknown_gateway("key_set_url"))?;
        let client = self.client.with_base_url("URL of the key set", &url)?;
        let keys = KeySet::new(client, self.refetch_interval, self.max_key_age);
        Ok(TokenVerifier(Arc::new(Inner { keys, rules })))
    }
}

fn unknown_gateway(setting: &str) -> Error {
    Error::configuration(format!("the base URL does not end with `/iam`, so set the verifier's `{setting}`"))
}

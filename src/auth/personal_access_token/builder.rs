//! Building a personal access token.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use zeroize::Zeroizing;

use super::{Machine, PersonalAccessToken, UserTokens};
use crate::auth::cache::DEFAULT_FETCH_TIMEOUT;
use crate::auth::connection::Connection;
use crate::auth::signing_key::SigningKey;
use crate::auth::{Algorithm, TokenStore};
use crate::environment::Variables;
use crate::redact::Redacted;
use crate::transport::Transport;
use crate::{ClientBuilder, Environment, Error, Region, models};

/// Builds a [`PersonalAccessToken`], where an example is. Token id and private key are needed; the rest has a default.
#[must_use = "a builder does nothing until `build` is called"]
pub struct PersonalAccessTokenBuilder {
    token_id: Option<String>,
    project_id: Option<String>,
    key_id: Option<String>,
    private_key_pem: Option<Zeroizing<String>>,
    passphrase: Option<Zeroizing<String>>,
    algorithm: Option<models::SigningAlgorithm>,
    token_endpoint: Option<String>,
    fetch_timeout: Duration,
    store: Option<Arc<dyn TokenStore>>,
    client: ClientBuilder,
}

pub(super) const TOKEN_ID: &str = "TOKEN_ID";
pub(super) const PRIVATE_KEY: &str = "PRIVATE_KEY";

impl Default for PersonalAccessTokenBuilder {
    fn default() -> Self {
        Self {
            token_id: None,
            project_id: None,
            key_id: None,
            private_key_pem: None,
            passphrase: None,
            algorithm: None,
            token_endpoint: None,
            fetch_timeout: DEFAULT_FETCH_TIMEOUT,
            store: None,
            client: ClientBuilder::default(),
        }
    }
}

impl PersonalAccessTokenBuilder {
    /// The id of the personal access token.
    pub fn token_id(mut self, id: impl fmt::Display) -> Self {
        self.token_id = Some(id.to_string());
        self
    }

    /// The project that project tokens are for. Not needed for user tokens.
    pub fn project_id(mut self, id: impl fmt::Display) -> Self {
        self.project_id = Some(id.to_string());
        self
    }

    /// The id under which the public key is registered: the `kid` of the assertion. Default, also when empty: the token id.
    pub fn key_id(mut self, id: impl fmt::Display) -> Self {
        self.key_id = Some(id.to_string());
        self
    }

    /// The private key in PEM (RFC 7468): PKCS#8, encrypted or not, PKCS#1 or SEC 1; RSA of at least 2048 bits, P-256 or P-521.
    /// Line ends may be the two characters `\n`, and quotes may be around the text, as happens in environment variables.
    pub fn private_key_pem(mut self, pem: impl Into<String>) -> Self {
        self.private_key_pem = Some(Zeroizing::new(pem.into()));
        self
    }

    /// What opens an encrypted private key. An empty one counts as unset.
    pub fn passphrase(mut self, passphrase: impl Into<String>) -> Self {
        self.passphrase = Some(Zeroizing::new(passphrase.into()));
        self
    }

    /// The algorithm of the assertion, a [`models::SigningAlgorithm`] or an [`Algorithm`]. Default: `RS256` for an RSA key, and
    /// for an elliptic curve the one algorithm of its curve.
    pub fn algorithm(mut self, algorithm: impl Into<models::SigningAlgorithm>) -> Self {
        self.algorithm = Some(algorithm.into());
        self
    }

    /// The URL that exchanges the assertion for a user token; it is also the assertion's audience. Default: that of the
    /// environment.
    pub fn token_endpoint(mut self, url: impl AsRef<str>) -> Self {
        self.token_endpoint = Some(url.as_ref().to_owned());
        self
    }

    /// The URL of the operations, for minting project tokens. Default: that of the client.
    pub fn base_url(mut self, url: impl AsRef<str>) -> Self {
        self.client = self.client.base_url(url);
        self
    }

    /// Which deployment the token belongs to. Default: that of the client.
    pub fn environment(mut self, environment: Environment) -> Self {
        self.client = self.client.environment(environment);
        self
    }

    /// Which region's gateway mints project tokens. Default: that of the client.
    pub fn region(mut self, region: Region) -> Self {
        self.client = self.client.region(region);
        self
    }

    /// The `reqwest` client to send with. Default: that of the client. See [`ClientBuilder::http_client`].
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.client = self.client.http_client(client);
        self
    }

    /// The transport to send with. Default: that of the client.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.client = self.client.transport(transport);
        self
    }

    /// How long fetching one token may take, all attempts included. Default: 30 s.
    pub fn fetch_timeout(mut self, timeout: Duration) -> Self {
        self.fetch_timeout = timeout;
        self
    }

    /// Shares tokens with other processes through a store. Default: every process fetches its own.
    pub fn store(mut self, store: Arc<dyn TokenStore>) -> Self {
        self.store = Some(store);
        self
    }

    /// Takes from the environment variables of the official clients what is not set here: `TOKEN_ID`, `PRIVATE_KEY`,
    /// `PASSPHRASE`, `KEY_ID`, `PROJECT_ID`, `TOKEN_ENDPOINT`, and `AFFINIDI_TDK_ENVIRONMENT` or `API_GATEWAY_URL`. An empty
    /// variable counts as unset.
    ///
    /// # Errors
    ///
    /// [`Error::is_configuration`] when a variable has a value that is not known or cannot be read.
    pub fn from_env(self) -> Result<Self, Error> {
        self.with_variables(&Variables::of_process())
    }

    pub(crate) fn with_variables(mut self, variables: &Variables<'_>) -> Result<Self, Error> {
        self.client = self.client.with_address_of(variables)?;
        self.with_identity_of(variables)
    }

    /// Who the credential is, unless it is set.
    pub(super) fn with_identity_of(mut self, variables: &Variables<'_>) -> Result<Self, Error> {
        for (field, name) in [
            (&mut self.token_id, TOKEN_ID),
            (&mut self.project_id, "PROJECT_ID"),
            (&mut self.key_id, "KEY_ID"),
            (&mut self.token_endpoint, "TOKEN_ENDPOINT"),
        ] {
            if field.is_none() {
                *field = variables.get(name)?;
            }
        }
        if self.private_key_pem.is_none() {
            self.private_key_pem = variables.get(PRIVATE_KEY)?.map(Zeroizing::new);
        }
        if self.passphrase.is_none() {
            self.passphrase = variables.get("PASSPHRASE")?.map(Zeroizing::new);
        }
        Ok(self)
    }

    /// Makes the credential: decrypts and parses the key, once. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`Error::is_configuration`], each with a text of its own: token id or key missing; the key no PEM, damaged, public, of
    /// a type or encryption that is not supported, RSA below 2048 bits; a passphrase missing or wrong; an algorithm that does
    /// not fit the key.
    pub fn build(self) -> Result<PersonalAccessToken, Error> {
        let token_id = present(self.token_id).ok_or_else(|| {
            Error::configuration("the personal access token has no id: set `token_id` (TOKEN_ID)")
        })?;
        let pem = self.private_key_pem.ok_or_else(|| {
            Error::configuration(
                "the personal access token has no private key: set `private_key_pem` (PRIVATE_KEY)",
            )
        })?;
        let mut key = SigningKey::from_pem(&pem, self.passphrase.as_deref().map(String::as_str))?;
        if let Some(algorithm) = self.algorithm {
            key = key.with_algorithm(algorithm.as_str().parse()?)?;
        }
        if matches!(key.algorithm(), Algorithm::Es256k | Algorithm::EdDsa) {
            return Err(Error::configuration(format!(
                "the private key signs {}, and personal access tokens sign RS256, RS512, ES256 or ES512",
                key.algorithm()
            )));
        }
        let machine = Arc::new(Machine {
            key_id: present(self.key_id).unwrap_or_else(|| token_id.clone()),
            key,
            connection: Connection::new(self.client),
            token_endpoint: self.token_endpoint,
            fetch_timeout: self.fetch_timeout,
            store: self.store,
            token_id,
        });
        let key = format!("user-token:{}", machine.token_id);
        let user = machine.cache(UserTokens(machine.clone()), "fetching the user token", key);
        let credential = PersonalAccessToken { machine, user, projects: Arc::default(), project: None };
        Ok(match present(self.project_id) {
            Some(id) => credential.for_project(id),
            None => credential,
        })
    }
}

fn present(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

impl fmt::Debug for PersonalAccessTokenBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PersonalAccessTokenBuilder")
            .field("token_id", &self.token_id)
            .field("project_id", &self.project_id)
            .field("key_id", &self.key_id)
            .field("private_key_pem", &self.private_key_pem.as_ref().map(|_| Redacted))
            .field("passphrase", &self.passphrase.as_ref().map(|_| Redacted))
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

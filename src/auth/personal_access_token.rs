//! Personal access tokens: a private key that stands for a machine user.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;
use zeroize::Zeroizing;

use super::assertion::{self, Claims};
use super::cache::DEFAULT_FETCH_TIMEOUT;
use super::connection::Connection;
use super::signing_key::SigningKey;
use super::{
    AccessToken, Algorithm, FetchFuture, TokenCache, TokenProvider, TokenSource, TokenStore, random,
    token_endpoint,
};
use crate::client::Credentials;
use crate::environment::Variables;
use crate::redact::Redacted;
use crate::transport::Transport;
use crate::{Client, ClientBuilder, Environment, Error, Region, models};

/// A personal access token (PAT): a machine user that proves itself with a private key.
///
/// It signs a client assertion (RFC 7523), exchanges it for a user token, and that for tokens of projects, each when it is
/// needed, and keeps them; see [`TokenCache`]. Given to a client it serves the operations of both schemes:
///
/// ```no_run
/// use affinidi_tdk_iam_client::{Client, auth};
///
/// # async fn example(pem: &str) -> Result<(), affinidi_tdk_iam_client::Error> {
/// let credential = auth::PersonalAccessToken::builder()
///     .token_id("8e4e3f1c-6a7b-4f7e-9b8d-2c5f1f0c9a11")
///     .project_id("b5f0ac4e-1d2c-4c5e-8f3a-7f6f2a9d1e22")
///     .private_key_pem(pem)
///     .passphrase("correct horse battery staple")
///     .build()?;
/// let client = Client::builder().personal_access_token(credential.clone()).build()?;
/// let who = client.sts().whoami().await?;
///
/// // The same machine user in another project: no new user token is fetched.
/// let elsewhere = credential.for_project("0e9a3ad0-7d1c-4a8e-b6b4-5d3a2f4b7c33");
/// let token = elsewhere.project_token().await?;
/// # Ok(())
/// # }
/// ```
///
/// A clone shares key and tokens. One credential serves clients of one service: what its builder leaves unset is taken from
/// the first client that it is given to, and a client at another address refuses it.
#[derive(Clone)]
pub struct PersonalAccessToken {
    machine: Arc<Machine>,
    user: TokenCache,
    /// Not in the machine: the tokens' sources hold the machine, and neither would ever be dropped.
    projects: Arc<Mutex<HashMap<String, TokenCache>>>,
    project: Option<Project>,
}

#[derive(Clone)]
struct Project {
    id: String,
    tokens: TokenCache,
}

/// What all projects share.
struct Machine {
    token_id: String,
    key_id: String,
    key: SigningKey,
    connection: Connection,
    token_endpoint: Option<String>,
    fetch_timeout: Duration,
    store: Option<Arc<dyn TokenStore>>,
}

impl PersonalAccessToken {
    /// Starts building a credential.
    pub fn builder() -> PersonalAccessTokenBuilder {
        PersonalAccessTokenBuilder::default()
    }

    /// The credential that the environment variables of the official clients describe; see
    /// [`PersonalAccessTokenBuilder::from_env`].
    ///
    /// # Errors
    ///
    /// Those of [`PersonalAccessTokenBuilder::from_env`] and of [`PersonalAccessTokenBuilder::build`].
    pub fn from_env() -> Result<Self, Error> {
        Self::builder().from_env()?.build()
    }

    /// The credential of a client's environment variables, if one is there; its address is the client's.
    pub(crate) fn from_variables(variables: &Variables<'_>) -> Result<Option<Self>, Error> {
        match (variables.get(TOKEN_ID)?, variables.get(PRIVATE_KEY)?) {
            (None, None) => Ok(None),
            _ => Self::builder().with_identity_of(variables)?.build().map(Some),
        }
    }

    /// The same credential for another project: key and user token are shared, and so are the tokens of that project
    /// wherever they are asked for.
    #[must_use]
    pub fn for_project(&self, project_id: impl fmt::Display) -> Self {
        let id = project_id.to_string();
        let mut projects = self.projects.lock().unwrap_or_else(PoisonError::into_inner);
        let tokens = projects.entry(id.clone()).or_insert_with(|| {
            let source = ProjectTokens {
                machine: self.machine.clone(),
                user: self.user.clone(),
                project_id: id.clone(),
            };
            let key = format!("project-token:{}:{id}", self.machine.token_id);
            self.machine.cache(source, "fetching the project token", key)
        });
        Self { project: Some(Project { tokens: tokens.clone(), id }), ..self.clone() }
    }

    /// The token for operations of scheme [`UserTokenAuth`](super::SecurityScheme::UserTokenAuth), from memory while it is
    /// valid.
    ///
    /// # Errors
    ///
    /// [`Error::is_credential`] when none can be had, whatever else the error is.
    pub async fn user_token(&self) -> Result<AccessToken, Error> {
        self.user.token().await
    }

    /// The token for operations of scheme [`ProjectTokenAuth`](super::SecurityScheme::ProjectTokenAuth), from memory while
    /// it is valid.
    ///
    /// # Errors
    ///
    /// [`Error::is_missing_token`] when the credential has no project, and [`Error::is_credential`] when no token can be
    /// had.
    pub async fn project_token(&self) -> Result<AccessToken, Error> {
        self.project()?.tokens.token().await
    }

    /// A user token that stays valid for at least `duration`; see [`TokenCache::token_with_min_ttl`].
    ///
    /// # Errors
    ///
    /// Those of [`user_token`](Self::user_token), and [`Error::is_configuration`] when tokens do not live that long.
    pub async fn user_token_with_min_ttl(&self, duration: Duration) -> Result<AccessToken, Error> {
        self.user.token_with_min_ttl(duration).await
    }

    /// A project token that stays valid for at least `duration`; see [`TokenCache::token_with_min_ttl`].
    ///
    /// # Errors
    ///
    /// Those of [`project_token`](Self::project_token), and [`Error::is_configuration`] when tokens do not live that long.
    pub async fn project_token_with_min_ttl(&self, duration: Duration) -> Result<AccessToken, Error> {
        self.project()?.tokens.token_with_min_ttl(duration).await
    }

    /// Signs a token with which a browser opens a session of the Affinidi Iota Framework: for the configuration
    /// `configuration_id` of the credential's project, and for the user with this `did`. Without a `session_id` the session
    /// gets a random one. The token is valid for 5 minutes; nothing is sent.
    ///
    /// # Errors
    ///
    /// [`Error::is_missing_token`] when the credential has no project.
    pub fn iota_token(
        &self,
        configuration_id: impl AsRef<str>,
        did: impl AsRef<str>,
        session_id: Option<&str>,
    ) -> Result<IotaToken, Error> {
        let session_id = match session_id {
            Some(id) => id.to_owned(),
            None => random::uuid()?.to_string(),
        };
        let principal = format!("token/{}", self.machine.token_id);
        let claims = IotaClaims {
            claims: Claims::new(&principal, &principal, did.as_ref())?,
            kid: &principal,
            project_id: &self.project()?.id,
            iota_configuration_id: configuration_id.as_ref(),
            iota_session_id: &session_id,
            scope: "iota_channel",
        };
        Ok(IotaToken { token: AccessToken::new(&*self.machine.sign(&claims)?)?, session_id })
    }

    pub(crate) fn bind(&self, client: &Client) -> Result<(), Error> {
        self.machine.connection.bind(client)?;
        self.machine.token_endpoint().map(drop)
    }

    pub(crate) fn user_tokens(&self) -> &TokenCache {
        &self.user
    }

    pub(crate) fn project_tokens(&self) -> Option<&TokenCache> {
        self.project.as_ref().map(|project| &project.tokens)
    }

    fn project(&self) -> Result<&Project, Error> {
        self.project.as_ref().ok_or_else(|| {
            Error::missing_token(
                "the personal access token has no project: set `project_id` or use `for_project`",
            )
        })
    }
}

/// A token for a session of the Affinidi Iota Framework. `Debug` hides the token.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct IotaToken {
    /// The JSON Web Token for the browser.
    pub token: AccessToken,
    /// The session that it is for.
    pub session_id: String,
}

#[derive(Serialize)]
struct IotaClaims<'a> {
    #[serde(flatten)]
    claims: Claims<'a>,
    kid: &'a str,
    project_id: &'a str,
    iota_configuration_id: &'a str,
    iota_session_id: &'a str,
    scope: &'static str,
}

impl Machine {
    fn sign(&self, claims: &impl Serialize) -> Result<Zeroizing<String>, Error> {
        let unsigned = assertion::unsigned(self.key.algorithm(), &self.key_id, claims)?;
        let signature = self.key.sign(unsigned.as_bytes())?;
        Ok(assertion::signed(&unsigned, &signature))
    }

    fn token_endpoint(&self) -> Result<(Client, &str), Error> {
        let client = self.connection.client()?;
        let url = match &self.token_endpoint {
            Some(url) => url,
            None if client.is_local() => {
                return Err(Error::configuration(
                    "the base URL is on this machine and the token endpoint would be the service's own: set `token_endpoint` \
                     on the personal access token",
                ));
            }
            None => client.environment().token_endpoint(),
        };
        Ok((client.at("token endpoint", url)?, url))
    }

    fn cache(&self, source: impl TokenSource, step: &'static str, key: String) -> TokenCache {
        let cache = TokenCache::builder(source).step(step).fetch_timeout(self.fetch_timeout);
        match &self.store {
            Some(store) => cache.store(store.clone(), key).build(),
            None => cache.build(),
        }
    }
}

/// From the key to a user token.
struct UserTokens(Arc<Machine>);

impl TokenSource for UserTokens {
    fn fetch(&self) -> FetchFuture<'_> {
        Box::pin(async {
            let Machine { token_id, .. } = &*self.0;
            let (client, audience) = self.0.token_endpoint()?;
            let assertion = self.0.sign(&Claims::new(token_id, token_id, audience)?)?;
            token_endpoint::exchange(&client, token_id, &assertion).await
        })
    }
}

/// From the user token to a project token.
struct ProjectTokens {
    machine: Arc<Machine>,
    user: TokenCache,
    project_id: String,
}

impl TokenSource for ProjectTokens {
    fn fetch(&self) -> FetchFuture<'_> {
        Box::pin(async {
            // An ordinary call, so a rejected user token is replaced like that of any other.
            let client =
                self.machine.connection.client()?.with_credentials(Credentials::user(self.user.clone()));
            let input = models::CreateProjectScopedTokenInput::new(&self.project_id);
            let output = client.sts().create_project_scoped_token(input).await?;
            token_endpoint::fetched(Zeroizing::new(output.access_token), Some(output.expires_in.into()))
        })
    }
}

impl fmt::Debug for PersonalAccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PersonalAccessToken")
            .field("token_id", &self.machine.token_id)
            .field("key_id", &self.machine.key_id)
            .field("key", &self.machine.key)
            .field("project_id", &self.project.as_ref().map(|project| &project.id))
            .finish_non_exhaustive()
    }
}

/// Builds a [`PersonalAccessToken`]. Token id and private key are needed; the rest has a default.
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

const TOKEN_ID: &str = "TOKEN_ID";
const PRIVATE_KEY: &str = "PRIVATE_KEY";

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
    fn with_identity_of(mut self, variables: &Variables<'_>) -> Result<Self, Error> {
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

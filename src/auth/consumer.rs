//! Consumers: whoever controls a DID.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use zeroize::Zeroizing;

use super::cache::DEFAULT_FETCH_TIMEOUT;
use super::connection::Connection;
use super::{
    AccessToken, DidSigner, FetchFuture, TokenCache, TokenProvider, TokenSource, TokenStore, assertion, jwt,
    token_endpoint,
};
use crate::transport::Transport;
use crate::{Client, ClientBuilder, Environment, Error, Region, models};

/// A consumer that proves control of a DID and gets consumer tokens for it.
///
/// It signs a client assertion (RFC 7523), exchanges it when a token is needed, and keeps the token; see [`TokenCache`]. A
/// token for another subject than the DID is refused.
///
/// ```
/// use affinidi_tdk_iam_client::{Client, auth, models};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let iam = affinidi_iam_local::LocalIam::start().await?; // leave out for the real service
/// let signer = auth::DidKeySigner::generate(auth::Algorithm::Es256)?;
/// let consumer = auth::ConsumerCredential::builder().signer(signer).build()?;
/// let client = Client::builder().base_url(iam.base_url()).consumer_credential(consumer).build()?;
///
/// let input = models::GrantAccessInput::new("did:web:friend.example.org", [models::RightsEnum::VfsRead]);
/// assert!(client.authz().grant_access_vfs(input).await?.success);
/// # Ok(())
/// # }
/// ```
///
/// A clone shares key and token. One credential serves clients of one service: what its builder leaves unset is taken from
/// the first client that it is given to, and a client at another address refuses it.
#[derive(Clone)]
pub struct ConsumerCredential {
    consumer: Arc<Consumer>,
    profile: Option<String>,
    tokens: TokenCache,
}

/// Which service issues a consumer's tokens. Both take the same request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ConsumerEndpoint {
    /// The one of this contract, under `/iam` of the gateway.
    #[default]
    Iam,
    /// The one of the consumer IAM, under `/cid` of the gateway.
    ConsumerIam,
}

struct Consumer {
    signer: Box<dyn DidSigner>,
    endpoint: ConsumerEndpoint,
    scope: Option<String>,
    connection: Connection,
    fetch_timeout: Duration,
    store: Option<Arc<dyn TokenStore>>,
}

impl ConsumerCredential {
    /// Starts building a credential.
    pub fn builder() -> ConsumerCredentialBuilder {
        ConsumerCredentialBuilder::default()
    }

    /// The consumer's own DID.
    pub fn did(&self) -> &str {
        self.consumer.signer.did()
    }

    /// The same consumer acting for the profile `profile_did`, which must have granted it access. Its tokens are for the
    /// profile and name the consumer as the actor (`act`, RFC 8693, section 4.1); others are refused.
    #[must_use]
    pub fn delegated(&self, profile_did: impl Into<String>) -> Self {
        Self::new(self.consumer.clone(), Some(profile_did.into()))
    }

    /// The token for operations of scheme [`ConsumerTokenAuth`](super::SecurityScheme::ConsumerTokenAuth), from memory
    /// while it is valid.
    ///
    /// # Errors
    ///
    /// [`Error::is_credential`] when none can be had, whatever else the error is.
    pub async fn token(&self) -> Result<AccessToken, Error> {
        self.tokens.token().await
    }

    /// A token that stays valid for at least `duration`; see [`TokenCache::token_with_min_ttl`].
    ///
    /// # Errors
    ///
    /// Those of [`token`](Self::token), and [`Error::is_configuration`] when tokens do not live that long.
    pub async fn token_with_min_ttl(&self, duration: Duration) -> Result<AccessToken, Error> {
        self.tokens.token_with_min_ttl(duration).await
    }

    fn new(consumer: Arc<Consumer>, profile: Option<String>) -> Self {
        let source = ConsumerTokens { consumer: consumer.clone(), profile: profile.clone() };
        let cache = TokenCache::builder(source)
            .step("fetching the consumer token")
            .fetch_timeout(consumer.fetch_timeout);
        let tokens = match &consumer.store {
            Some(store) => {
                let (did, endpoint) = (consumer.signer.did(), consumer.endpoint);
                let (profile, scope) = (profile.as_deref().unwrap_or_default(), consumer.scope.as_deref());
                let key =
                    format!("consumer-token:{did}:{profile}:{endpoint:?}:{}", scope.unwrap_or_default());
                cache.store(store.clone(), key).build()
            }
            None => cache.build(),
        };
        Self { consumer, profile, tokens }
    }

    pub(crate) fn bind(&self, client: &Client) -> Result<(), Error> {
        self.consumer.connection.bind(client)?;
        self.consumer.client().map(drop)
    }

    pub(crate) fn tokens(&self) -> &TokenCache {
        &self.tokens
    }
}

impl Consumer {
    /// The client of the service that issues the tokens.
    fn client(&self) -> Result<Client, Error> {
        let client = self.connection.client()?;
        match self.endpoint {
            ConsumerEndpoint::Iam => Ok(client.clone()),
            ConsumerEndpoint::ConsumerIam => {
                let iam = client.base_url().as_str();
                let gateway = iam.strip_suffix("/iam").ok_or_else(|| {
                    Error::configuration(
                        "the consumer IAM cannot be found: it is beside a base URL that ends with `/iam`, and this one does not",
                    )
                })?;
                client.at("URL of the consumer IAM", &format!("{gateway}/cid"))
            }
        }
    }
}

struct ConsumerTokens {
    consumer: Arc<Consumer>,
    profile: Option<String>,
}

impl TokenSource for ConsumerTokens {
    fn fetch(&self) -> FetchFuture<'_> {
        Box::pin(async {
            let Consumer { signer, scope, .. } = &*self.consumer;
            let client = self.consumer.client()?;
            let (did, subject) = (signer.did(), self.subject());
            let audience =
                format!("{}/v1/consumer/oauth2/token", client.base_url().as_str().trim_end_matches('/'));
            let assertion = assertion::by_did(&**signer, subject, &audience).await?;

            let (grant, kind) = match self.profile {
                None => (models::GrantType::ClientCredentials, models::ClientAssertionType::JwtBearer),
                Some(_) => {
                    (models::GrantType::AffinidiDelegation, models::ClientAssertionType::DelegationJwtBearer)
                }
            };
            let mut input = models::ConsumerAuthTokenEndpointInput::new(grant, kind, assertion.as_str())
                .with_client_id(did);
            if let Some(scope) = scope {
                input = input.with_additional_property("scope", scope.as_str());
            }
            let output = client.consumer_auth().consumer_auth_token_endpoint(input).await?;
            let token = Zeroizing::new(output.access_token.unwrap_or_default());
            let fetched = token_endpoint::fetched(token, output.expires_in)?;
            self.check(fetched.token())?;
            Ok(fetched)
        })
    }
}

impl ConsumerTokens {
    /// Who the token is for.
    fn subject(&self) -> &str {
        self.profile.as_deref().unwrap_or(self.consumer.signer.did())
    }

    fn check(&self, token: &AccessToken) -> Result<(), Error> {
        #[derive(Deserialize)]
        struct Subject {
            sub: Option<String>,
            act: Option<Box<Subject>>,
        }
        let claims: Subject = jwt::unverified_claims(token.secret())
            .ok_or_else(|| Error::unusable_token("the answer's access token does not say whom it is for"))?;
        if claims.sub.as_deref() != Some(self.subject()) {
            return Err(Error::unusable_token("the answer's access token is for another subject (`sub`)"));
        }
        let actor = claims.act.as_ref().and_then(|act| act.sub.as_deref());
        if self.profile.is_some() && actor != Some(self.consumer.signer.did()) {
            return Err(Error::unusable_token("the answer's access token is for another actor (`act.sub`)"));
        }
        Ok(())
    }
}

impl fmt::Debug for ConsumerCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConsumerCredential")
            .field("did", &self.did())
            .field("profile", &self.profile)
            .field("endpoint", &self.consumer.endpoint)
            .field("scope", &self.consumer.scope)
            .finish_non_exhaustive()
    }
}

/// Builds a [`ConsumerCredential`], where an example is. A signer is needed; the rest has a default.
#[must_use = "a builder does nothing until `build` is called"]
pub struct ConsumerCredentialBuilder {
    signer: Option<Box<dyn DidSigner>>,
    endpoint: ConsumerEndpoint,
    scope: Option<String>,
    fetch_timeout: Duration,
    store: Option<Arc<dyn TokenStore>>,
    client: ClientBuilder,
}

impl Default for ConsumerCredentialBuilder {
    fn default() -> Self {
        Self {
            signer: None,
            endpoint: ConsumerEndpoint::default(),
            scope: None,
            fetch_timeout: DEFAULT_FETCH_TIMEOUT,
            store: None,
            client: ClientBuilder::default(),
        }
    }
}

impl ConsumerCredentialBuilder {
    /// Who signs for the consumer's DID.
    pub fn signer(mut self, signer: impl DidSigner) -> Self {
        self.signer = Some(Box::new(signer));
        self
    }

    /// Which service issues the tokens. Default: [`ConsumerEndpoint::Iam`].
    pub fn endpoint(mut self, endpoint: ConsumerEndpoint) -> Self {
        self.endpoint = endpoint;
        self
    }

    /// The scope to ask for, values separated by spaces (RFC 6749, section 3.3). Default: none, which leaves it to the
    /// service.
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = Some(scope.into());
        self
    }

    /// The URL of the operations, under which the token endpoint is. Default: that of the client.
    pub fn base_url(mut self, url: impl AsRef<str>) -> Self {
        self.client = self.client.base_url(url);
        self
    }

    /// Which deployment issues the tokens. Default: that of the client.
    pub fn environment(mut self, environment: Environment) -> Self {
        self.client = self.client.environment(environment);
        self
    }

    /// Which region's gateway issues the tokens. Default: that of the client.
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

    /// Makes the credential. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`Error::is_configuration`] when there is no signer.
    pub fn build(self) -> Result<ConsumerCredential, Error> {
        let signer =
            self.signer.ok_or_else(|| Error::configuration("the consumer has no key: set `signer`"))?;
        let consumer = Consumer {
            signer,
            endpoint: self.endpoint,
            scope: self.scope,
            connection: Connection::new(self.client),
            fetch_timeout: self.fetch_timeout,
            store: self.store,
        };
        Ok(ConsumerCredential::new(Arc::new(consumer), None))
    }
}

impl fmt::Debug for ConsumerCredentialBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConsumerCredentialBuilder")
            .field("did", &self.signer.as_ref().map(|signer| signer.did()))
            .field("endpoint", &self.endpoint)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

//! Consumers: those who control a DID.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::issuer::{Issuer, IssuerSettings, name_in_store};
use super::token_endpoint;
use crate::auth::cache::TokenCache;
use crate::auth::signing::{DidSigner, by_did};
use crate::auth::token::{AccessToken, FetchFuture, TokenSource, jwt};
use crate::call::IntoRequest;
use crate::client::Client;
use crate::error::Error;
use crate::models;
use crate::wire::object;

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
/// the first client that it is passed to, and a client at another address refuses it.
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
    /// The service of this crate's API description, under `/iam` of the gateway.
    #[default]
    Iam,
    /// The consumer IAM, under `/cid` of the gateway.
    ConsumerIam,
}

struct Consumer {
    signer: Box<dyn DidSigner>,
    endpoint: ConsumerEndpoint,
    scope: Option<String>,
    issuer: Issuer,
}

impl ConsumerCredential {
    /// The consumer's own DID.
    pub fn did(&self) -> &str {
        self.consumer.signer.did()
    }

    /// The same consumer acting for the profile `profile_did`, which must have granted it access. Its tokens are for the
    /// profile and name the consumer as the actor (`act`, RFC 8693, section 4.1); others are refused.
    #[must_use]
    pub fn delegated(&self, profile_did: impl Into<String>) -> Self {
        Self::acting_for(self.consumer.clone(), Some(profile_did.into()))
    }

    /// The token for operations of scheme [`ConsumerTokenAuth`](crate::auth::SecurityScheme::ConsumerTokenAuth), from memory
    /// while it is valid.
    ///
    /// # Errors
    ///
    /// [`Error::is_credential`] when none is available, whatever else the error is.
    pub async fn token(&self) -> Result<AccessToken, Error> {
        self.tokens.token().await
    }

    /// A token that stays valid for at least `duration`; see [`TokenCache::token_with_min_ttl`].
    ///
    /// # Errors
    ///
    /// Those of [`token`](Self::token), and [`Error::is_configuration`] when tokens are not valid for that long.
    pub async fn token_with_min_ttl(&self, duration: Duration) -> Result<AccessToken, Error> {
        self.tokens.token_with_min_ttl(duration).await
    }

    /// The cache of its tokens, for use elsewhere: as the provider of another client, or in an `AuthorizationLayer`. It shares the
    /// tokens with this credential and is notified when a service refuses one.
    pub fn tokens(&self) -> TokenCache {
        self.tokens.clone()
    }

    pub(super) fn new(
        signer: Box<dyn DidSigner>,
        endpoint: ConsumerEndpoint,
        scope: Option<String>,
        issuer: IssuerSettings,
    ) -> Self {
        let issuer = Issuer::new(issuer);
        Self::acting_for(Arc::new(Consumer { signer, endpoint, scope, issuer }), None)
    }

    fn acting_for(consumer: Arc<Consumer>, profile: Option<String>) -> Self {
        let source = ConsumerTokens { consumer: consumer.clone(), profile: profile.clone() };
        let named = (consumer.clone(), profile.clone());
        let tokens = consumer.issuer.cache(source, "fetching the consumer token", move || {
            let (consumer, profile) = &named;
            let client = consumer.client()?;
            let profile = profile.as_deref().unwrap_or_default();
            let scope = consumer.scope.as_deref().unwrap_or_default();
            let parts = [client.base_url().as_str(), consumer.signer.did(), profile, scope];
            Ok(name_in_store("consumer-token", &parts))
        });
        Self { consumer, profile, tokens }
    }

    pub(super) fn bind(&self, client: &Client) -> Result<(), Error> {
        self.consumer.issuer.bind(client)?;
        self.consumer.client().map(drop)
    }
}

impl Consumer {
    /// The client of the service that issues the tokens.
    fn client(&self) -> Result<Client, Error> {
        let client = self.issuer.client()?;
        match self.endpoint {
            ConsumerEndpoint::Iam => Ok(client.clone()),
            ConsumerEndpoint::ConsumerIam => client.beside_iam("consumer IAM", "cid"),
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
            let mut assertion = by_did(&**signer, subject, &audience).await?;

            let (grant, kind) = match self.profile {
                None => (models::GrantType::ClientCredentials, models::ClientAssertionType::JwtBearer),
                Some(_) => {
                    (models::GrantType::AffinidiDelegation, models::ClientAssertionType::DelegationJwtBearer)
                }
            };
            let mut input = models::ConsumerAuthTokenEndpointInput::new(grant, kind, "").with_client_id(did);
            if let Some(scope) = scope {
                input = input.with_additional_property("scope", scope.as_str());
            }
            let request = client.consumer_auth().consumer_auth_token_endpoint(input.clone()).into_request();
            // The assertion moves through the model and back, to be overwritten at the end.
            std::mem::swap(&mut input.client_assertion, &mut assertion);
            let request = request.secret_json(&input);
            std::mem::swap(&mut input.client_assertion, &mut assertion);
            token_endpoint::fetch(request, |token| self.judge(token)).await
        })
    }

    fn check(&self, token: &AccessToken) -> Result<(), Error> {
        self.judge(token).map_err(Error::unusable_token)
    }
}

impl ConsumerTokens {
    /// Whether a token is for whom it should be for, and what is wrong if it is not.
    fn judge(&self, token: &AccessToken) -> Result<(), &'static str> {
        struct Subject {
            sub: Option<String>,
            act: Option<Box<Subject>>,
        }
        object!(Subject closed { optional sub = "sub", optional act = "act" });

        let claims: Subject = jwt::unverified_claims(token.secret())
            .ok_or("the access token has no claims that name its subject")?;
        if claims.sub.as_deref() != Some(self.subject()) {
            return Err("the access token is for another subject (`sub`)");
        }
        let actor = claims.act.as_ref().and_then(|act| act.sub.as_deref());
        if self.profile.is_some() && actor != Some(self.consumer.signer.did()) {
            return Err("the access token is for another actor (`act.sub`)");
        }
        Ok(())
    }

    /// Who the token is for.
    fn subject(&self) -> &str {
        self.profile.as_deref().unwrap_or(self.consumer.signer.did())
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

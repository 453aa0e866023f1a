//! Personal access tokens: a private key that identifies a machine user.

mod builder;
mod key;
mod key_file;
mod key_text;
mod project_id;
mod projects;
mod secret_file;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use zeroize::Zeroizing;

pub use self::builder::PersonalAccessTokenBuilder;
use self::key::Key;
use self::project_id::check_project_id;
use self::projects::Projects;
use super::issuer::{Issuer, name_in_store};
use super::token_endpoint;
use crate::auth::cache::TokenCache;
use crate::auth::signing::{Claims, Signer, signed};
use crate::auth::token::{AccessToken, FetchFuture, FetchedToken, TokenSource};
use crate::call::{Credentials, IntoRequest};
use crate::client::{Client, NamedUrl};
use crate::error::Error;
use crate::models;
use crate::support::random;

/// A personal access token (PAT): a machine user that proves itself with a private key.
///
/// It signs a client assertion (RFC 7523), exchanges it for a user token, and that for tokens of projects, each when it is
/// needed, and keeps them; see [`TokenCache`]. Passed to a client it serves the operations of both schemes:
///
/// ```
/// use affinidi_tdk_iam_client::{Client, auth, models};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let iam = affinidi_iam_local::LocalIam::start().await?;
/// let credential = auth::PersonalAccessToken::builder()
///     .token_id(iam.seeds().token_id())
///     .project_id(iam.seeds().project_id())
///     .private_key_pem(iam.seeds().private_key_pem()) // with `.passphrase(…)` if it is encrypted
///     .token_endpoint(iam.token_endpoint()) // leave out for the real service
///     .build()?;
/// let client = Client::builder().base_url(iam.base_url()).personal_access_token(credential.clone()).build()?;
/// let who = client.sts().whoami().await?; // needs a user token
/// let principals = client.projects().list_principals_of_project().await?; // needs a project token
///
/// // The same machine user in another project: no new user token is fetched.
/// let project = client.projects().create_project(models::CreateProjectInput::new("demo")).await?;
/// let token = credential.for_project(&project.id).project_token().await?;
/// # Ok(())
/// # }
/// ```
///
/// [`from_env`](Self::from_env) reads it from the environment variables of the official clients. A key that is not here signs through
/// a [`Signer`]; see [`PersonalAccessTokenBuilder::signer`].
///
/// A clone shares key and tokens. One credential serves clients of one service: what its builder leaves unset is taken from
/// the first client that it is passed to, and a client at another address refuses it.
#[derive(Clone)]
#[doc(alias = "PAT")]
pub struct PersonalAccessToken {
    identity: Arc<PatIdentity>,
    user: TokenCache,
    /// Not in the identity: the tokens' sources hold the identity, and neither would ever be dropped.
    projects: Arc<Projects>,
    /// An error where the id cannot be a project's.
    project: Option<Result<Project, Error>>,
}

#[derive(Clone)]
struct Project {
    id: String,
    tokens: TokenCache,
}

/// What the tokens of all projects share.
struct PatIdentity {
    token_id: String,
    /// What the builder set. Otherwise it is the signer's own, or the token id.
    key_id: Option<String>,
    key: Key,
    issuer: Issuer,
    token_endpoint: Option<NamedUrl>,
}

impl PersonalAccessToken {
    /// The same credential for another project: key and user token are shared, and so are the tokens of that project
    /// wherever they are used. The id is a UUID: with another text, whatever takes the credential or a project token from it fails with
    /// [`Error::is_configuration`], and nothing is sent.
    ///
    /// Any number of projects may be in use. Of those that no client and no clone of this credential serves, the tokens of the 500 to
    /// 1000 that were asked for last are kept.
    #[must_use]
    pub fn for_project(&self, project_id: impl fmt::Display) -> Self {
        let id = project_id.to_string();
        if let Err(error) = check_project_id(&id) {
            return Self { project: Some(Err(error)), ..self.clone() };
        }
        let tokens = self.projects.cache(&id, || {
            let source = ProjectTokens {
                identity: self.identity.clone(),
                user: self.user.clone(),
                project_id: id.clone(),
            };
            let (identity, project_id) = (self.identity.clone(), id.clone());
            let name = move || {
                let base_url = identity.issuer.client()?.base_url().as_str();
                let endpoint = identity.token_endpoint()?;
                let parts = [base_url, endpoint.base_url().as_str(), &identity.token_id, &project_id];
                Ok(name_in_store("project-token", &parts))
            };
            self.identity.issuer.cache(source, "fetching the project token", name)
        });
        Self { project: Some(Ok(Project { tokens, id })), ..self.clone() }
    }

    /// The token for operations of scheme [`UserTokenAuth`](crate::auth::SecurityScheme::UserTokenAuth), from memory while it is
    /// valid.
    ///
    /// # Errors
    ///
    /// [`Error::is_credential`] when none is available, whatever else the error is.
    pub async fn user_token(&self) -> Result<AccessToken, Error> {
        self.user.token().await
    }

    /// The token for operations of scheme [`ProjectTokenAuth`](crate::auth::SecurityScheme::ProjectTokenAuth), from memory while
    /// it is valid.
    ///
    /// # Errors
    ///
    /// [`Error::is_missing_token`] when the credential has no project, [`Error::is_configuration`] when its id is not a UUID, and
    /// [`Error::is_credential`] when no token is available.
    pub async fn project_token(&self) -> Result<AccessToken, Error> {
        self.project()?.tokens.token().await
    }

    /// A user token that stays valid for at least `duration`; see [`TokenCache::token_with_min_ttl`].
    ///
    /// # Errors
    ///
    /// Those of [`user_token`](Self::user_token), and [`Error::is_configuration`] when tokens are not valid for that long.
    pub async fn user_token_with_min_ttl(&self, duration: Duration) -> Result<AccessToken, Error> {
        self.user.token_with_min_ttl(duration).await
    }

    /// A project token that stays valid for at least `duration`; see [`TokenCache::token_with_min_ttl`].
    ///
    /// # Errors
    ///
    /// Those of [`project_token`](Self::project_token), and [`Error::is_configuration`] when tokens are not valid for that long.
    pub async fn project_token_with_min_ttl(&self, duration: Duration) -> Result<AccessToken, Error> {
        self.project()?.tokens.token_with_min_ttl(duration).await
    }

    /// Signs a token with which a browser opens a session of the Affinidi Iota Framework: for the configuration
    /// `configuration_id` of the credential's project, and for the user with this `did`. Without a `session_id` the session
    /// gets a random one. The token is valid for 5 minutes. Nothing is sent, except by a custom signer to its key; there is no time
    /// limit for it.
    ///
    /// # Errors
    ///
    /// [`Error::is_missing_token`] when the credential has no project, [`Error::is_configuration`] when its id is not a UUID, and
    /// whatever kept a custom signer from signing.
    pub async fn iota_token(
        &self,
        configuration_id: impl AsRef<str>,
        did: impl AsRef<str>,
        session_id: Option<&str>,
    ) -> Result<IotaToken, Error> {
        let session_id = match session_id {
            Some(id) => id.to_owned(),
            None => random::uuid()?.to_string(),
        };
        let principal = format!("token/{}", self.identity.token_id);
        let claims = IotaClaims {
            claims: Claims::new(&principal, &principal, did.as_ref())?,
            kid: &principal,
            project_id: &self.project()?.id,
            iota_configuration_id: configuration_id.as_ref(),
            iota_session_id: &session_id,
            scope: "iota_channel",
        };
        let token = AccessToken::new(&*self.identity.sign(&claims).await?)?;
        Ok(IotaToken { token, session_id })
    }

    /// The cache of its user tokens, for use elsewhere: as the provider of another client, or in an `AuthorizationLayer`. It shares
    /// the tokens with this credential and is notified when a service refuses one.
    pub fn user_tokens(&self) -> TokenCache {
        self.user.clone()
    }

    /// The cache of its project tokens, for use elsewhere.
    ///
    /// # Errors
    ///
    /// [`Error::is_missing_token`] when it has no project, and [`Error::is_configuration`] when its id is not a UUID.
    pub fn project_tokens(&self) -> Result<TokenCache, Error> {
        Ok(self.project()?.tokens.clone())
    }

    pub(in crate::auth::credentials) fn has_project(&self) -> bool {
        self.project.is_some()
    }

    pub(in crate::auth::credentials) fn bind(&self, client: &Client) -> Result<(), Error> {
        self.identity.issuer.bind(client)?;
        self.identity.token_endpoint().map(drop)
    }

    fn project(&self) -> Result<&Project, Error> {
        let project = self.project.as_ref().ok_or_else(|| {
            Error::missing_token(
                "the personal access token has no project: set `project_id` (PROJECT_ID) or use `for_project`",
            )
        })?;
        project.as_ref().map_err(Error::clone)
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

impl PatIdentity {
    async fn sign(&self, claims: &(impl Serialize + Sync)) -> Result<Zeroizing<String>, Error> {
        let signer = self.key.current().await;
        signed(&*signer, self.key_id(&*signer), claims).await
    }

    fn key_id<'a>(&'a self, signer: &'a dyn Signer) -> &'a str {
        let own = Some(signer.key_id()).filter(|id| !id.is_empty());
        self.key_id.as_deref().or(own).unwrap_or(&self.token_id)
    }

    async fn exchange(&self, endpoint: &Client, signer: &dyn Signer) -> Result<FetchedToken, Error> {
        // The audience is the URL that is posted to, in its normal form.
        let claims = Claims::new(&self.token_id, &self.token_id, endpoint.base_url().as_str())?;
        let assertion = signed(signer, self.key_id(signer), &claims).await?;
        token_endpoint::exchange(endpoint, &self.token_id, &assertion).await
    }

    /// A client whose base URL is the token endpoint.
    fn token_endpoint(&self) -> Result<Client, Error> {
        let client = self.issuer.client()?;
        match &self.token_endpoint {
            Some(NamedUrl { name, text }) => client.with_base_url(name, text),
            None if client.is_local() => Err(Error::configuration(
                "the base URL is on this machine and the default token endpoint is the real service's: set `token_endpoint` \
                     on the personal access token (TOKEN_ENDPOINT)",
            )),
            None => client.with_base_url("token endpoint", client.environment().token_endpoint()),
        }
    }
}

/// From the key to a user token.
struct UserTokens(Arc<PatIdentity>);

impl TokenSource for UserTokens {
    fn fetch(&self) -> FetchFuture<'_> {
        Box::pin(async {
            let (identity, endpoint) = (&*self.0, self.0.token_endpoint()?);
            let signer = identity.key.current().await;
            match identity.exchange(&endpoint, &*signer).await {
                // The key was replaced, at the service and perhaps here. An unregistered `kid` is an invalid request.
                Err(refusal) if matches!(refusal.status().map(|status| status.as_u16()), Some(400 | 401)) => {
                    let signer = identity.key.after_refusal(&signer, refusal).await?;
                    identity.exchange(&endpoint, &*signer).await
                }
                outcome => outcome,
            }
        })
    }
}

/// From the user token to a project token.
struct ProjectTokens {
    identity: Arc<PatIdentity>,
    user: TokenCache,
    project_id: String,
}

impl TokenSource for ProjectTokens {
    fn fetch(&self) -> FetchFuture<'_> {
        Box::pin(async {
            // An ordinary call, so a rejected user token is replaced like that of any other.
            let client =
                self.identity.issuer.client()?.with_credentials(Credentials::user(self.user.clone()));
            let input = models::CreateProjectScopedTokenInput::new(&self.project_id);
            let request = client.sts().create_project_scoped_token(input).into_request();
            let fetched = token_endpoint::fetch(request, |_| Ok(())).await;
            // The service does not say which project it means.
            fetched.map_err(|error| error.about(format_args!("project {}", self.project_id)))
        })
    }
}

impl fmt::Debug for PersonalAccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signer = self.identity.key.known();
        f.debug_struct("PersonalAccessToken")
            .field("token_id", &self.identity.token_id)
            .field("key_id", &self.identity.key_id(&*signer))
            .field("algorithm", &signer.algorithm())
            .field("project_id", &self.project().ok().map(|project| &project.id))
            .finish_non_exhaustive()
    }
}

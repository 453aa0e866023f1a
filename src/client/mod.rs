//! Entry point: [`Client`] and its builder.

mod builder;
mod credential;
mod environment;

use std::fmt;
use std::sync::Arc;

use url::Url;

pub use self::builder::ClientBuilder;
pub(crate) use self::credential::Credential;
pub use self::environment::{Environment, Region};
pub(crate) use self::environment::{NamedUrl, Variables};
use crate::call::{BaseUrl, Credentials, Settings};
use crate::error::Error;

/// A client of the service: holds the connections, the credentials and the limits that every call shares.
///
/// It is cheap to clone and every clone shares the same connections; make one and keep it, in each runtime: a connection belongs to
/// the `tokio` runtime that made it, and is of no use in another while that one is not driven. For one client in several runtimes set
/// [`pool_idle_timeout`](ClientBuilder::pool_idle_timeout) to zero. In paused time (`tokio::time::pause`) a call over a socket ends at
/// once as a timeout: use a [`transport`](ClientBuilder::transport) without sockets in such tests. The operations are grouped by the
/// tags of the API description, one method per group; each operation is a builder that is sent by awaiting it.
///
/// For the real service, with the credential that the environment variables `TOKEN_ID`, `PRIVATE_KEY` and `PROJECT_ID` describe:
///
/// ```no_run
/// use affinidi_tdk_iam_client::Client;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let client = Client::from_env()?;
/// let mut principals = client.projects().list_principals_of_project().into_stream();
/// while let Some(principal) = principals.try_next().await? {
///     println!("{}", principal.principal_id);
/// }
/// # Ok(())
/// # }
/// ```
///
/// For the local service, which runs in the same process:
///
/// ```
/// use affinidi_tdk_iam_client::{Client, auth};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let iam = affinidi_iam_local::LocalIam::start().await?;
/// let user = auth::StaticToken::new(iam.user_token()?);
/// let client = Client::builder().base_url(iam.base_url()).user_token(user).build()?;
/// let who = client.sts().whoami().await?;
/// println!("{} is a {}", who.principal_id, who.principal_type);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    settings: Arc<Settings>,
    environment: Environment,
    plain_http: bool,
}

impl Client {
    /// The URL that every path of the API description is appended to.
    pub fn base_url(&self) -> &Url {
        &self.settings.base_url
    }

    /// How many retries are left of [`ClientBuilder::retry_budget`]: a metric to watch, near zero in an outage.
    pub fn retries_left(&self) -> u32 {
        self.settings.retry_budget.left()
    }

    pub(crate) fn settings(&self) -> &Arc<Settings> {
        &self.settings
    }

    pub(crate) fn environment(&self) -> Environment {
        self.environment
    }

    /// The same client with other credentials.
    pub(crate) fn with_credentials(&self, credentials: Credentials) -> Self {
        self.with_settings(Settings { credentials, ..Settings::clone(&self.settings) })
    }

    /// The same client at another URL, which `name` describes in errors.
    ///
    /// # Errors
    ///
    /// [`Error::is_configuration`] when the URL breaks the rules of [`ClientBuilder::base_url`].
    pub(crate) fn with_base_url(&self, name: &str, url: &str) -> Result<Self, Error> {
        let base_url = BaseUrl::checked(name, url, self.plain_http)?;
        Ok(self.with_settings(Settings { base_url, ..Settings::clone(&self.settings) }))
    }

    /// The same client at another service of the same gateway, such as `cid`, which `name` describes in errors.
    ///
    /// # Errors
    ///
    /// [`Error::is_configuration`] when the base URL does not end with `/iam`.
    pub(crate) fn beside_iam(&self, name: &str, service: &str) -> Result<Self, Error> {
        let Some(gateway) = self.base_url().as_str().strip_suffix("iam").filter(|url| url.ends_with('/'))
        else {
            let why = format!("the base URL must end with `/iam` to derive the URL of the {name}");
            return Err(Error::configuration(why));
        };
        self.with_base_url(&format!("URL of the {name}"), &format!("{gateway}{service}"))
    }

    /// The same client, except that every call fails with `reason` and nothing is sent.
    #[cfg(feature = "consumer-iam")]
    pub(crate) fn refusing(&self, reason: Error) -> Self {
        self.with_settings(Settings { refused: Some(reason), ..Settings::clone(&self.settings) })
    }

    /// Whether the service is on this machine.
    pub(crate) fn is_local(&self) -> bool {
        self.settings.base_url.is_loopback()
    }

    fn with_settings(&self, settings: Settings) -> Self {
        Self { settings: Arc::new(settings), ..self.clone() }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.settings.base_url.as_str())
            .field("attempt_timeout", &self.settings.defaults.attempt_timeout)
            .field("timeout", &self.settings.defaults.timeout)
            .field("body_limit", &self.settings.defaults.body_limit)
            .field("retry_policy", &self.settings.defaults.retry_policy)
            .field("credentials", &self.settings.credentials)
            .finish_non_exhaustive()
    }
}

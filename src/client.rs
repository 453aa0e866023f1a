//! The one door: [`Client`] and how it is built.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, USER_AGENT};
use http::{HeaderMap, HeaderValue};
use url::Url;

use crate::Error;
use crate::auth::{
    AuthorizationForm, ConsumerCredential, PersonalAccessToken, SecurityScheme, TokenProvider,
};
use crate::base_url::BaseUrl;
use crate::environment::{Environment, Region, Variables};
use crate::header;
use crate::observe::CallObserver;
use crate::rate_limit::RateLimit;
use crate::retry::{RetryBudget, RetryPolicy};
use crate::transport::{ReqwestTransport, Transport};

/// A client of the service: holds the connections, the credentials and the limits that every call shares.
///
/// It is cheap to clone and every clone shares the same connections; make one and keep it. The operations are grouped as
/// in the contract, one method per group; each operation is a builder that is sent by awaiting it.
///
/// ```
/// use affinidi_tdk_iam_client::{Client, auth};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let iam = affinidi_iam_local::LocalIam::start().await?; // leave out for the real service
/// let user = auth::StaticToken::new(iam.user_token()?);
/// let client = Client::builder().base_url(iam.base_url()).user_token(user).build()?;
/// let who = client.sts().whoami().await?;
/// println!("{} is a {}", who.principal_id, who.principal_type);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    inner: Arc<Settings>,
}

/// What a call needs to know of its client.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) base_url: BaseUrl,
    environment: Environment,
    plain_http: bool,
    pub(crate) transport: Arc<dyn Transport>,
    /// Sent with every request.
    pub(crate) headers: HeaderMap,
    pub(crate) attempt_timeout: Duration,
    pub(crate) timeout: Duration,
    pub(crate) body_limit: usize,
    pub(crate) authorization_form: AuthorizationForm,
    pub(crate) retry_policy: RetryPolicy,
    pub(crate) retry_budget: Arc<RetryBudget>,
    pub(crate) rate_limit: Option<Arc<RateLimit>>,
    pub(crate) observer: Option<Arc<dyn CallObserver>>,
    pub(crate) credentials: Credentials,
}

/// One provider for each security scheme of the contract.
#[derive(Clone, Default)]
pub(crate) struct Credentials {
    user_token: Option<Arc<dyn TokenProvider>>,
    project_token: Option<Arc<dyn TokenProvider>>,
    consumer_token: Option<Arc<dyn TokenProvider>>,
}

impl Credentials {
    /// The provider for `scheme`.
    ///
    /// # Errors
    ///
    /// [`Error::is_missing_token`], naming the builder method to call.
    pub(crate) fn provider(&self, scheme: SecurityScheme) -> Result<&dyn TokenProvider, Error> {
        let (provider, missing) = match scheme {
            SecurityScheme::UserTokenAuth => (
                &self.user_token,
                "the operation needs a user token and the client has none: give it one with \
                 `ClientBuilder::user_token` or `ClientBuilder::personal_access_token`",
            ),
            SecurityScheme::ProjectTokenAuth => (
                &self.project_token,
                "the operation needs a project token and the client has none: give it one with \
                 `ClientBuilder::project_token`, or with `ClientBuilder::personal_access_token` and a project",
            ),
            SecurityScheme::ConsumerTokenAuth => (
                &self.consumer_token,
                "the operation needs a consumer token and the client has none: give it one with \
                 `ClientBuilder::consumer_token` or `ClientBuilder::consumer_credential`",
            ),
        };
        provider.as_deref().ok_or_else(|| Error::missing_token(missing))
    }
}

/// A credential as a client sees it: without its type, so that a program without credentials links no handling of keys.
trait Credential: Send + Sync {
    /// Takes from `client` what the credential was not told, and provides for the schemes that have no provider yet.
    fn serve(&self, client: &Client, credentials: &mut Credentials) -> Result<(), Error>;
}

impl Credential for PersonalAccessToken {
    fn serve(&self, client: &Client, credentials: &mut Credentials) -> Result<(), Error> {
        self.bind(client)?;
        credentials.user_token.get_or_insert_with(|| Arc::new(self.user_tokens().clone()));
        if let Some(tokens) = self.project_tokens() {
            credentials.project_token.get_or_insert_with(|| Arc::new(tokens.clone()));
        }
        Ok(())
    }
}

impl Credential for ConsumerCredential {
    fn serve(&self, client: &Client, credentials: &mut Credentials) -> Result<(), Error> {
        self.bind(client)?;
        credentials.consumer_token.get_or_insert_with(|| Arc::new(self.tokens().clone()));
        Ok(())
    }
}

impl Client {
    /// A client of the production service, without credentials, with default limits: the same as
    /// `Client::builder().build()`.
    ///
    /// # Errors
    ///
    /// [`Error::is_configuration`] when the TLS library cannot be set up.
    pub fn new() -> Result<Self, Error> {
        Self::builder().build()
    }

    /// A client with the address and the credential that the environment variables of the official clients name: the same
    /// as `Client::builder().from_env()?.build()`. See [`ClientBuilder::from_env`].
    ///
    /// # Errors
    ///
    /// Those of [`ClientBuilder::from_env`] and of [`ClientBuilder::build`].
    pub fn from_env() -> Result<Self, Error> {
        Self::builder().from_env()?.build()
    }

    /// Starts building a client.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// The URL that every path of the contract is appended to.
    pub fn base_url(&self) -> &Url {
        &self.inner.base_url
    }

    /// How many repeated requests [`ClientBuilder::retry_budget`] has left: a metric to watch, near zero in an outage.
    pub fn retries_left(&self) -> u32 {
        self.inner.retry_budget.left()
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.inner
    }

    pub(crate) fn environment(&self) -> Environment {
        self.inner.environment
    }

    /// The same client with other credentials.
    pub(crate) fn with_credentials(&self, credentials: Credentials) -> Self {
        Self { inner: Arc::new(Settings { credentials, ..Settings::clone(&self.inner) }) }
    }

    /// The same client at another URL, which `name` describes in errors.
    ///
    /// # Errors
    ///
    /// [`Error::is_configuration`] when the URL breaks the rules of [`ClientBuilder::base_url`].
    pub(crate) fn at(&self, name: &str, url: &str) -> Result<Self, Error> {
        let base_url = BaseUrl::checked(name, url, self.inner.plain_http)?;
        Ok(Self { inner: Arc::new(Settings { base_url, ..Settings::clone(&self.inner) }) })
    }

    /// Whether the service is on this machine.
    pub(crate) fn is_local(&self) -> bool {
        self.inner.base_url.is_loopback()
    }
}

impl Credentials {
    pub(crate) fn user(provider: impl TokenProvider) -> Self {
        Self { user_token: Some(Arc::new(provider)), ..Self::default() }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.inner.base_url.as_str())
            .field("attempt_timeout", &self.inner.attempt_timeout)
            .field("timeout", &self.inner.timeout)
            .field("body_limit", &self.inner.body_limit)
            .field("retry_policy", &self.inner.retry_policy)
            .field("credentials", &self.inner.credentials)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("user_token", &self.user_token.is_some())
            .field("project_token", &self.project_token.is_some())
            .field("consumer_token", &self.consumer_token.is_some())
            .finish()
    }
}

/// Builds a [`Client`]. Every setting has a default that is safe in production.
///
/// ```
/// use std::time::Duration;
///
/// use affinidi_tdk_iam_client::{Client, Region, RetryPolicy};
///
/// # fn main() -> Result<(), affinidi_tdk_iam_client::Error> {
/// let client = Client::builder()
///     .region(Region::Use1)
///     .timeout(Duration::from_secs(20))
///     .retry_policy(RetryPolicy::new().max_attempts(5))
///     .requests_per_second(50)
///     .user_agent("shop/1.4")?
///     .build()?;
/// assert_eq!(client.base_url().as_str(), "https://use1.api.affinidi.io/iam");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct ClientBuilder {
    base_url: Option<String>,
    environment: Option<Environment>,
    region: Option<Region>,
    plain_http: bool,
    transport: Option<Arc<dyn Transport>>,
    headers: HeaderMap,
    connect_timeout: Duration,
    attempt_timeout: Duration,
    timeout: Duration,
    body_limit: usize,
    authorization_form: AuthorizationForm,
    retry_policy: RetryPolicy,
    retry_budget: u32,
    requests_per_second: Option<u32>,
    max_concurrent_requests: Option<usize>,
    observer: Option<Arc<dyn CallObserver>>,
    credentials: Credentials,
    personal_access_token: Option<Arc<dyn Credential>>,
    consumer_credential: Option<Arc<dyn Credential>>,
}

impl Default for ClientBuilder {
    fn default() -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        headers.insert(
            USER_AGENT,
            HeaderValue::from_static(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"))),
        );
        Self {
            base_url: None,
            environment: None,
            region: None,
            plain_http: false,
            transport: None,
            headers,
            connect_timeout: Duration::from_secs(5),
            attempt_timeout: Duration::from_secs(15),
            timeout: Duration::from_secs(60),
            body_limit: 8 * 1024 * 1024,
            authorization_form: AuthorizationForm::default(),
            retry_policy: RetryPolicy::default(),
            retry_budget: 50,
            requests_per_second: None,
            max_concurrent_requests: None,
            observer: None,
            credentials: Credentials::default(),
            personal_access_token: None,
            consumer_credential: None,
        }
    }
}

impl ClientBuilder {
    /// The URL that every path of the contract is appended to, instead of the one that environment and region give. It
    /// must be `https`, or `http` to this machine (a loopback address or `localhost`), and have no user, query or fragment.
    pub fn base_url(mut self, url: impl AsRef<str>) -> Self {
        self.base_url = Some(url.as_ref().to_owned());
        self
    }

    /// Which deployment to talk to. Default: [`Environment::Production`].
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = Some(environment);
        self
    }

    /// Which region's gateway to talk to. Default: [`Region::Apse1`].
    pub fn region(mut self, region: Region) -> Self {
        self.region = Some(region);
        self
    }

    /// Allows a base URL with plain `http` to any host. Tokens then cross the network readable and changeable by everybody
    /// on the way; use it only inside a network that you trust as much as this machine.
    pub fn allow_plain_http_to_any_host(mut self) -> Self {
        self.plain_http = true;
        self
    }

    /// The `reqwest` client (version 0.13) to send with, instead of one made here: for proxies, own certificates, middleware
    /// below HTTP.
    ///
    /// Its own timeouts apply beside this client's, and [`connect_timeout`](Self::connect_timeout) does not. Switch off its
    /// redirects and retries (`redirect::Policy::none()`, `retry::never()`): a client that follows redirects would repeat
    /// a request, and the tokens or assertions in it, to a host that it was not meant for.
    pub fn http_client(self, client: reqwest::Client) -> Self {
        self.transport(ReqwestTransport::from(client))
    }

    /// The transport to send with, instead of HTTP by `reqwest`; a middleware wraps a [`ReqwestTransport`].
    /// [`connect_timeout`](Self::connect_timeout) does not apply to it, the other limits do.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// How long making a connection may take, name resolution and TLS included. Default: 5 s. More is
    /// [`Error::is_timeout`] and [`Error::is_connect`].
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long one attempt may take, from sending to the last byte of the answer. Default: 15 s. More is
    /// [`Error::is_timeout`], and may be tried again.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// How long a whole call may take, waiting for a token, for the client's own limits and all attempts included. Default:
    /// 60 s. More is [`Error::is_timeout`]. A request builder's `timeout` sets it for one call.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How often and how soon a failed request is repeated. Default: [`RetryPolicy::new`]. A request builder's `retry_policy`
    /// sets it for one call.
    pub fn retry_policy(mut self, policy: RetryPolicy) -> Self {
        self.retry_policy = policy;
        self
    }

    /// How many repeated requests all calls of this client and its clones may send together before ten calls have to succeed
    /// for each further one. Default: 50. [`Client::retries_left`] says what is left.
    pub fn retry_budget(mut self, retries: u32) -> Self {
        self.retry_budget = retries;
        self
    }

    /// How many requests this client and its clones send per second at most, evenly spread: after a pause, what a hundredth of
    /// a second brings may go at once. Default: no limit; 0 counts as 1.
    ///
    /// Every request counts, also repeated ones and those for tokens. Calls wait their turn in the order they came, within
    /// their [`timeout`](Self::timeout): one whose turn does not come in time ends with [`Error::is_timeout`], and one that
    /// is dropped holds up nobody.
    pub fn requests_per_second(mut self, requests: u32) -> Self {
        self.requests_per_second = Some(requests);
        self
    }

    /// How many requests of this client and its clones are under way at a time at most, each from sending to the last byte of
    /// its answer. Default: no limit; 0 counts as 1.
    ///
    /// Calls wait as for [`requests_per_second`](Self::requests_per_second). Between two attempts a call holds no place.
    pub fn max_concurrent_requests(mut self, requests: usize) -> Self {
        self.max_concurrent_requests = Some(requests);
        self
    }

    /// Who is told how every attempt and every call ended, for metrics. Default: nobody.
    pub fn observer(mut self, observer: impl CallObserver) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// The most bytes of an answer's body that are read, as received and again after decompression. Default: 8 MiB. More is
    /// [`Error::is_body_too_large`].
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// The `user-agent` header. Default: name and version of this crate.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_request`] when the text cannot stand in a header.
    pub fn user_agent(self, user_agent: impl AsRef<str>) -> Result<Self, Error> {
        self.default_header(USER_AGENT.as_str(), user_agent)
    }

    /// A header for every request. A request builder's `header` of the same name wins. Values are kept out of `Debug`.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_request`] when name or value cannot stand in a header or have control characters, when HTTP
    /// itself sets that header (such as `host`), and for `authorization`: it would also go to operations that need no
    /// token.
    pub fn default_header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Result<Self, Error> {
        let (name, value) = header::checked(name.as_ref(), value.as_ref())?;
        if name == AUTHORIZATION {
            return Err(Error::request(
                "`authorization` cannot be a default header, it would go to operations that need no token: use \
                 `user_token`, `project_token` or `consumer_token`",
            ));
        }
        self.headers.insert(name, value);
        Ok(self)
    }

    /// How tokens are written into the `authorization` header. Default: [`AuthorizationForm::Contract`].
    pub fn authorization_form(mut self, form: AuthorizationForm) -> Self {
        self.authorization_form = form;
        self
    }

    /// Supplies tokens to the operations of scheme [`UserTokenAuth`](SecurityScheme::UserTokenAuth). Default: nobody, and
    /// those operations end with [`Error::is_missing_token`].
    pub fn user_token(mut self, provider: impl TokenProvider) -> Self {
        self.credentials.user_token = Some(Arc::new(provider));
        self
    }

    /// Supplies tokens to the operations of scheme [`ProjectTokenAuth`](SecurityScheme::ProjectTokenAuth). Default: nobody, and
    /// those operations end with [`Error::is_missing_token`].
    pub fn project_token(mut self, provider: impl TokenProvider) -> Self {
        self.credentials.project_token = Some(Arc::new(provider));
        self
    }

    /// Supplies tokens to the operations of scheme [`ConsumerTokenAuth`](SecurityScheme::ConsumerTokenAuth). Default: nobody, and
    /// those operations end with [`Error::is_missing_token`].
    pub fn consumer_token(mut self, provider: impl TokenProvider) -> Self {
        self.credentials.consumer_token = Some(Arc::new(provider));
        self
    }

    /// Supplies user tokens and, if it has a project, project tokens from one credential. What the credential's builder
    /// leaves unset is taken from this client: base URL, environment and transport. A provider that
    /// [`user_token`](Self::user_token) or [`project_token`](Self::project_token) sets goes first.
    pub fn personal_access_token(mut self, credential: PersonalAccessToken) -> Self {
        self.personal_access_token = Some(Arc::new(credential));
        self
    }

    /// Supplies consumer tokens from a credential. What the credential's builder leaves unset is taken from this client: base
    /// URL, environment and transport. A provider that [`consumer_token`](Self::consumer_token) sets goes first.
    pub fn consumer_credential(mut self, credential: ConsumerCredential) -> Self {
        self.consumer_credential = Some(Arc::new(credential));
        self
    }

    /// Takes from the environment variables of the official clients what is not set here: `AFFINIDI_TDK_ENVIRONMENT` or
    /// `API_GATEWAY_URL`, and a [`PersonalAccessToken`] if one of `TOKEN_ID` and `PRIVATE_KEY` is set; see
    /// [`PersonalAccessTokenBuilder::from_env`](crate::auth::PersonalAccessTokenBuilder::from_env). An empty variable counts
    /// as unset.
    ///
    /// # Errors
    ///
    /// [`Error::is_configuration`] when a variable has a value that is not known or cannot be read, or is missing beside one
    /// that needs it.
    pub fn from_env(self) -> Result<Self, Error> {
        self.with_variables(&Variables::of_process())
    }

    pub(crate) fn with_variables(mut self, variables: &Variables<'_>) -> Result<Self, Error> {
        self = self.with_address_of(variables)?;
        if self.personal_access_token.is_none()
            && let Some(credential) = PersonalAccessToken::from_variables(variables)?
        {
            self = self.personal_access_token(credential);
        }
        Ok(self)
    }

    /// Where the service is, unless it is set.
    pub(crate) fn with_address_of(mut self, variables: &Variables<'_>) -> Result<Self, Error> {
        if !self.has_address() {
            self.base_url = variables.base_url()?;
        }
        if self.environment.is_none() {
            self.environment = variables.environment()?;
        }
        Ok(self)
    }

    fn has_address(&self) -> bool {
        self.base_url.is_some() || self.environment.is_some() || self.region.is_some()
    }

    fn address(&self, plain_http: bool) -> Result<BaseUrl, Error> {
        match &self.base_url {
            Some(url) => BaseUrl::checked("base URL", url, plain_http),
            None => {
                let gateway =
                    self.environment.unwrap_or_default().gateway_url(self.region.unwrap_or_default());
                BaseUrl::checked("base URL", &(gateway + "/iam"), plain_http)
            }
        }
    }

    /// The client that a credential sends with: what is unset here is as in `client`, without its credentials.
    pub(crate) fn completed_from(self, client: &Client) -> Result<Client, Error> {
        let settings = client.settings();
        let base_url = match self.has_address() {
            true => self.address(settings.plain_http)?,
            false => settings.base_url.clone(),
        };
        Ok(Client {
            inner: Arc::new(Settings {
                base_url,
                environment: self.environment.unwrap_or(settings.environment),
                transport: self.transport.unwrap_or_else(|| settings.transport.clone()),
                credentials: Credentials::default(),
                // A credential repeats its requests itself, each time with a fresh assertion.
                retry_policy: RetryPolicy::never(),
                ..settings.clone()
            }),
        })
    }

    /// Makes the client. Nothing is sent and nothing is spawned.
    ///
    /// # Errors
    ///
    /// [`Error::is_configuration`] when the base URL breaks the rules of [`base_url`](Self::base_url), a credential does not
    /// fit, or TLS is needed and not there: without the features `rustls` and `native-tls`, `https` takes an
    /// [`http_client`](Self::http_client) or a [`transport`](Self::transport) of your own.
    pub fn build(self) -> Result<Client, Error> {
        let base_url = self.address(self.plain_http)?;
        let transport = match self.transport {
            Some(transport) => transport,
            None => {
                if base_url.scheme() == "https" && !cfg!(any(feature = "rustls", feature = "native-tls")) {
                    return Err(Error::configuration(
                        "https needs TLS: turn on the feature `rustls` or `native-tls` of this crate, or bring an `http_client`",
                    ));
                }
                // A proxy would see what plain HTTP to this machine was trusted to keep on this machine.
                let use_proxy = !(base_url.scheme() == "http" && base_url.is_loopback());
                let transport = ReqwestTransport::new(self.connect_timeout, use_proxy).map_err(|error| {
                    Error::configuration("the HTTP client could not be set up")
                        .with_source(error.without_url())
                })?;
                Arc::new(transport)
            }
        };
        let client = Client {
            inner: Arc::new(Settings {
                base_url,
                environment: self.environment.unwrap_or_default(),
                plain_http: self.plain_http,
                transport,
                headers: self.headers,
                attempt_timeout: self.attempt_timeout,
                timeout: self.timeout,
                body_limit: self.body_limit,
                authorization_form: self.authorization_form,
                retry_policy: self.retry_policy,
                retry_budget: Arc::new(RetryBudget::new(self.retry_budget)),
                rate_limit: RateLimit::new(self.requests_per_second, self.max_concurrent_requests)
                    .map(Arc::new),
                observer: self.observer,
                credentials: Credentials::default(),
            }),
        };
        let mut credentials = self.credentials;
        for credential in [self.personal_access_token, self.consumer_credential].into_iter().flatten() {
            credential.serve(&client, &mut credentials)?;
        }
        Ok(client.with_credentials(credentials))
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("environment", &self.environment)
            .field("region", &self.region)
            .field("connect_timeout", &self.connect_timeout)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("timeout", &self.timeout)
            .field("body_limit", &self.body_limit)
            .field("retry_policy", &self.retry_policy)
            .field("requests_per_second", &self.requests_per_second)
            .field("max_concurrent_requests", &self.max_concurrent_requests)
            .field("credentials", &self.credentials)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::Client;

    #[test]
    fn the_default_base_url_is_production() {
        let client = Client::new().unwrap();
        assert_eq!(client.base_url().as_str(), "https://apse1.api.affinidi.io/iam");
    }
}

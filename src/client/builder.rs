//! Building a client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, USER_AGENT};
use http::{HeaderMap, HeaderValue};

use super::{Client, Credential, Environment, NamedUrl, Region, Variables};
use crate::auth::token::{AuthorizationFormat, TokenProvider};
use crate::call::{
    BaseUrl, Credentials, Defaults, OriginHeaders, RateLimit, RetryBudget, RetryPolicy, Settings,
    checked_header,
};
use crate::error::Error;
use crate::observe::CallObserver;
use crate::transport::{
    AnyTransport, Configure, ConnectionSettings, DEFAULT_BODY_LIMIT, ReqwestTransport, Transport,
};

impl Client {
    /// A client of the production service, without credentials, with default limits: the same as
    /// `Client::builder().build()`.
    ///
    /// # Errors
    ///
    /// [`Error::is_configuration`] when TLS cannot be set up, such as on a machine without certificate authorities.
    pub fn new() -> Result<Self, Error> {
        Self::builder().build()
    }

    /// Starts building a client.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
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
///     .user_agent("shop/1.4")
///     .build()?;
/// assert_eq!(client.base_url().as_str(), "https://use1.api.affinidi.io/iam");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct ClientBuilder {
    base_url: Option<NamedUrl>,
    environment: Option<Environment>,
    region: Option<Region>,
    plain_http: bool,
    transport: Option<AnyTransport>,
    connections: ConnectionSettings,
    defaults: Defaults,
    default_headers: HeaderMap,
    retry_budget: u32,
    requests_per_second: Option<u32>,
    max_concurrent_requests: Option<usize>,
    credentials: Credentials,
    personal_access_token: Option<Arc<dyn Credential>>,
    consumer_credential: Option<Arc<dyn Credential>>,
    /// Why the client cannot be built, from a setter.
    refused: Option<Error>,
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
            connections: ConnectionSettings::default(),
            defaults: Defaults {
                headers,
                attempt_timeout: Duration::from_secs(15),
                timeout: Duration::from_secs(60),
                body_limit: DEFAULT_BODY_LIMIT,
                authorization_format: AuthorizationFormat::default(),
                retry_policy: RetryPolicy::default(),
                observer: None,
            },
            default_headers: HeaderMap::new(),
            retry_budget: 50,
            requests_per_second: None,
            max_concurrent_requests: None,
            credentials: Credentials::default(),
            personal_access_token: None,
            consumer_credential: None,
            refused: None,
        }
    }
}

impl ClientBuilder {
    /// The URL that every path of the API description is appended to, instead of the one for environment and region. It
    /// must be `https`, or `http` to this machine (a loopback address or `localhost`), and have no user, query or fragment.
    pub fn base_url(mut self, url: impl AsRef<str>) -> Self {
        self.base_url = Some(NamedUrl { name: "base URL", text: url.as_ref().to_owned() });
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

    /// Allows a base URL with plain `http` to any host. Tokens are then sent in cleartext and can be read or modified in transit;
    /// use it only inside a network that you trust as much as this machine.
    pub fn allow_plain_http_to_any_host(mut self) -> Self {
        self.plain_http = true;
        self
    }

    /// Settings of `reqwest` (version 0.13) for the built-in HTTP client: certificate authorities, a client certificate, a proxy, the
    /// number of idle connections, name resolution. Default: none. A second call replaces the first.
    ///
    /// The closure is called once for each kind of route (this machine, others directly, others through the environment's proxy,
    /// each with and without TLS) that a request needs, the first time by [`build`](Self::build); a panic in it is passed on. What
    /// it sets is kept, except for what makes a request safe:
    ///
    /// | Setting | What applies |
    /// | --- | --- |
    /// | redirects, retries, `referer`, decompression | always off: the client retries and decompresses itself |
    /// | `connect_timeout`, `pool_idle_timeout` | the methods of this builder |
    /// | `timeout`, `read_timeout` | both: these and the timeouts of this builder |
    /// | `user_agent`, and default headers that a request has already | the methods of this builder; other default headers go to every host |
    /// | `proxy`, `no_proxy` | instead of the environment's proxies, except to this machine, which no proxy is used for |
    /// | `dns_resolver` | for other names than `localhost` and those below it |
    /// | authorities without TLS | an `https` proxy for `http` URLs is trusted by those set here, not by the operating system's |
    ///
    /// [`build`](Self::build) fails with [`Error::is_configuration`] for what cannot be used, such as a text that is not a
    /// certificate, and beside [`http_client`](Self::http_client) or [`transport`](Self::transport), which replace the built-in
    /// client.
    #[doc(alias("proxy", "certificate"))]
    pub fn configure_http(
        mut self,
        configure: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.connections.configure = Some(Configure::new(configure));
        self
    }

    /// The `reqwest` client (version 0.13) to send with, instead of the built-in one. For certificates, proxies and the like use
    /// [`configure_http`](Self::configure_http), which keeps the safe settings.
    ///
    /// Its own timeouts apply beside this client's, and [`connect_timeout`](Self::connect_timeout) and
    /// [`pool_idle_timeout`](Self::pool_idle_timeout) do not. Which proxy a request goes through, also one to this machine, and what
    /// names resolve to, also `*.localhost`, is up to it. Switch off its redirects and retries (`redirect::Policy::none()`,
    /// `retry::never()`): a client that follows redirects would send a request again, with the tokens or assertions in it, to a
    /// host that it was not meant for.
    pub fn http_client(self, client: reqwest::Client) -> Self {
        self.transport(ReqwestTransport::from(client))
    }

    /// The transport to send with, instead of HTTP by `reqwest`; a middleware wraps a [`ReqwestTransport`].
    /// [`connect_timeout`](Self::connect_timeout) and the settings of idle connections do not apply to it, the
    /// other limits do.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(AnyTransport::of(transport));
        self
    }

    /// How long making a connection may take, name resolution and TLS included. Default: 5 s. Exceeding it
    /// fails with an error for which both [`Error::is_timeout`] and [`Error::is_connect`] are true.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connections.connect_timeout = timeout;
        self
    }

    /// How long a connection is kept for the next request while it is idle. Default: 15 s, less than load balancers and servers
    /// usually wait before they close one, because a `POST` that meets such a close fails. With `Duration::ZERO` every request
    /// makes its own connection.
    pub fn pool_idle_timeout(mut self, timeout: Duration) -> Self {
        self.connections.pool_idle_timeout = timeout;
        self
    }

    /// How many idle connections to one host are kept at most; more are closed when their requests are done. Default: 256, which is
    /// enough for as many calls in flight without a new connection, and bounds the memory that a wave of calls leaves behind.
    /// A number that [`configure_http`](Self::configure_http) sets wins.
    pub fn pool_max_idle_per_host(mut self, connections: usize) -> Self {
        self.connections.pool_max_idle_per_host = connections;
        self
    }

    /// How many connections of HTTP/2 are made to one host at most; another one is made when 100 requests are in flight on each of those
    /// that there are, which is the least that services should allow (RFC 9113, section 6.5.2). Default: 100; 0 counts as 1. A request
    /// waits for its turn for the [`connect_timeout`](Self::connect_timeout), and then fails with an error for which both
    /// [`Error::is_timeout`] and [`Error::is_connect`] are true.
    #[cfg(feature = "http2")]
    pub fn http2_max_connections_per_host(mut self, connections: usize) -> Self {
        self.connections.http2_max_connections = connections.max(1);
        self
    }

    /// How long one attempt may take, from sending to the last byte of the response. Default: 15 s. Exceeding it
    /// fails with [`Error::is_timeout`], and may be retried.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.defaults.attempt_timeout = timeout;
        self
    }

    /// How long a whole call may take, waiting for a token, for the client's limits and all attempts included. Default:
    /// 60 s. Exceeding it fails with [`Error::is_timeout`]. A request builder's `timeout` sets it for one call.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.defaults.timeout = timeout;
        self
    }

    /// How often and how soon a failed request is retried. Default: [`RetryPolicy::new`]. A request builder's `retry_policy`
    /// sets it for one call.
    pub fn retry_policy(mut self, policy: RetryPolicy) -> Self {
        self.defaults.retry_policy = policy;
        self
    }

    /// Retry budget shared by this client and its clones: each retry costs 1, each successful call restores 0.1. Default: 50.
    /// [`Client::retries_left`] returns what is left.
    pub fn retry_budget(mut self, retries: u32) -> Self {
        self.retry_budget = retries;
        self
    }

    /// How many requests this client and its clones send per second at most, paced evenly; after an idle period, at most 10 ms
    /// worth of requests is sent in a burst. Default: no limit; 0 counts as 1.
    ///
    /// Every request counts, also retries and those for tokens. Calls wait in the order they came, within their
    /// [`timeout`](Self::timeout): a call still queued then fails with [`Error::is_timeout`], and cancelling a queued call does
    /// not block others.
    pub fn requests_per_second(mut self, requests: u32) -> Self {
        self.requests_per_second = Some(requests);
        self
    }

    /// How many requests of this client and its clones are in flight at a time at most, each from sending to the last byte of
    /// its response. Default: no limit; 0 counts as 1.
    ///
    /// Calls wait as for [`requests_per_second`](Self::requests_per_second). The slot is released between attempts.
    pub fn max_concurrent_requests(mut self, requests: usize) -> Self {
        self.max_concurrent_requests = Some(requests);
        self
    }

    /// Observer notified when an attempt or call ends, for metrics. Default: none.
    pub fn observer(mut self, observer: impl CallObserver) -> Self {
        self.defaults.observer = Some(Arc::new(observer));
        self
    }

    /// How much of a response's body is read at most, in bytes, as received and again after decompression. Default: 8 MiB.
    /// Exceeding it fails with [`Error::is_body_too_large`].
    ///
    /// Of a response with an error status, no more than the first 64 KiB are read, and a longer one is not an error by itself. The values
    /// of a JSON body may take 16 times its length in memory, or 128 MiB if that is more, by an estimate of 640 bytes for each object,
    /// 192 for each list and 64 for each other value; more fails with [`Error::is_decode`].
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.defaults.body_limit = bytes;
        self
    }

    /// The `user-agent` header. Default: name and version of this crate. [`build`](Self::build) fails with
    /// [`Error::is_invalid_input`] when the text is not valid in a header.
    pub fn user_agent(mut self, user_agent: impl AsRef<str>) -> Self {
        match checked_header(USER_AGENT.as_str(), user_agent.as_ref()) {
            Ok((name, value)) => {
                self.defaults.headers.insert(name, value);
            }
            Err(error) => {
                self.refused.get_or_insert(error);
            }
        }
        self
    }

    /// A header for every request to the origin (scheme, host and port) of the base URL, such as the key of a gateway. It is not sent
    /// to any other, such as the token endpoint of personal access tokens. A request builder's `header` of the same name wins.
    /// Values are kept out of `Debug`.
    ///
    /// [`build`](Self::build) fails with [`Error::is_invalid_input`] when name or value is not valid in a header or has control
    /// characters, when HTTP itself sets that header (such as `host`), and for `authorization`: it would also go to operations
    /// that need no token.
    pub fn default_header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        match checked_header(name.as_ref(), value.as_ref()) {
            Ok((name, _)) if name == AUTHORIZATION => {
                self.refused.get_or_insert_with(|| {
                    Error::invalid_input(
                        "`authorization` cannot be a default header, it would go to operations that need no token: use \
                         `user_token`, `project_token` or `consumer_token`",
                    )
                });
            }
            Ok((name, value)) => {
                self.default_headers.insert(name, value);
            }
            Err(error) => {
                self.refused.get_or_insert(error);
            }
        }
        self
    }

    /// How tokens are written into the `authorization` header. Default: [`AuthorizationFormat::Contract`].
    pub fn authorization_format(mut self, format: AuthorizationFormat) -> Self {
        self.defaults.authorization_format = format;
        self
    }

    /// Supplies tokens to the operations of scheme [`UserTokenAuth`](crate::auth::SecurityScheme::UserTokenAuth). Default: none, and
    /// those operations fail with [`Error::is_missing_token`].
    pub fn user_token(mut self, provider: impl TokenProvider) -> Self {
        self.credentials.user_token = Some(Arc::new(provider));
        self
    }

    /// Supplies tokens to the operations of scheme [`ProjectTokenAuth`](crate::auth::SecurityScheme::ProjectTokenAuth). Default: none, and
    /// those operations fail with [`Error::is_missing_token`].
    pub fn project_token(mut self, provider: impl TokenProvider) -> Self {
        self.credentials.project_token = Some(Arc::new(provider));
        self
    }

    /// Supplies tokens to the operations of scheme [`ConsumerTokenAuth`](crate::auth::SecurityScheme::ConsumerTokenAuth). Default: none, and
    /// those operations fail with [`Error::is_missing_token`].
    pub fn consumer_token(mut self, provider: impl TokenProvider) -> Self {
        self.credentials.consumer_token = Some(Arc::new(provider));
        self
    }

    /// Sets the credential that supplies user tokens and project tokens.
    pub(crate) fn user_credential(mut self, credential: Arc<dyn Credential>) -> Self {
        self.personal_access_token = Some(credential);
        self
    }

    /// Sets the credential that supplies consumer tokens.
    pub(crate) fn consumer(mut self, credential: Arc<dyn Credential>) -> Self {
        self.consumer_credential = Some(credential);
        self
    }

    pub(crate) fn has_user_credential(&self) -> bool {
        self.personal_access_token.is_some()
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
            Some(NamedUrl { name, text }) => BaseUrl::checked(name, text, plain_http),
            None => {
                let gateway =
                    self.environment.unwrap_or_default().gateway_url(self.region.unwrap_or_default());
                BaseUrl::checked("base URL", &(gateway + "/iam"), plain_http)
            }
        }
    }

    /// The client that a credential sends with: what is unset here is taken from `client`, without its credentials.
    pub(crate) fn completed_from(self, client: &Client) -> Result<Client, Error> {
        let settings = client.settings();
        let base_url = match self.has_address() {
            true => self.address(client.plain_http)?,
            false => settings.base_url.clone(),
        };
        // A credential retries its requests itself, each time with a fresh assertion.
        let defaults = Defaults { retry_policy: RetryPolicy::never(), ..settings.defaults.clone() };
        Ok(Client {
            settings: Arc::new(Settings {
                base_url,
                transport: self.transport.unwrap_or_else(|| settings.transport.clone()),
                credentials: Credentials::default(),
                defaults,
                ..Settings::clone(settings)
            }),
            environment: self.environment.unwrap_or(client.environment),
            plain_http: client.plain_http,
        })
    }

    /// Makes the client. Nothing is sent and nothing is spawned.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for a header that cannot be sent, and
    /// [`Error::is_configuration`] when the base URL breaks the rules of [`base_url`](Self::base_url), a credential does not
    /// fit, the HTTP client cannot be set up as [`configure_http`](Self::configure_http) asks, or the base URL needs TLS and there is
    /// none: on a machine without certificate authorities, or without a feature for TLS, `https` takes a custom
    /// [`http_client`](Self::http_client) or [`transport`](Self::transport). With the feature `rustls-no-provider` also when no
    /// cryptography provider is installed, whatever the base URL is.
    pub fn build(self) -> Result<Client, Error> {
        if let Some(error) = self.refused {
            return Err(error);
        }
        let base_url = self.address(self.plain_http)?;
        let transport = match self.transport {
            Some(_) if self.connections.configure.is_some() => {
                return Err(Error::configuration(
                    "`configure_http` is for the built-in HTTP client, which `http_client` or `transport` replaces: set either, \
                     and with `http_client` make the settings there",
                ));
            }
            Some(transport) => transport,
            None => AnyTransport::built_in(self.connections),
        };
        transport.check(&base_url).map_err(Error::configuration)?;
        let limit = RateLimit::new(self.requests_per_second, self.max_concurrent_requests);
        let client = Client {
            settings: Arc::new(Settings {
                default_headers: OriginHeaders::new(&base_url, self.default_headers),
                base_url,
                refused: None,
                transport,
                retry_budget: Arc::new(RetryBudget::new(self.retry_budget)),
                rate_limit: limit.map(Arc::new),
                defaults: self.defaults,
                credentials: Credentials::default(),
            }),
            environment: self.environment.unwrap_or_default(),
            plain_http: self.plain_http,
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
            .field("connections", &self.connections)
            .field("attempt_timeout", &self.defaults.attempt_timeout)
            .field("timeout", &self.defaults.timeout)
            .field("body_limit", &self.defaults.body_limit)
            .field("retry_policy", &self.defaults.retry_policy)
            .field("requests_per_second", &self.requests_per_second)
            .field("max_concurrent_requests", &self.max_concurrent_requests)
            .field("credentials", &self.credentials)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use crate::Client;

    #[test]
    fn the_default_base_url_is_production() {
        let client = Client::new().unwrap();
        assert_eq!(client.base_url().as_str(), "https://apse1.api.affinidi.io/iam");
    }
}

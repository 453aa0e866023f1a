//! The route of a request: directly or through a proxy, with or without TLS.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use reqwest::{Client, ClientBuilder};
use url::{Position, Url};

use super::TransportError;
use super::error::root_cause;
use super::failure::NO_CERTIFICATES;
use super::resolver::Resolver;
#[cfg(feature = "http2")]
use super::streams;
#[cfg(feature = "rustls-no-provider")]
use super::tls;
use crate::support::loopback::is_loopback;

/// How the built-in transport makes and keeps connections.
#[derive(Clone, Debug)]
pub(crate) struct ConnectionSettings {
    pub(crate) connect_timeout: Duration,
    pub(crate) pool_idle_timeout: Duration,
    pub(crate) pool_max_idle_per_host: usize,
    /// How many connections of HTTP/2 there are to one host at most.
    #[cfg(feature = "http2")]
    pub(crate) http2_max_connections: usize,
    pub(crate) configure: Option<Configure>,
}

impl Default for ConnectionSettings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            pool_idle_timeout: Duration::from_secs(15),
            pool_max_idle_per_host: 256,
            #[cfg(feature = "http2")]
            http2_max_connections: 100,
            configure: None,
        }
    }
}

/// What the caller sets of every HTTP client, by [`ClientBuilder::configure_http`](crate::ClientBuilder::configure_http).
#[derive(Clone)]
pub(crate) struct Configure(Arc<dyn Fn(ClientBuilder) -> ClientBuilder + Send + Sync>);

impl Configure {
    pub(crate) fn new(configure: impl Fn(ClientBuilder) -> ClientBuilder + Send + Sync + 'static) -> Self {
        Self(Arc::new(configure))
    }
}

impl fmt::Debug for Configure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Configure")
    }
}

/// Chooses the route of each request by its own URL, and keeps the HTTP clients, each made when it is first needed: where
/// nothing needs TLS, no certificates are loaded.
pub(super) struct Routes {
    settings: ConnectionSettings,
    proxies: Matcher,
    local: Clients,
    direct: Clients,
    proxied: Clients,
}

/// The HTTP clients of one kind of route.
#[derive(Default)]
struct Clients {
    plain: OnceLock<Client>,
    #[cfg(not(feature = "http2"))]
    tls: OnceLock<Client>,
    /// Only with TLS is HTTP/2 negotiated.
    #[cfg(feature = "http2")]
    tls: streams::Clients,
}

/// Where a request goes.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    /// To this machine, which no proxy and no name server may change.
    Local,
    Direct,
    /// Through the proxy that the environment names.
    Proxied,
}

/// The route of one request.
pub(super) struct Route<'a> {
    source: Source<'a>,
    /// The proxy that the environment names, without user and password.
    pub(super) proxy: Option<Box<Uri>>,
    /// Whether the caller's settings may name another proxy.
    pub(super) is_configured: bool,
}

/// Where the client of a route comes from.
enum Source<'a> {
    One(&'a Client),
    #[cfg(feature = "http2")]
    Several {
        clients: &'a streams::Clients,
        routes: &'a Routes,
        way: Way,
    },
}

/// The client of one request.
pub(super) enum Chosen<'a> {
    One(&'a Client),
    #[cfg(feature = "http2")]
    OfSeveral(streams::Turn<'a>),
}

impl Chosen<'_> {
    pub(super) fn client(&self) -> &Client {
        match self {
            Self::One(client) => client,
            #[cfg(feature = "http2")]
            Self::OfSeveral(turn) => &turn.client,
        }
    }

    /// Notes which version of HTTP the service speaks.
    pub(super) fn learn(&self, version: http::Version) {
        match self {
            Self::One(_) => _ = version,
            #[cfg(feature = "http2")]
            Self::OfSeveral(turn) => turn.learn(version),
        }
    }
}

impl<'a> Route<'a> {
    /// The route that the caller's client chooses.
    pub(super) fn custom(client: &'a Client) -> Self {
        Self { source: Source::One(client), proxy: None, is_configured: false }
    }

    /// The client, where it is known at once.
    pub(super) fn only_client(&self) -> Option<&'a Client> {
        match self.source {
            Source::One(client) => Some(client),
            #[cfg(feature = "http2")]
            Source::Several { .. } => None,
        }
    }

    /// A client that can send a request now, as soon as there is one.
    pub(super) async fn client(&self) -> Result<Chosen<'a>, TransportError> {
        match self.source {
            Source::One(client) => Ok(Chosen::One(client)),
            #[cfg(feature = "http2")]
            Source::Several { clients, routes, way } => {
                let ConnectionSettings { http2_max_connections, connect_timeout, .. } = routes.settings;
                let make = |noting| routes.client(way, true, |builder| builder.connector_layer(noting));
                clients.turn(http2_max_connections, connect_timeout, make).await.map(Chosen::OfSeveral)
            }
        }
    }

    /// Whether the request may go through a proxy that is known to be there.
    pub(super) fn may_be_proxied(&self) -> bool {
        self.proxy.is_some() || self.is_configured
    }
}

impl Routes {
    pub(super) fn new(settings: ConnectionSettings) -> Self {
        Self {
            settings,
            proxies: Matcher::from_system(),
            local: Clients::default(),
            direct: Clients::default(),
            proxied: Clients::default(),
        }
    }

    /// The route to `url`: to this machine always directly, to others as the environment, the operating system or the caller
    /// says.
    ///
    /// # Errors
    ///
    /// A text: why the HTTP client cannot be made, and what to do about it.
    pub(super) fn to(&self, url: &Url) -> Result<Route<'_>, String> {
        let (way, clients, proxy) = match is_loopback(url) {
            true => (Way::Local, &self.local, None),
            false => match self.proxy(url) {
                None => (Way::Direct, &self.direct, None),
                proxy => (Way::Proxied, &self.proxied, proxy),
            },
        };
        let is_https = |uri: &Uri| uri.scheme() == Some(&http::uri::Scheme::HTTPS);
        let uses_tls = url.scheme() == "https" || proxy.as_ref().is_some_and(is_https);
        let source = match uses_tls {
            #[cfg(feature = "http2")]
            true => {
                clients
                    .tls
                    .prepare(|noting| self.client(way, true, |builder| builder.connector_layer(noting)))?;
                Source::Several { clients: &clients.tls, routes: self, way }
            }
            #[cfg(not(feature = "http2"))]
            true => Source::One(self.one(&clients.tls, way, true)?),
            false => Source::One(self.one(&clients.plain, way, false)?),
        };
        let is_configured = way != Way::Local && self.settings.configure.is_some();
        Ok(Route { source, proxy: proxy.map(Box::new), is_configured })
    }

    /// The one client for a kind of route.
    fn one<'a>(&self, client: &'a OnceLock<Client>, way: Way, uses_tls: bool) -> Result<&'a Client, String> {
        if let Some(client) = client.get() {
            return Ok(client);
        }
        let made = self.client(way, uses_tls, |builder| builder)?;
        Ok(client.get_or_init(|| made))
    }

    fn proxy(&self, url: &Url) -> Option<Uri> {
        let origin = url[..Position::BeforePath].parse().ok()?;
        self.proxies.intercept(&origin).map(|proxy| proxy.uri().clone())
    }

    /// A client with the caller's settings, except that it leaves to the runtime what the runtime decides: it follows no redirect,
    /// retries nothing and decompresses nothing.
    fn client(
        &self,
        way: Way,
        uses_tls: bool,
        complete: impl FnOnce(ClientBuilder) -> ClientBuilder,
    ) -> Result<Client, String> {
        #[cfg(all(feature = "rustls-no-provider", not(feature = "rustls")))]
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            // Without TLS as well: `reqwest` would panic.
            return Err(tls::NO_PROVIDER.to_owned());
        }
        let mut builder = Client::builder()
            .dns_resolver(Resolver)
            .pool_max_idle_per_host(self.settings.pool_max_idle_per_host);
        if way == Way::Direct {
            builder = builder.no_proxy();
        }
        // Where something else in the program turns on native TLS too, `reqwest` would take that instead. The caller's settings are
        // for what `reqwest` itself sets up, which reads the certificates for each client.
        #[cfg(feature = "rustls-no-provider")]
        {
            builder = match &self.settings.configure {
                None if uses_tls => builder.tls_backend_preconfigured(tls::client_config()?),
                _ => builder.tls_backend_rustls(),
            };
        }
        if let Some(Configure(configure)) = &self.settings.configure {
            builder = configure(builder);
        }
        let idle = self.settings.pool_idle_timeout;
        builder = builder
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .connect_timeout(self.settings.connect_timeout)
            .pool_idle_timeout(idle);
        if idle.is_zero() {
            builder = builder.pool_max_idle_per_host(0);
        }
        if way == Way::Local {
            builder = builder.no_proxy().dns_resolver(Resolver);
        }
        #[cfg(any(feature = "rustls-no-provider", feature = "native-tls"))]
        if !uses_tls {
            builder = builder.tls_certs_only([]);
        }
        #[cfg(not(any(feature = "rustls-no-provider", feature = "native-tls")))]
        if uses_tls {
            return Err(
                "https needs TLS: turn on the feature `rustls` or `native-tls` of this crate, or set an \
                        `http_client`"
                    .to_owned(),
            );
        }
        complete(builder).build().map_err(|error| {
            let cause = root_cause(&error);
            let unusable = match self.settings.configure {
                Some(_) => "HTTP could not be set up with what `configure_http` sets",
                None => "TLS could not be set up",
            };
            format!("{unusable}: {cause}: {NO_CERTIFICATES}")
        })
    }
}

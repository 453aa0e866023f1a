//! The route of a request: directly or through a proxy, with or without TLS.

use std::sync::OnceLock;
use std::time::Duration;

use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use reqwest::Client;
use url::{Position, Url};

use super::error::root_cause;
use super::resolver::Resolver;
use crate::support::loopback::is_loopback;

/// How the built-in transport makes and keeps connections.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConnectionSettings {
    pub(crate) connect_timeout: Duration,
    pub(crate) pool_idle_timeout: Duration,
}

impl Default for ConnectionSettings {
    fn default() -> Self {
        Self { connect_timeout: Duration::from_secs(5), pool_idle_timeout: Duration::from_secs(15) }
    }
}

/// Chooses the route of each request by its own URL, and keeps one HTTP client for each kind of route, made when it is first
/// needed: where nothing needs TLS, no certificates are loaded.
pub(super) struct Routes {
    settings: ConnectionSettings,
    proxies: Matcher,
    direct: OnceLock<Client>,
    direct_tls: OnceLock<Client>,
    proxied: OnceLock<Client>,
    proxied_tls: OnceLock<Client>,
}

/// The route of one request.
pub(super) struct Route<'a> {
    pub(super) client: &'a Client,
    /// The proxy, without user and password.
    pub(super) proxy: Option<Uri>,
}

impl Routes {
    pub(super) fn new(settings: ConnectionSettings) -> Self {
        Self {
            settings,
            proxies: Matcher::from_system(),
            direct: OnceLock::new(),
            direct_tls: OnceLock::new(),
            proxied: OnceLock::new(),
            proxied_tls: OnceLock::new(),
        }
    }

    /// The route to `url`: to this machine always directly, to others as the environment or the operating system says.
    ///
    /// # Errors
    ///
    /// A text: why TLS cannot be used, and what to do about it.
    pub(super) fn to(&self, url: &Url) -> Result<Route<'_>, String> {
        let proxy = self.proxy(url);
        let is_https = |uri: &Uri| uri.scheme() == Some(&http::uri::Scheme::HTTPS);
        let tls = url.scheme() == "https" || proxy.as_ref().is_some_and(is_https);
        let client = match (&proxy, tls) {
            (None, false) => &self.direct,
            (None, true) => &self.direct_tls,
            (Some(_), false) => &self.proxied,
            (Some(_), true) => &self.proxied_tls,
        };
        let client = match client.get() {
            Some(client) => client,
            None => {
                let made = self.client(proxy.is_some(), tls)?;
                client.get_or_init(|| made)
            }
        };
        Ok(Route { client, proxy })
    }

    fn proxy(&self, url: &Url) -> Option<Uri> {
        if is_loopback(url) {
            return None;
        }
        let origin = url[..Position::BeforePath].parse().ok()?;
        self.proxies.intercept(&origin).map(|proxy| proxy.uri().clone())
    }

    /// A client that leaves to the runtime what the runtime decides: it follows no redirect, retries nothing and decompresses
    /// nothing.
    fn client(&self, proxied: bool, tls: bool) -> Result<Client, String> {
        let idle = self.settings.pool_idle_timeout;
        let mut builder = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .dns_resolver(Resolver)
            .connect_timeout(self.settings.connect_timeout)
            .pool_idle_timeout(idle);
        if idle.is_zero() {
            builder = builder.pool_max_idle_per_host(0);
        }
        if !proxied {
            builder = builder.no_proxy();
        }
        // Where something else in the program turns on native TLS too, `reqwest` would take that instead.
        #[cfg(feature = "rustls")]
        {
            builder = builder.tls_backend_rustls();
        }
        #[cfg(any(feature = "rustls", feature = "native-tls"))]
        if !tls {
            builder = builder.tls_certs_only([]);
        }
        #[cfg(not(any(feature = "rustls", feature = "native-tls")))]
        if tls {
            return Err(
                "https needs TLS: turn on the feature `rustls` or `native-tls` of this crate, or set an \
                        `http_client`"
                    .to_owned(),
            );
        }
        builder.build().map_err(|error| {
            format!(
                "TLS could not be set up: {}: install the certificate authorities of the operating system (the package \
                 `ca-certificates`), name a file of them in `SSL_CERT_FILE`, or set an `http_client` that trusts its own",
                root_cause(&error)
            )
        })
    }
}

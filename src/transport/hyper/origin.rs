//! One origin: the texts that every request to it has, and its connections.

use std::sync::Arc;

use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderValue, Uri};
use hyper_util::client::proxy::matcher::Matcher;
use url::{Position, Url};

use super::connector::{Connector, Proxy};
use super::pool::Pool;
use super::trust::Trust;
use crate::support::loopback::is_loopback;
use crate::transport::route::ConnectionSettings;

/// Scheme, host and port of a service, and the connections to it.
pub(super) struct Origin {
    /// As it begins the URLs.
    text: Box<str>,
    scheme: Scheme,
    authority: Authority,
    /// The value of the header `host`.
    pub(super) host: HeaderValue,
    pub(super) pool: Arc<Pool>,
    /// The proxy, without user and password.
    pub(super) proxy: Option<Uri>,
    /// What the proxy is told with each request that it forwards: user and password.
    pub(super) proxy_authorization: Option<HeaderValue>,
    sends_to_proxy: bool,
}

impl Origin {
    /// The origin of a URL: on this machine it is reached directly, elsewhere as the environment or the operating system says.
    ///
    /// # Errors
    ///
    /// Why such a URL cannot be sent to.
    pub(super) fn of(
        url: &Url,
        proxies: &Matcher,
        trust: &Arc<Trust>,
        settings: &ConnectionSettings,
    ) -> Result<Self, http::Error> {
        let text = &url[..Position::BeforePath];
        let authority = &url[Position::BeforeHost..Position::AfterPort];
        let service: Uri =
            Uri::builder().scheme(url.scheme()).authority(authority).path_and_query("/").build()?;
        let parts = service.clone().into_parts();
        let (scheme, authority) = (parts.scheme.unwrap_or(Scheme::HTTP), Authority::try_from(authority)?);
        let intercepted = if is_loopback(url) { None } else { proxies.intercept(&service) };
        let proxy = intercepted.map(|proxy| {
            // As a user without a password, the matcher has them for other kinds of proxies only.
            Proxy { uri: proxy.uri().clone(), authorization: proxy.basic_auth().cloned() }
        });
        let proxy_uri = proxy.as_ref().map(|proxy| proxy.uri.clone());
        let authorization = proxy.as_ref().and_then(|proxy| proxy.authorization.clone());
        let connector = Connector { trust: trust.clone(), service, proxy };
        let sends_to_proxy = connector.sends_to_proxy();
        Ok(Self {
            text: text.into(),
            scheme,
            host: HeaderValue::from_str(authority.as_str())?,
            authority,
            pool: Arc::new(Pool::new(connector, settings.clone())),
            proxy: proxy_uri,
            proxy_authorization: authorization.filter(|_| sends_to_proxy),
            sends_to_proxy,
        })
    }

    /// Whether a URL is of this origin.
    pub(super) fn is_of(&self, url: &Url) -> bool {
        url[..Position::BeforePath] == *self.text
    }

    /// What the request line says of a URL of this origin: only the path and the query, where it goes to the service by HTTP/1.1 (RFC
    /// 9112, section 3.2), else the whole.
    ///
    /// # Errors
    ///
    /// Why it cannot be said.
    pub(super) fn target(&self, url: &Url, is_http2: bool) -> Result<Uri, http::Error> {
        let path = PathAndQuery::try_from(&url[Position::BeforePath..Position::AfterQuery])?;
        if !is_http2 && !self.sends_to_proxy {
            return Ok(path.into());
        }
        let mut parts = http::uri::Parts::default();
        parts.scheme = Some(self.scheme.clone());
        parts.authority = Some(self.authority.clone());
        parts.path_and_query = Some(path);
        Ok(Uri::from_parts(parts)?)
    }

    /// Whether a proxy forwards the requests, and may answer in place of the service.
    pub(super) fn is_forwarded(&self) -> bool {
        self.sends_to_proxy
    }
}

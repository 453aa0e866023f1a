//! One origin: the texts that every request to it has, and its connections.

use std::sync::Arc;

use http::header::{HOST, PROXY_AUTHORIZATION};
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderValue, Request, Uri};
use hyper_util::client::proxy::matcher::Matcher;
use url::{Position, Url};

use super::connector::{Connector, Proxy};
use super::outgoing::Outgoing;
use super::pool::Pool;
use super::trust::Trust;
use crate::support::loopback::is_loopback;
use crate::transport::route::ConnectionSettings;
use crate::transport::{TransportError, TransportRequest};

/// Scheme, host and port of a service, and the connections to it.
pub(super) struct Origin {
    /// As it begins the URLs.
    text: Box<str>,
    scheme: Scheme,
    authority: Authority,
    /// The value of the header `host`.
    host: HeaderValue,
    pub(super) pool: Arc<Pool>,
    /// The proxy, without user and password.
    proxy: Option<Uri>,
    /// User and password, as they are sent to the proxy with each request that it forwards.
    proxy_authorization: Option<HeaderValue>,
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

    /// A request to a URL of this origin, which is yet to be [`addressed`](Self::addressed).
    ///
    /// # Errors
    ///
    /// Why there is none.
    pub(super) fn request(&self, request: TransportRequest) -> Result<Request<Outgoing>, TransportError> {
        let TransportRequest { method, url, headers, body, .. } = request;
        let path = PathAndQuery::try_from(&url[Position::BeforePath..Position::AfterQuery]);
        let mut outgoing = Request::new(Outgoing::from(body));
        *outgoing.uri_mut() = path.map_err(TransportError::other)?.into();
        *outgoing.method_mut() = method;
        *outgoing.headers_mut() = headers;
        Ok(outgoing)
    }

    /// The request with what its version of HTTP says of the service: by HTTP/1.1 a header, and only the path and the query in the request
    /// line, unless a proxy has to know the whole URL (RFC 9112, section 3.2); by HTTP/2 the whole URL.
    pub(super) fn addressed(&self, mut request: Request<Outgoing>, is_http2: bool) -> Request<Outgoing> {
        let is_whole = is_http2 || self.sends_to_proxy;
        if is_whole != request.uri().authority().is_some() {
            let mut parts = std::mem::take(request.uri_mut()).into_parts();
            parts.scheme = is_whole.then(|| self.scheme.clone());
            parts.authority = is_whole.then(|| self.authority.clone());
            // Its parts are valid, and belong together.
            *request.uri_mut() = Uri::from_parts(parts).unwrap_or_default();
        }
        if is_http2 {
            request.headers_mut().remove(HOST);
        } else {
            request.headers_mut().insert(HOST, self.host.clone());
        }
        if let Some(authorization) = &self.proxy_authorization {
            request.headers_mut().insert(PROXY_AUTHORIZATION, authorization.clone());
        }
        request
    }

    /// The same error, which names the proxy.
    pub(super) fn through_proxy(&self, error: TransportError) -> TransportError {
        match &self.proxy {
            Some(proxy) => error.through(proxy, false),
            None => error,
        }
    }

    /// Whether a proxy forwards the requests, and may answer in place of the service.
    pub(super) fn is_forwarded(&self) -> bool {
        self.sends_to_proxy
    }
}

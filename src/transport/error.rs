//! Why a transport brought no response.

use std::error::Error as StdError;
use std::fmt;
#[cfg(feature = "hyper")]
use std::sync::Arc;

use http::Uri;

use super::TransportResponse;
use crate::error::{Error, Kind, TransportErrorKind};
use crate::support::redact::Secrets;

/// Why a [`Transport`](super::Transport) brought no response, and how far the request got.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    source: Option<Box<dyn StdError + Send + Sync>>,
    /// What there is of a response that is not complete.
    response: Option<Box<TransportResponse>>,
}

impl TransportError {
    /// No connection could be made, so nothing was sent: name resolution, refused connection, TLS handshake. It may pass by
    /// itself, so the request is retried; for a certificate, which will not, there is [`certificate`](Self::certificate).
    pub fn connect(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(TransportErrorKind::Connect, source)
    }

    /// No connection could be made in time, so nothing was sent.
    pub fn connect_timeout(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(TransportErrorKind::ConnectTimeout, source)
    }

    /// The certificate of the service was refused, so nothing was sent, and nothing will be until somebody changes the
    /// certificate or what is trusted. The request is not retried.
    pub fn certificate(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(TransportErrorKind::Certificate, source)
    }

    /// The peer does not speak TLS, as a port for plain `http` does not, so nothing was sent. The request is not retried;
    /// [`is_connect`](Self::is_connect) is true.
    pub fn not_tls(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(TransportErrorKind::NotTls, source)
    }

    /// The response was not received in time; the service may have processed the request.
    pub fn timeout(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(TransportErrorKind::Timeout, source)
    }

    /// The connection was lost before the response was complete; the service may have processed the request.
    pub fn connection_lost(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(TransportErrorKind::ConnectionLost, source)
    }

    /// The service stated that it did not process the request, such as by an HTTP/2 stream that it refused (RFC 9113, section
    /// 8.7). The request is retried, whatever its method.
    pub fn not_processed(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(TransportErrorKind::NotProcessed, source)
    }

    /// The response's body is longer than [`TransportRequest::body_limit`](super::TransportRequest::body_limit).
    pub fn body_too_large() -> Self {
        Self { kind: TransportErrorKind::BodyTooLarge, source: None, response: None }
    }

    /// Anything else, such as a request that the HTTP stack refuses to send.
    pub fn other(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(TransportErrorKind::Other, source)
    }

    fn new(kind: TransportErrorKind, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { kind, source: Some(source.into()), response: None }
    }

    /// The same failure for another request that waited for the same connection.
    #[cfg(feature = "hyper")]
    pub(super) fn same_as(error: &Arc<Self>) -> Self {
        let source = error.source.is_some().then(|| Shared(error.clone()).into());
        Self { kind: error.kind, source, response: None }
    }

    /// Keeps what there is of the response.
    pub(crate) fn in_response(self, response: TransportResponse) -> Self {
        Self { response: Some(Box::new(response)), ..self }
    }

    pub(crate) fn take_response(&mut self) -> Option<TransportResponse> {
        self.response.take().map(|response| *response)
    }

    /// Notes the proxy of the environment that the request went through, unless the caller's settings name another.
    pub(super) fn through(mut self, proxy: &Uri, is_configured: bool) -> Self {
        let port = proxy.port_u16().unwrap_or(if proxy.scheme_str() == Some("https") { 443 } else { 80 });
        let unless = if is_configured { ", unless `configure_http` sets another" } else { "" };
        let proxy = format!("{}:{port}{unless}", proxy.host().unwrap_or_default());
        self.source = self.source.map(|source| ThroughProxy { proxy, source }.into());
        self
    }

    /// Time ran out, for the connection or for the response.
    pub fn is_timeout(&self) -> bool {
        Kind::Transport(self.kind).is_timeout()
    }

    /// No connection could be made, so nothing was sent.
    pub fn is_connect(&self) -> bool {
        Kind::Transport(self.kind).is_connect()
    }

    /// The certificate of the service was refused; [`is_connect`](Self::is_connect) is also true.
    pub fn is_certificate(&self) -> bool {
        self.kind == TransportErrorKind::Certificate
    }

    /// The connection was lost before the response was complete.
    pub fn is_connection_lost(&self) -> bool {
        self.kind == TransportErrorKind::ConnectionLost
    }

    /// The service stated that it did not process the request.
    pub fn is_not_processed(&self) -> bool {
        self.kind == TransportErrorKind::NotProcessed
    }

    /// The response's body is longer than the limit.
    pub fn is_body_too_large(&self) -> bool {
        self.kind == TransportErrorKind::BodyTooLarge
    }

    /// The error of a call. A cause may repeat one of the `secrets` that the call sent.
    pub(crate) fn into_error(self, secrets: &Secrets) -> Error {
        let message = secrets.mask(&self.to_string());
        Error::new(Kind::Transport(self.kind), message).with_printed_root(self.source, secrets)
    }

    fn what(&self) -> &'static str {
        match self.kind {
            TransportErrorKind::Connect => "no connection could be made",
            TransportErrorKind::ConnectTimeout => "no connection could be made in time",
            TransportErrorKind::Certificate => {
                "the service's certificate was refused, and nothing was sent: check the host name in the base URL, the date, and \
                 the certificate authorities that this machine trusts; trust a private authority with `ClientBuilder::configure_http`"
            }
            TransportErrorKind::NotTls => {
                "the server does not speak TLS, and nothing was sent: the port may be for plain `http`, check the base URL"
            }
            TransportErrorKind::Timeout => "no response was received in time",
            TransportErrorKind::ConnectionLost => "the connection was lost before the response was complete",
            TransportErrorKind::NotProcessed => "the service did not process the request",
            TransportErrorKind::BodyTooLarge => {
                "the response's body is larger than the limit, `ClientBuilder::body_limit`"
            }
            TransportErrorKind::Other => "the request could not be sent",
        }
    }
}

/// The cause of an error on the way through a proxy.
#[derive(Debug)]
struct ThroughProxy {
    /// Its host and port, and how certain it is.
    proxy: String,
    source: Box<dyn StdError + Send + Sync>,
}

impl fmt::Display for ThroughProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "through the proxy {}", self.proxy)
    }
}

impl StdError for ThroughProxy {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.source)
    }
}

/// The cause of an error that several requests have in common.
#[cfg(feature = "hyper")]
#[derive(Debug)]
struct Shared(Arc<TransportError>);

#[cfg(feature = "hyper")]
impl fmt::Display for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.source.as_ref().map_or(Ok(()), |source| source.fmt(f))
    }
}

#[cfg(feature = "hyper")]
impl StdError for Shared {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_ref().and_then(|source| source.source())
    }
}

/// What is below everything that caused `error`.
pub(super) fn root_cause<'a>(mut error: &'a (dyn StdError + 'static)) -> &'a (dyn StdError + 'static) {
    while let Some(deeper) = error.source() {
        error = deeper;
    }
    error
}

/// With the proxy and the root cause, which is what tells a wrong port from a wrong certificate, and both from a wrong proxy.
impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what())?;
        let Some(cause) = self.source() else { return Ok(()) };
        if let Some(through_proxy) = cause.downcast_ref::<ThroughProxy>() {
            write!(f, " {through_proxy}")?;
        }
        write!(f, ": {}", root_cause(cause))
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

//! How a request reaches the service: the [`Transport`] trait and its default implementation on `reqwest`.

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
#[cfg(feature = "rustls")]
use std::io;
use std::pin::Pin;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Method, StatusCode};
use url::Url;

use crate::redact::Redacted;

/// The future that [`Transport::send`] returns.
pub type TransportFuture<'a> =
    Pin<Box<dyn Future<Output = Result<TransportResponse, TransportError>> + Send + 'a>>;

/// Carries one request to the service and brings one answer back.
///
/// Implement it to bring an HTTP stack of your own, a middleware, or a test double, and hand it to
/// [`ClientBuilder::transport`](crate::ClientBuilder::transport). An implementation sends the request once: it does not
/// retry, does not follow redirects and does not decode the body. The client bounds the time with the attempt timeout by
/// dropping the future, so dropping must release what the request held.
///
/// ```
/// use affinidi_tdk_iam_client::{Client, http, transport::*};
///
/// /// Answers every request with the same JSON.
/// struct Canned(&'static str);
///
/// impl Transport for Canned {
///     fn send(&self, request: TransportRequest) -> TransportFuture<'_> {
///         assert_eq!(request.url.path(), "/iam/.well-known/did.json");
///         Box::pin(async { Ok(TransportResponse::new(http::StatusCode::OK, self.0)) })
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), affinidi_tdk_iam_client::Error> {
/// let client = Client::builder().transport(Canned(r#"{"id":"did:web:example.org"}"#)).build()?;
/// let document = client.well_known().get_well_known_did().await?;
/// assert_eq!(document["id"], "did:web:example.org");
/// # Ok(())
/// # }
/// ```
pub trait Transport: Send + Sync + 'static {
    /// Sends `request` and reads the answer's body whole, up to [`TransportRequest::body_limit`] bytes.
    ///
    /// # Errors
    ///
    /// A [`TransportError`] of the kind that says how far the request came, because that decides whether it may be sent
    /// again. An answer with an error status is not an error here.
    fn send(&self, request: TransportRequest) -> TransportFuture<'_>;
}

/// A request as it goes on the wire.
#[derive(Clone)]
#[non_exhaustive]
pub struct TransportRequest {
    /// The HTTP method.
    pub method: Method,
    /// The whole URL, path and query percent-encoded.
    pub url: Url,
    /// All headers but those that the HTTP stack owns (`host`, `content-length`).
    pub headers: HeaderMap,
    /// The body; empty where the operation sends none.
    pub body: Bytes,
    /// The most bytes of an answer's body to read, in bytes; more is a [`TransportError::body_too_large`].
    pub body_limit: usize,
    /// The contract's operationId, for logs and metrics.
    pub operation: &'static str,
}

impl fmt::Debug for TransportRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransportRequest")
            .field("operation", &self.operation)
            .field("method", &self.method)
            .field("path", &self.url.path())
            .field("query", &self.url.query().map(|_| Redacted))
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("body_length", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// An answer as it came from the wire, its body still encoded as the `content-encoding` header says.
#[derive(Clone)]
#[non_exhaustive]
pub struct TransportResponse {
    /// The status of the answer.
    pub status: StatusCode,
    /// The headers of the answer.
    pub headers: HeaderMap,
    /// The body of the answer.
    pub body: Bytes,
}

impl TransportResponse {
    /// An answer without headers.
    pub fn new(status: StatusCode, body: impl Into<Bytes>) -> Self {
        Self { status, headers: HeaderMap::new(), body: body.into() }
    }

    /// The same answer with these headers.
    #[must_use]
    pub fn with_headers(self, headers: HeaderMap) -> Self {
        Self { headers, ..self }
    }
}

impl fmt::Debug for TransportResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransportResponse")
            .field("status", &self.status)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("body_length", &self.body.len())
            .finish()
    }
}

/// Why a [`Transport`] brought no answer.
#[derive(Debug)]
pub struct TransportError {
    pub(crate) kind: TransportErrorKind,
    pub(crate) source: Option<Box<dyn StdError + Send + Sync>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TransportErrorKind {
    Connect,
    ConnectTimeout,
    Certificate,
    Timeout,
    Interrupted,
    BodyTooLarge,
    Other,
}

impl TransportError {
    /// No connection could be made, so nothing was sent: name resolution, refused connection, TLS handshake. It may pass by
    /// itself, so the request is repeated; for a certificate that will not, there is [`certificate`](Self::certificate).
    pub fn connect(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { kind: TransportErrorKind::Connect, source: Some(source.into()) }
    }

    /// No connection could be made in time, so nothing was sent.
    pub fn connect_timeout(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { kind: TransportErrorKind::ConnectTimeout, source: Some(source.into()) }
    }

    /// The certificate that the service showed was not accepted, so nothing was sent, and nothing will be until somebody
    /// changes the certificate or what is trusted. The request is not repeated.
    pub fn certificate(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { kind: TransportErrorKind::Certificate, source: Some(source.into()) }
    }

    /// The answer did not come in time; the service may have processed the request.
    pub fn timeout(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { kind: TransportErrorKind::Timeout, source: Some(source.into()) }
    }

    /// The connection broke before the answer was complete; the service may have processed the request.
    pub fn interrupted(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { kind: TransportErrorKind::Interrupted, source: Some(source.into()) }
    }

    /// The answer's body is longer than [`TransportRequest::body_limit`].
    pub fn body_too_large() -> Self {
        Self { kind: TransportErrorKind::BodyTooLarge, source: None }
    }

    /// Anything else, such as a request that the HTTP stack refuses to send.
    pub fn other(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { kind: TransportErrorKind::Other, source: Some(source.into()) }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            TransportErrorKind::Connect => "no connection could be made",
            TransportErrorKind::ConnectTimeout => "no connection could be made in time",
            TransportErrorKind::Certificate => {
                "the service's certificate was not accepted, and nothing was sent: check the host name in the base URL, the \
                 date, and the certificate authorities that this machine trusts; for an authority of your own give \
                 `ClientBuilder::http_client` a client that trusts it"
            }
            TransportErrorKind::Timeout => "no answer came in time",
            TransportErrorKind::Interrupted => "the connection broke before the answer was complete",
            TransportErrorKind::BodyTooLarge => {
                "the answer's body is larger than the limit, `ClientBuilder::body_limit`"
            }
            TransportErrorKind::Other => "the request could not be sent",
        })
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

/// HTTP by `reqwest`: the default transport, and what a middleware of your own wraps.
///
/// Switch off redirects and retries of the client that you give it, as
/// [`ClientBuilder::http_client`](crate::ClientBuilder::http_client) explains.
///
/// ```
/// use affinidi_tdk_iam_client::Client;
/// use affinidi_tdk_iam_client::transport::*;
///
/// /// Says what went over the wire.
/// struct Logged(ReqwestTransport);
///
/// impl Transport for Logged {
///     fn send(&self, request: TransportRequest) -> TransportFuture<'_> {
///         Box::pin(async move {
///             let operation = request.operation;
///             let answer = self.0.send(request).await?;
///             println!("{operation}: {}", answer.status);
///             Ok(answer)
///         })
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let http = reqwest::Client::builder()
///     .redirect(reqwest::redirect::Policy::none())
///     .retry(reqwest::retry::never())
///     .build()?;
/// # let iam = affinidi_iam_local::LocalIam::start().await?;
/// let client = Client::builder().base_url(iam.base_url()).transport(Logged(http.into())).build()?;
/// client.well_known().get_well_known_jwks().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct ReqwestTransport(reqwest::Client);

/// Without the client, whose default headers may hold secrets.
impl fmt::Debug for ReqwestTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReqwestTransport").finish_non_exhaustive()
    }
}

impl From<reqwest::Client> for ReqwestTransport {
    fn from(client: reqwest::Client) -> Self {
        Self(client)
    }
}

impl ReqwestTransport {
    /// A `reqwest` client that leaves to the runtime what the runtime decides: it follows no redirect, repeats nothing and
    /// decompresses nothing.
    pub(crate) fn new(connect_timeout: Duration, use_proxy: bool) -> Result<Self, reqwest::Error> {
        let builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .connect_timeout(connect_timeout);
        let builder = if use_proxy { builder } else { builder.no_proxy() };
        // Where something else in the program turns on native TLS too, `reqwest` would take that instead.
        #[cfg(feature = "rustls")]
        let builder = builder.tls_backend_rustls();
        builder.build().map(Self)
    }
}

impl Transport for ReqwestTransport {
    fn send(&self, request: TransportRequest) -> TransportFuture<'_> {
        Box::pin(async move {
            let TransportRequest { method, url, headers, body, body_limit, .. } = request;
            let mut outgoing = reqwest::Request::new(method, url);
            *outgoing.headers_mut() = headers;
            if !body.is_empty() {
                *outgoing.body_mut() = Some(body.into());
            }
            let mut incoming = self.0.execute(outgoing).await.map_err(from_reqwest)?;
            let status = incoming.status();
            let headers = std::mem::take(incoming.headers_mut());
            let body = read_body(incoming, body_limit).await?;
            Ok(TransportResponse { status, headers, body })
        })
    }
}

/// Reads a body of at most `limit` bytes. The usual answer comes in one piece and is handed on without a copy.
async fn read_body(mut response: reqwest::Response, limit: usize) -> Result<Bytes, TransportError> {
    let mut first = Bytes::new();
    let mut rest = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(from_reqwest)? {
        if first.len() + rest.len() + chunk.len() > limit {
            return Err(TransportError::body_too_large());
        }
        if first.is_empty() {
            first = chunk;
        } else {
            rest.extend_from_slice(&chunk);
        }
    }
    if rest.is_empty() {
        return Ok(first);
    }
    let mut whole = BytesMut::with_capacity(first.len() + rest.len());
    whole.extend_from_slice(&first);
    whole.extend_from_slice(&rest);
    Ok(whole.freeze())
}

/// The URL is taken out: it may hold identifiers and, in the query of a proxy operation, codes.
fn from_reqwest(error: reqwest::Error) -> TransportError {
    let error = error.without_url();
    match (error.is_connect(), error.is_timeout()) {
        (true, true) => TransportError::connect_timeout(error),
        #[cfg(feature = "rustls")]
        (true, false) if is_certificate(&error) => TransportError::certificate(error),
        (true, false) => TransportError::connect(error),
        (false, true) => TransportError::timeout(error),
        (false, false) if error.is_builder() => TransportError::other(error),
        (false, false) => TransportError::interrupted(error),
    }
}

/// Whether a TLS handshake ended because this side did not accept the certificate of the other. What `native-tls` says of it
/// is text alone, so there it stays a failure to connect.
#[cfg(feature = "rustls")]
fn is_certificate(error: &(dyn StdError + 'static)) -> bool {
    if let Some(error) = error.downcast_ref() {
        return matches!(
            error,
            rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented
        );
    }
    // The source of an `io::Error` is not what it wraps but the source of that.
    match error.downcast_ref().and_then(io::Error::get_ref) {
        Some(wrapped) => is_certificate(wrapped),
        None => error.source().is_some_and(is_certificate),
    }
}

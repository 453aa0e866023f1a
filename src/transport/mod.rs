//! How a request reaches the service: the [`Transport`] trait, and its default implementation on `reqwest`, which chooses the route
//! of each request (`route`) and resolves names (`resolver`).

mod any;
mod body;
mod error;
mod failure;
#[cfg(feature = "hyper")]
mod hyper;
mod reqwest;
mod resolver;
mod route;
#[cfg(feature = "http2")]
mod streams;
#[cfg(feature = "rustls-no-provider")]
mod tls;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use url::Url;

pub(crate) use self::any::AnyTransport;
pub use self::error::TransportError;
#[cfg(feature = "hyper")]
pub use self::hyper::{HyperTransport, HyperTransportBuilder};
pub use self::reqwest::ReqwestTransport;
pub(crate) use self::route::{Configure, ConnectionSettings};
use crate::error::ErrorResponse;
use crate::support::redact::Redacted;

/// The future that [`Transport::send`] returns.
pub type TransportFuture<'a> =
    Pin<Box<dyn Future<Output = Result<TransportResponse, TransportError>> + Send + 'a>>;

/// Carries one request to the service and returns the response.
///
/// Implement it for a custom HTTP stack, a middleware or a test double, and pass it to
/// [`ClientBuilder::transport`](crate::ClientBuilder::transport). An implementation sends the request once: it does not
/// retry, does not follow redirects and does not decode the body. The client bounds the time with the attempt timeout by
/// dropping the future, so dropping must release what the request held.
///
/// ```
/// use affinidi_tdk_iam_client::{Client, http, transport::*};
///
/// /// Responds to every request with the same JSON.
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
#[doc(alias = "mock")]
pub trait Transport: Send + Sync + 'static {
    /// Sends `request` and reads the whole body of the response, up to [`TransportRequest::body_limit`] bytes.
    ///
    /// # Errors
    ///
    /// A [`TransportError`] that states how far the request got, because that decides whether it may be retried. A response
    /// with an error status is not an error here.
    fn send(&self, request: TransportRequest) -> TransportFuture<'_>;
}

/// The same through a pointer.
macro_rules! through_pointer {
    ($($pointer:ident),+) => {
        $(
            impl<T: Transport + ?Sized> Transport for $pointer<T> {
                fn send(&self, request: TransportRequest) -> TransportFuture<'_> {
                    (**self).send(request)
                }
            }
        )+
    };
}
through_pointer!(Arc, Box);

/// A request as it is sent.
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
    /// How much of a response's body to read at most, in bytes; more is a [`TransportError::body_too_large`].
    pub body_limit: usize,
    /// The operationId in the API description, for logs and metrics; empty in a request made by [`new`](Self::new).
    pub operation: &'static str,
}

impl TransportRequest {
    /// A request without headers and body, with a body limit of 8 MiB: for tests of a [`Transport`]. Set the other fields as
    /// needed.
    pub fn new(method: Method, url: Url) -> Self {
        Self {
            method,
            url,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            body_limit: DEFAULT_BODY_LIMIT,
            operation: "",
        }
    }
}

/// [`ClientBuilder::body_limit`](crate::ClientBuilder::body_limit) unless it is set, in bytes.
pub(crate) const DEFAULT_BODY_LIMIT: usize = 8 * 1024 * 1024;

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

/// A response as received, its body still encoded as the `content-encoding` header states.
#[derive(Clone)]
#[non_exhaustive]
pub struct TransportResponse {
    /// The status of the response.
    pub status: StatusCode,
    /// The headers of the response.
    pub headers: HeaderMap,
    /// The body of the response.
    pub body: Bytes,
}

impl TransportResponse {
    /// A response without headers.
    pub fn new(status: StatusCode, body: impl Into<Bytes>) -> Self {
        Self { status, headers: HeaderMap::new(), body: body.into() }
    }

    /// The same response with these headers.
    #[must_use]
    pub fn with_headers(self, headers: HeaderMap) -> Self {
        Self { headers, ..self }
    }
}

impl From<TransportResponse> for ErrorResponse {
    fn from(TransportResponse { status, headers, body }: TransportResponse) -> Self {
        Self::new(status, headers, body)
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

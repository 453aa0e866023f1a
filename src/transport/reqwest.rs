//! The default transport: HTTP by `reqwest`.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::StatusCode;
use url::Url;

use super::body::Joined;
use super::failure;
use super::route::{Chosen, ConnectionSettings, Route, Routes};
use super::{Transport, TransportError, TransportFuture, TransportRequest, TransportResponse};
use crate::error::ERROR_BODY_LIMIT;

/// The default transport, built on `reqwest`; wrap it to add a middleware.
///
/// Made by [`default`](Self::default) it chooses the route of each request by its URL. Made from a `reqwest` client it leaves that
/// to the client, whose redirects and retries you switch off as
/// [`ClientBuilder::http_client`](crate::ClientBuilder::http_client) explains.
///
/// ```
/// use affinidi_tdk_iam_client::Client;
/// use affinidi_tdk_iam_client::transport::*;
///
/// /// Prints what was sent and received.
/// struct Logged(ReqwestTransport);
///
/// impl Transport for Logged {
///     fn send(&self, request: TransportRequest) -> TransportFuture<'_> {
///         Box::pin(async move {
///             let operation = request.operation;
///             let response = self.0.send(request).await?;
///             println!("{operation}: {}", response.status);
///             Ok(response)
///         })
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let iam = affinidi_iam_local::LocalIam::start().await?;
/// let logged = Logged(ReqwestTransport::default());
/// let client = Client::builder().base_url(iam.base_url()).transport(logged).build()?;
/// client.well_known().get_well_known_jwks().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct ReqwestTransport(Clients);

#[derive(Clone)]
enum Clients {
    BuiltIn(Arc<Routes>),
    /// The caller's, which chooses the route itself.
    Custom(reqwest::Client),
}

/// Without the client, whose default headers may hold secrets.
impl fmt::Debug for ReqwestTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReqwestTransport").finish_non_exhaustive()
    }
}

/// The transport of a client for which none is set: connections may take 5 s to be made and are kept for 15 s, requests to this
/// machine go through no proxy, and all others through those of the environment.
impl Default for ReqwestTransport {
    fn default() -> Self {
        Self::new(ConnectionSettings::default())
    }
}

impl From<reqwest::Client> for ReqwestTransport {
    fn from(client: reqwest::Client) -> Self {
        Self(Clients::Custom(client))
    }
}

impl ReqwestTransport {
    pub(super) fn new(settings: ConnectionSettings) -> Self {
        Self(Clients::BuiltIn(Arc::new(Routes::new(settings))))
    }

    /// Checks that `url` can be reached by TLS if it has to be.
    ///
    /// # Errors
    ///
    /// A text: why it cannot, and what to do about it.
    pub(super) fn check(&self, url: &Url) -> Result<(), String> {
        self.route(url).map(drop)
    }

    fn route(&self, url: &Url) -> Result<Route<'_>, String> {
        match &self.0 {
            Clients::BuiltIn(routes) => routes.to(url),
            Clients::Custom(client) => Ok(Route::custom(client)),
        }
    }
}

impl Transport for ReqwestTransport {
    fn send(&self, request: TransportRequest) -> TransportFuture<'_> {
        Box::pin(async move {
            let route = self.route(&request.url).map_err(TransportError::other)?;
            let chosen = route.client().await?;
            let outcome = exchange(&chosen, request, route.may_be_proxied()).await;
            outcome.map_err(|error| match &route.proxy {
                Some(proxy) => error.through(proxy, route.is_configured),
                None => error,
            })
        })
    }
}

/// Sends a request and reads the response to it.
async fn exchange(
    chosen: &Chosen<'_>,
    request: TransportRequest,
    may_be_proxied: bool,
) -> Result<TransportResponse, TransportError> {
    let TransportRequest { method, url, headers, body, body_limit, .. } = request;
    let mut outgoing = reqwest::Request::new(method, url);
    *outgoing.headers_mut() = headers;
    if !body.is_empty() {
        *outgoing.body_mut() = Some(body.into());
    }
    let mut incoming = chosen.client().execute(outgoing).await.map_err(from_reqwest)?;
    chosen.learn(incoming.version());
    let status = incoming.status();
    // Of plain HTTP; a proxy that should make a tunnel for TLS fails to, which `reqwest` reports.
    if may_be_proxied && status == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
        return Err(TransportError::connect(status.to_string()));
    }
    let headers = std::mem::take(incoming.headers_mut());
    let response = TransportResponse { status, headers, body: Bytes::new() };
    // Nothing follows these, and where their length is not stated either, waiting for it would last until the timeout (RFC
    // 9110, sections 15.3.5 and 15.3.6).
    if matches!(status, StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT) {
        return Ok(response);
    }
    // Of an error the start is enough: its status counts, however much it says.
    let is_error = status.is_client_error() || status.is_server_error();
    let limit = if is_error { body_limit.min(ERROR_BODY_LIMIT) } else { body_limit };
    let (body, is_whole) = read_body(incoming, limit).await?;
    if !is_whole && !is_error {
        return Err(TransportError::body_too_large().in_response(response));
    }
    Ok(TransportResponse { body, ..response })
}

/// Reads the first `limit` bytes of a body, and whether they are the whole.
async fn read_body(mut response: reqwest::Response, limit: usize) -> Result<(Bytes, bool), TransportError> {
    let mut body = Joined::new(limit, response.content_length());
    while let Some(piece) = response.chunk().await.map_err(from_reqwest)? {
        if !body.add(piece) {
            return Ok((body.into_bytes(), false));
        }
    }
    Ok((body.into_bytes(), true))
}

/// The URL is taken out: it may hold identifiers and, in the query of a proxy operation, codes.
fn from_reqwest(error: reqwest::Error) -> TransportError {
    let error = error.without_url();
    match (error.is_connect(), error.is_timeout()) {
        (true, true) => TransportError::connect_timeout(error),
        (true, false) => failure::of_connecting(error),
        (false, true) => TransportError::timeout(error),
        (false, false) if error.is_builder() => TransportError::other(error),
        #[cfg(feature = "http2")]
        (false, false) if failure::is_not_processed(&error) => TransportError::not_processed(error),
        (false, false) => TransportError::connection_lost(error),
    }
}

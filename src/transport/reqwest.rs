//! The default transport: HTTP by `reqwest`.

use std::fmt;
use std::sync::Arc;

use url::Url;

use super::body::Receiving;
use super::failure;
use super::route::{Chosen, ConnectionSettings, Route, Routes};
use super::{Transport, TransportError, TransportFuture, TransportRequest, TransportResponse};

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

    pub(super) fn route(&self, url: &Url) -> Result<Route<'_>, String> {
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
            exchange(chosen, route, request).await
        })
    }
}

/// Sends a request and reads the response to it.
// Not an `async fn`, whose future would hold the request.
pub(super) fn exchange<'a>(
    chosen: Chosen<'a>,
    route: Route<'a>,
    request: TransportRequest,
) -> impl Future<Output = Result<TransportResponse, TransportError>> + Send + 'a {
    let TransportRequest { method, url, headers, body, body_limit, .. } = request;
    let mut outgoing = reqwest::Request::new(method, url);
    *outgoing.headers_mut() = headers;
    if !body.is_empty() {
        *outgoing.body_mut() = Some(body.into());
    }
    let incoming = chosen.client().execute(outgoing);
    async move {
        let outcome = async {
            let mut receiving = {
                let incoming = incoming.await.map_err(from_reqwest)?;
                chosen.learn(incoming.version());
                Receiving::new(incoming.into(), body_limit)
            };
            let outcome = receiving.read(route.may_be_proxied(), from_reqwest).await;
            receiving.end(outcome)
        };
        outcome.await.map_err(|error| match &route.proxy {
            Some(proxy) => error.through(proxy, route.is_configured),
            None => error,
        })
    }
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

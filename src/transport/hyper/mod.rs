//! A transport on connections of `hyper`: a request takes an idle connection of its origin or makes one, with nothing in between.

mod builder;
mod connector;
mod lease;
mod origin;
mod outgoing;
mod pool;
mod then;
mod trust;

use std::fmt;
use std::future::ready;
use std::sync::Arc;

use arc_swap::ArcSwap;
use http::Request;
use hyper::body::Incoming;
use hyper_util::client::proxy::matcher::Matcher;
use url::Url;

pub use self::builder::HyperTransportBuilder;
use self::lease::{Failure, Lease};
use self::origin::Origin;
use self::outgoing::Outgoing;
use self::then::Then;
use self::trust::Trust;
use super::body::Receiving;
#[cfg(feature = "http2")]
use super::failure;
use super::route::ConnectionSettings;
use super::{Transport, TransportError, TransportFuture, TransportRequest, TransportResponse};
use crate::error::Error;

/// A transport on connections of `hyper`, for programs that make many calls: it needs about two thirds of the processor time of
/// [`ReqwestTransport`](super::ReqwestTransport).
///
/// What is safe by default there is so here as well: requests to this machine go through no proxy and all others through those of the
/// environment, the certificates that the operating system trusts are the ones that count, and nothing follows a redirect. With the
/// feature `http2` a service that offers HTTP/2 is spoken to by it, on as many connections as the calls in flight need streams.
///
/// ```
/// use affinidi_tdk_iam_client::Client;
/// use affinidi_tdk_iam_client::transport::HyperTransport;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let iam = affinidi_iam_local::LocalIam::start().await?;
/// let client = Client::builder().base_url(iam.base_url()).transport(HyperTransport::new()?).build()?;
/// client.well_known().get_well_known_jwks().await?;
/// # Ok(())
/// # }
/// ```
///
/// [`HyperTransport::builder`] has the settings of connections; those of
/// [`ClientBuilder`](crate::ClientBuilder) are for the built-in transport.
#[derive(Clone)]
pub struct HyperTransport(Arc<Inner>);

struct Inner {
    settings: ConnectionSettings,
    trust: Arc<Trust>,
    proxies: Matcher,
    /// Found one by one: a program talks to very few.
    origins: ArcSwap<Vec<Arc<Origin>>>,
}

impl HyperTransport {
    /// A transport with the defaults of [`builder`](Self::builder).
    ///
    /// # Errors
    ///
    /// None today: certificates are loaded when a client for an `https` URL is built, or when `https` is first needed.
    pub fn new() -> Result<Self, Error> {
        Self::builder().build()
    }

    /// Starts building a transport.
    pub fn builder() -> HyperTransportBuilder {
        HyperTransportBuilder::default()
    }

    /// One that makes and keeps connections as the built-in transport does.
    #[cfg(test_transport)]
    pub(crate) fn like_built_in(settings: ConnectionSettings) -> Self {
        Self::with(settings, Trust::default())
    }

    fn with(settings: ConnectionSettings, trust: Trust) -> Self {
        Self(Arc::new(Inner {
            settings,
            trust: Arc::new(trust),
            proxies: Matcher::from_system(),
            origins: ArcSwap::default(),
        }))
    }

    /// Checks that `url` can be reached by TLS if it has to be.
    ///
    /// # Errors
    ///
    /// A text: why it cannot, and what to do about it.
    pub(super) fn check(&self, url: &Url) -> Result<(), String> {
        if url.scheme() == "https" { self.0.trust.load() } else { Ok(()) }
    }

    /// The origin of a URL, kept for the next request.
    fn origin(&self, url: &Url) -> Result<Arc<Origin>, TransportError> {
        let Inner { settings, trust, proxies, origins } = &*self.0;
        if let Some(origin) = origins.load().iter().find(|origin| origin.is_of(url)) {
            return Ok(origin.clone());
        }
        let new = Arc::new(Origin::of(url, proxies, trust, settings).map_err(TransportError::other)?);
        let known = origins.rcu(|origins| match origins.iter().any(|origin| origin.is_of(url)) {
            true => origins.clone(),
            false => Arc::new(origins.iter().chain([&new]).cloned().collect()),
        });
        // Somebody else may have been first.
        Ok(known.iter().find(|origin| origin.is_of(url)).unwrap_or(&new).clone())
    }
}

impl Transport for HyperTransport {
    fn send(&self, request: TransportRequest) -> TransportFuture<'_> {
        match self.exchange(request) {
            Ok(exchange) => Box::pin(exchange),
            Err(exchange) => exchange,
        }
    }
}

impl fmt::Debug for HyperTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HyperTransport").finish_non_exhaustive()
    }
}

impl HyperTransport {
    /// Sends a request and reads the response to it; in a box where it has to wait for a connection, which most have not.
    // Not an `async fn`, whose future would hold the request.
    pub(super) fn exchange(
        &self,
        request: TransportRequest,
    ) -> Result<
        impl Future<Output = Result<TransportResponse, TransportError>> + Send + use<>,
        TransportFuture<'static>,
    > {
        let body_limit = request.body_limit;
        let prepared = self.origin(&request.url).and_then(|origin| Ok((origin.request(request)?, origin)));
        let (outgoing, origin) = match prepared {
            Ok(prepared) => prepared,
            Err(error) => return Err(Box::pin(ready(Err(error)))),
        };
        let Some(mut lease) = origin.pool.free_lease() else {
            return Err(Box::pin(exchange_on_new(origin, outgoing, body_limit)));
        };
        let responding = lease.send(origin.addressed(outgoing, lease.is_http2()));
        let read = move |outcome: Result<_, Failure>| async move {
            let failure = match outcome {
                Ok(response) => {
                    let mut receiving = Receiving::new(response, body_limit);
                    let outcome = receiving.read(origin.is_forwarded(), from_hyper).await;
                    return finish(&origin, lease, receiving, outcome);
                }
                Err(failure) => failure,
            };
            match failure {
                // The service has closed the connection while it was idle.
                Failure::Unsent(outgoing, _) => {
                    drop(lease);
                    let exchange: TransportFuture<'_> =
                        Box::pin(exchange_on_new(origin, *outgoing, body_limit));
                    exchange.await
                }
                Failure::Sent(error) => Err(origin.through_proxy(from_hyper(error))),
            }
        };
        Ok(Then::First { first: responding, next: Some(read) })
    }
}

/// Sends a request on the first connection that can be had. One that the service has closed while it was idle is not used, and another
/// one is tried where that turns out before anything was sent.
async fn exchange_on_new(
    origin: Arc<Origin>,
    mut outgoing: Request<Outgoing>,
    body_limit: usize,
) -> Result<TransportResponse, TransportError> {
    // More than happen by chance.
    const CLOSED_CONNECTIONS: usize = 16;
    for _ in 0..CLOSED_CONNECTIONS {
        let mut lease = origin.pool.lease().await.map_err(|error| origin.through_proxy(error))?;
        let is_new = lease.is_new();
        let responding = lease.send(origin.addressed(outgoing, lease.is_http2()));
        let error = match responding.await {
            Ok(response) => {
                let mut receiving = Receiving::new(response, body_limit);
                let outcome = receiving.read(origin.is_forwarded(), from_hyper).await;
                return finish(&origin, lease, receiving, outcome);
            }
            Err(Failure::Unsent(unsent, _)) if !is_new => {
                outgoing = *unsent;
                continue;
            }
            Err(Failure::Unsent(_, error)) => TransportError::not_processed(error),
            Err(Failure::Sent(error)) => from_hyper(error),
        };
        return Err(origin.through_proxy(error));
    }
    Err(TransportError::not_processed("the service closes every connection before anything is sent"))
}

/// Gives the connection of a response back that was read.
fn finish(
    origin: &Origin,
    lease: Lease,
    receiving: Receiving<Incoming>,
    outcome: Result<(), TransportError>,
) -> Result<TransportResponse, TransportError> {
    let outcome = receiving.end(outcome);
    lease.end();
    outcome.map_err(|error| origin.through_proxy(error))
}

fn from_hyper(error: hyper::Error) -> TransportError {
    #[cfg(feature = "http2")]
    if failure::is_not_processed(&error) {
        return TransportError::not_processed(error);
    }
    if error.is_user() { TransportError::other(error) } else { TransportError::connection_lost(error) }
}

//! A transport on connections of `hyper`: a request takes an idle connection of its origin or makes one, with nothing in between.

mod builder;
mod connector;
mod lease;
mod origin;
mod outgoing;
mod pool;
mod trust;

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;

use arc_swap::ArcSwap;
use bytes::Bytes;
use http::header::{HOST, PROXY_AUTHORIZATION};
use http::{Request, StatusCode};
use hyper::body::{Body as _, Incoming};
use hyper_util::client::proxy::matcher::Matcher;
use url::Url;

pub use self::builder::HyperTransportBuilder;
use self::lease::{Failure, Lease};
use self::origin::Origin;
use self::outgoing::Outgoing;
use self::trust::Trust;
use super::body::Joined;
use super::route::ConnectionSettings;
use super::{Transport, TransportError, TransportFuture, TransportRequest, TransportResponse};
#[cfg(feature = "http2")]
use super::failure;
use crate::error::{ERROR_BODY_LIMIT, Error};

/// A transport on connections of `hyper`, for programs that make many calls: it needs about half of the processor time of
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
    /// None today, as certificates are loaded when `https` first needs them.
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
        Box::pin(async move {
            let origin = self.origin(&request.url)?;
            let outcome = exchange(&origin, request).await;
            outcome.map_err(|error| match &origin.proxy {
                Some(proxy) => error.through(proxy, false),
                None => error,
            })
        })
    }
}

impl fmt::Debug for HyperTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HyperTransport").finish_non_exhaustive()
    }
}

/// Sends a request and reads the response to it.
async fn exchange(origin: &Origin, request: TransportRequest) -> Result<TransportResponse, TransportError> {
    let body_limit = request.body_limit;
    let (lease, response) = respond(origin, request).await?;
    let (head, incoming) = response.into_parts();
    let status = head.status;
    // A proxy that should make a tunnel for TLS fails to.
    if origin.is_forwarded() && status == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
        return Err(TransportError::connect(status.to_string()));
    }
    let response = TransportResponse { status, headers: head.headers, body: Bytes::new() };
    // Nothing follows these, and where their length is not stated either, waiting for it would last until the timeout (RFC
    // 9110, sections 15.3.5 and 15.3.6).
    if matches!(status, StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT) {
        return Ok(response);
    }
    // Of an error the start is enough: its status counts, however much it says.
    let is_error = status.is_client_error() || status.is_server_error();
    let limit = if is_error { body_limit.min(ERROR_BODY_LIMIT) } else { body_limit };
    let (body, is_whole) = read_body(incoming, limit).await?;
    match is_whole {
        true => lease.end(),
        false if !is_error => return Err(TransportError::body_too_large().in_response(response)),
        false => {}
    }
    Ok(TransportResponse { body, ..response })
}

/// Sends a request and waits for the head of the response. A connection that the service has closed while it was idle is not used,
/// and another one is tried where it turns out before anything was sent.
async fn respond(
    origin: &Origin,
    request: TransportRequest,
) -> Result<(Lease, http::Response<Incoming>), TransportError> {
    // More than happen by chance.
    const CLOSED_CONNECTIONS: usize = 16;
    let TransportRequest { method, url, headers, body, .. } = request;
    let mut outgoing = Request::new(Outgoing::from(body));
    *outgoing.method_mut() = method;
    *outgoing.headers_mut() = headers;
    if let Some(authorization) = &origin.proxy_authorization {
        outgoing.headers_mut().insert(PROXY_AUTHORIZATION, authorization.clone());
    }
    let mut tries = 0;
    loop {
        let mut lease = origin.pool.lease().await?;
        let is_http2 = lease.is_http2();
        *outgoing.uri_mut() = origin.target(&url, is_http2).map_err(TransportError::other)?;
        if is_http2 {
            outgoing.headers_mut().remove(HOST);
        } else {
            outgoing.headers_mut().insert(HOST, origin.host.clone());
        }
        let is_new = lease.is_new();
        tries += 1;
        match lease.send(outgoing).await.map_err(|failure| *failure) {
            Ok(response) => return Ok((lease, response)),
            Err(Failure::Unsent(request, _)) if !is_new && tries < CLOSED_CONNECTIONS => outgoing = request,
            Err(Failure::Unsent(_, error)) => return Err(TransportError::not_processed(error)),
            Err(Failure::Sent(error)) => return Err(from_hyper(error)),
        }
    }
}

/// Reads the first `limit` bytes of a body, and whether they are the whole.
async fn read_body(mut incoming: Incoming, limit: usize) -> Result<(Bytes, bool), TransportError> {
    let mut body = Joined::new(limit, incoming.size_hint().exact());
    while let Some(frame) = poll_fn(|context| Pin::new(&mut incoming).poll_frame(context)).await {
        if let Ok(piece) = frame.map_err(from_hyper)?.into_data()
            && !body.add(piece)
        {
            return Ok((body.into_bytes(), false));
        }
    }
    Ok((body.into_bytes(), true))
}

fn from_hyper(error: hyper::Error) -> TransportError {
    #[cfg(feature = "http2")]
    if failure::is_not_processed(&error) {
        return TransportError::not_processed(error);
    }
    if error.is_user() { TransportError::other(error) } else { TransportError::connection_lost(error) }
}

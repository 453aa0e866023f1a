//! How one connection is made: name resolution, proxy, TLS, and the handshake of HTTP.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
#[cfg(feature = "http2")]
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use http::{HeaderValue, Uri};
use hyper::client::conn::http1;
#[cfg(feature = "http2")]
use hyper::client::conn::http2;
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::legacy::connect::{Connection, HttpConnector};
#[cfg(feature = "http2")]
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tower_service::Service;

use super::outgoing::Outgoing;
use super::trust::Trust;
use crate::transport::resolver::{Addresses, Resolver};
use crate::transport::{TransportError, failure};

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// The bytes of a connection.
trait Stream: hyper::rt::Read + hyper::rt::Write + Send + Unpin {}
impl<T: hyper::rt::Read + hyper::rt::Write + Send + Unpin> Stream for T {}

/// The proxy that requests to a service go through.
#[derive(Clone)]
pub(super) struct Proxy {
    pub(super) uri: Uri,
    pub(super) authorization: Option<HeaderValue>,
}

/// Makes connections to one origin.
pub(super) struct Connector {
    pub(super) trust: Arc<Trust>,
    /// Scheme, host and port of the service.
    pub(super) service: Uri,
    pub(super) proxy: Option<Proxy>,
}

/// What a new connection sends with.
pub(super) enum Connected {
    Http1(http1::SendRequest<Outgoing>),
    #[cfg(feature = "http2")]
    Http2 {
        sender: http2::SendRequest<Outgoing>,
        /// How many streams the service allows at a time.
        streams: Arc<AtomicUsize>,
    },
}

impl Connector {
    pub(super) fn uses_tls(&self) -> bool {
        self.service.scheme() == Some(&http::uri::Scheme::HTTPS)
    }

    /// Whether the proxy gets the whole URL, instead of a request for a tunnel.
    pub(super) fn sends_to_proxy(&self) -> bool {
        self.proxy.is_some() && !self.uses_tls()
    }

    /// Makes a connection, which a task of its own drives.
    pub(super) async fn connect(&self) -> Result<Connected, TransportError> {
        let connected = match &self.proxy {
            None if self.uses_tls() => shake_hands(self.trust.with_tls(tcp())?, &self.service).await,
            None => shake_hands(tcp(), &self.service).await,
            Some(proxy) if proxy.uri.scheme() == Some(&http::uri::Scheme::HTTPS) => {
                self.connect_through(proxy, self.trust.with_tls_to_proxy(tcp())?).await?
            }
            Some(proxy) if proxy.uri.scheme() == Some(&http::uri::Scheme::HTTP) => {
                self.connect_through(proxy, tcp()).await?
            }
            Some(_) => Err("only proxies of the schemes `http` and `https` can be used".into()),
        };
        connected.map_err(failure::of_connecting)
    }

    async fn connect_through<C>(
        &self,
        proxy: &Proxy,
        to_proxy: C,
    ) -> Result<Result<Connected, Cause>, TransportError>
    where
        C: Service<Uri> + Send + 'static,
        C::Response: Connection + hyper::rt::Read + hyper::rt::Write + Send + Unpin + 'static,
        C::Future: Send + 'static,
        C::Error: Into<Cause>,
    {
        if !self.uses_tls() {
            return Ok(shake_hands(to_proxy, &proxy.uri).await);
        }
        let mut tunnel = Tunnel::new(proxy.uri.clone(), to_proxy);
        if let Some(authorization) = &proxy.authorization {
            tunnel = tunnel.with_auth(authorization.clone());
        }
        Ok(shake_hands(self.trust.with_tls(tunnel)?, &self.service).await)
    }
}

/// Connects, and agrees with the peer on a version of HTTP.
async fn shake_hands<C>(mut connector: C, to: &Uri) -> Result<Connected, Cause>
where
    C: Service<Uri>,
    C::Response: Connection + hyper::rt::Read + hyper::rt::Write + Send + Unpin + 'static,
    C::Error: Into<Cause>,
{
    std::future::poll_fn(|context| connector.poll_ready(context)).await.map_err(Into::into)?;
    let stream = connector.call(to.clone()).await.map_err(Into::into)?;
    #[cfg(feature = "http2")]
    if stream.connected().is_negotiated_h2() {
        let stream: Box<dyn Stream> = Box::new(stream);
        let mut builder = http2::Builder::new(TokioExecutor::new());
        let (sender, mut connection) = builder.timer(TokioTimer::new()).handshake(stream).await?;
        let streams = Arc::new(AtomicUsize::new(connection.current_max_send_streams()));
        let known = streams.clone();
        tokio::spawn(std::future::poll_fn(move |context| {
            let outcome = Pin::new(&mut connection).poll(context);
            known.store(connection.current_max_send_streams(), Ordering::Relaxed);
            // An error also reaches the requests, and nobody else needs it.
            outcome.map(drop)
        }));
        return Ok(Connected::Http2 { sender, streams });
    }
    let stream: Box<dyn Stream> = Box::new(stream);
    let (sender, connection) = http1::handshake(stream).await?;
    tokio::spawn(async move {
        // An error also reaches the request, and nobody else needs it.
        let _ = connection.await;
    });
    Ok(Connected::Http1(sender))
}

/// Connections without TLS, which notice in time that their peer has vanished.
fn tcp() -> HttpConnector<Resolver> {
    const PROBE: Duration = Duration::from_secs(15);
    let mut connector = HttpConnector::new_with_resolver(Resolver);
    connector.enforce_http(false);
    connector.set_nodelay(true);
    connector.set_keepalive(Some(PROBE));
    connector.set_keepalive_interval(Some(PROBE));
    connector.set_keepalive_retries(Some(3));
    connector
}

impl Service<Name> for Resolver {
    type Response = Addresses;
    type Error = std::io::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Addresses, std::io::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), std::io::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        Box::pin(async move { Self::addresses(name.as_str()).await })
    }
}

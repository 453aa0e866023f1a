//! The transport of a client, whichever it is.

use std::any::Any;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;
use url::Url;

#[cfg(feature = "hyper")]
use super::HyperTransport;
use super::reqwest::exchange;
use super::route::{Chosen, ConnectionSettings};
use super::{
    ReqwestTransport, Transport, TransportError, TransportFuture, TransportRequest, TransportResponse,
};

/// The transport of a client. Those of this crate send within the future of the call, without one of their own in a box.
#[derive(Clone)]
pub(crate) enum AnyTransport {
    Reqwest(ReqwestTransport),
    #[cfg(feature = "hyper")]
    Hyper(HyperTransport),
    Custom(Arc<dyn Transport>),
}

impl AnyTransport {
    pub(crate) fn of(transport: impl Transport) -> Self {
        let any: &dyn Any = &transport;
        if let Some(transport) = any.downcast_ref::<ReqwestTransport>() {
            return Self::Reqwest(transport.clone());
        }
        #[cfg(feature = "hyper")]
        if let Some(transport) = any.downcast_ref::<HyperTransport>() {
            return Self::Hyper(transport.clone());
        }
        Self::Custom(Arc::new(transport))
    }

    /// The transport of a client for which none is set.
    pub(crate) fn built_in(settings: ConnectionSettings) -> Self {
        // Tests run on each transport, with the same settings.
        #[cfg(all(test_transport, feature = "hyper"))]
        if settings.configure.is_none()
            && std::env::var_os("TEST_TRANSPORT").is_some_and(|name| name == "hyper")
        {
            return Self::Hyper(HyperTransport::like_built_in(settings));
        }
        Self::Reqwest(ReqwestTransport::new(settings))
    }

    /// Checks that `url` can be reached by TLS if it has to be, as far as that is known.
    ///
    /// # Errors
    ///
    /// A text: why it cannot, and what to do about it.
    pub(crate) fn check(&self, url: &Url) -> Result<(), String> {
        match self {
            Self::Reqwest(transport) => transport.check(url),
            #[cfg(feature = "hyper")]
            Self::Hyper(transport) => transport.check(url),
            Self::Custom(_) => Ok(()),
        }
    }

    /// Sends a request as [`Transport::send`] does.
    // Not an `async fn`, whose future would hold the request.
    pub(crate) fn send(&self, request: TransportRequest) -> impl Future<Output = Outcome> + Send {
        #[cfg(not(feature = "hyper"))]
        type Sending<'a, R> = self::Sending<'a, R, std::future::Pending<Outcome>>;
        match self {
            Self::Reqwest(transport) => {
                if let Ok(route) = transport.route(&request.url)
                    && let Some(client) = route.only_client()
                {
                    return Sending::Reqwest { future: exchange(Chosen::One(client), route, request) };
                }
                Sending::Boxed { future: transport.send(request) }
            }
            #[cfg(feature = "hyper")]
            Self::Hyper(transport) => match transport.exchange(request) {
                Ok(future) => Sending::Hyper { future },
                Err(future) => Sending::Boxed { future },
            },
            Self::Custom(transport) => Sending::Boxed { future: transport.send(request) },
        }
    }
}

type Outcome = Result<TransportResponse, TransportError>;

pin_project! {
    /// A request on its way, by a transport of this crate or in a box.
    #[project = Projected]
    enum Sending<'a, R, H> {
        Reqwest { #[pin] future: R },
        Hyper { #[pin] future: H },
        Boxed { future: TransportFuture<'a> },
    }
}

impl<R: Future<Output = Outcome>, H: Future<Output = Outcome>> Future for Sending<'_, R, H> {
    type Output = Outcome;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Outcome> {
        match self.project() {
            Projected::Reqwest { future } => future.poll(context),
            Projected::Hyper { future } => future.poll(context),
            Projected::Boxed { future } => future.as_mut().poll(context),
        }
    }
}

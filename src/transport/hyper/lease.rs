//! A place on a connection, for one request.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use http::{Request, Response};
use hyper::body::Incoming;
#[cfg(feature = "http2")]
use hyper::client::conn::http2;
use hyper::client::conn::{TrySendError, http1};
use pin_project_lite::pin_project;
use tokio::runtime::Handle;

use super::outgoing::Outgoing;

/// Where one request can be sent.
pub(super) enum Place {
    /// A connection of HTTP/1.1, which serves one request at a time.
    Connection { sender: http1::SendRequest<Outgoing>, is_new: bool },
    /// A stream of a connection of HTTP/2.
    #[cfg(feature = "http2")]
    Stream { connection: u64, sender: http2::SendRequest<Outgoing> },
}

impl Place {
    /// Whether a request can be sent now.
    pub(super) fn is_ready(&self) -> bool {
        match self {
            Self::Connection { sender, .. } => sender.is_ready(),
            #[cfg(feature = "http2")]
            Self::Stream { sender, .. } => sender.is_ready(),
        }
    }
}

/// Where a place comes from, and goes back to.
pub(super) trait Lessor: Send + Sync {
    /// Takes back a place. A connection of HTTP/1.1 that cannot serve another request ends with it.
    fn take_back(self: Arc<Self>, place: Place);
}

/// A place on a connection, which goes back when it is dropped.
pub(super) struct Lease {
    lessor: Arc<dyn Lessor>,
    place: Option<Place>,
}

/// Why there is no response.
pub(super) enum Failure {
    /// Nothing of the request was sent.
    Unsent(Box<Request<Outgoing>>, Box<dyn std::error::Error + Send + Sync>),
    /// The service may have it.
    Sent(hyper::Error),
}

impl Lease {
    pub(super) fn of(lessor: Arc<dyn Lessor>, place: Place) -> Self {
        Self { lessor, place: Some(place) }
    }

    /// The place alone, which then does not go back by itself.
    pub(super) fn take(mut self) -> Option<Place> {
        self.place.take()
    }

    /// Whether the connection was made for this request.
    pub(super) fn is_new(&self) -> bool {
        matches!(self.place, Some(Place::Connection { is_new: true, .. }))
    }

    /// Whether requests are sent by HTTP/2.
    pub(super) fn is_http2(&self) -> bool {
        !matches!(self.place, Some(Place::Connection { .. }))
    }

    /// Sends a request; the future is the head of the response.
    pub(super) fn send(
        &mut self,
        request: Request<Outgoing>,
    ) -> impl Future<Output = Result<Response<Incoming>, Failure>> + Send + use<> {
        #[cfg(not(feature = "http2"))]
        type Responding<H> = self::Responding<H, std::future::Pending<Answered>>;
        match &mut self.place {
            Some(Place::Connection { sender, .. }) => {
                Responding::Http1 { future: sender.try_send_request(request) }
            }
            #[cfg(feature = "http2")]
            Some(Place::Stream { sender, .. }) => {
                Responding::Http2 { future: sender.try_send_request(request) }
            }
            // Only after the place was given back.
            None => Responding::Nowhere { request: Some(request) },
        }
    }

    /// Gives the place back after the whole response was read. Its connection may need a moment until it can serve another request,
    /// which nobody waits for here.
    pub(super) fn end(mut self) {
        if let Some(Place::Connection { mut sender, .. }) = self.place.take_if(|place| !place.is_ready())
            && !sender.is_closed()
            && let Ok(runtime) = Handle::try_current()
        {
            let lessor = self.lessor.clone();
            runtime.spawn(async move {
                if sender.ready().await.is_ok() {
                    lessor.take_back(Place::Connection { sender, is_new: false });
                }
            });
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(place) = self.place.take() {
            self.lessor.clone().take_back(place);
        }
    }
}

type Answered = Result<Response<Incoming>, TrySendError<Request<Outgoing>>>;

pin_project! {
    /// A request on its way, by either version of HTTP.
    #[project = Projected]
    enum Responding<A, B> {
        Http1 { #[pin] future: A },
        Http2 { #[pin] future: B },
        Nowhere { request: Option<Request<Outgoing>> },
    }
}

impl<A: Future<Output = Answered>, B: Future<Output = Answered>> Future for Responding<A, B> {
    type Output = Result<Response<Incoming>, Failure>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let outcome = match self.project() {
            Projected::Http1 { future } => ready!(future.poll(context)),
            Projected::Http2 { future } => ready!(future.poll(context)),
            Projected::Nowhere { request } => {
                let Some(request) = request.take() else { return Poll::Pending };
                let error = "there is no connection any more".into();
                return Poll::Ready(Err(Failure::Unsent(Box::new(request), error)));
            }
        };
        Poll::Ready(outcome.map_err(|mut error| match error.take_message() {
            Some(request) => Failure::Unsent(Box::new(request), error.into_error().into()),
            None => Failure::Sent(error.into_error()),
        }))
    }
}

//! Clients for HTTP/2. `reqwest` makes one connection of HTTP/2 to a service for each client, which serves no more requests at a time
//! than the service allows streams; so there are as many clients as the requests in flight need.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use http::Version;
use reqwest::Client;
use tokio::sync::Notify;
use tokio::time::timeout;
use tower_layer::Layer;
use tower_service::Service;

use super::TransportError;

/// How many requests are in flight on one connection at most: the least that RFC 9113, section 6.5.2, recommends to allow.
const STREAMS: usize = 100;

/// How often those who wait look for themselves: who is woken instead of them may not be polled any more.
const LOOK: Duration = Duration::from_millis(100);

/// The clients of one route.
#[derive(Default)]
pub(super) struct Clients {
    state: Mutex<State>,
    freed: Arc<Notify>,
}

#[derive(Default)]
struct State {
    clients: Vec<Counted>,
    speaks: Speaks,
    waiting: usize,
}

/// What the services speak. Once one of them speaks HTTP/2, the others count for it too.
#[derive(Clone, Copy, Default, PartialEq)]
enum Speaks {
    #[default]
    Unknown,
    Http1,
    Http2,
}

struct Counted {
    client: Client,
    in_flight: usize,
    is_connected: Arc<AtomicBool>,
}

impl Counted {
    /// Whether it can take one more request. Before it has a connection, every further one would make another.
    fn has_room(&self) -> bool {
        self.in_flight < if self.is_connected.load(Ordering::Relaxed) { STREAMS } else { 1 }
    }
}

/// A client for one request.
pub(super) struct Turn<'a> {
    clients: &'a Clients,
    index: usize,
    pub(super) client: Client,
}

impl Clients {
    /// Makes the first client, if there is none; `make` adds a layer to its connections.
    pub(super) fn prepare(&self, make: impl Fn(Noting) -> Result<Client, String>) -> Result<(), String> {
        let mut state = self.lock();
        if state.clients.is_empty() {
            state.clients.push(self.counted(make)?);
        }
        Ok(())
    }

    /// A client whose connection has a stream to spare, as soon as there is one; `make` makes one more, up to `limit` of them.
    pub(super) async fn turn(
        &self,
        limit: usize,
        patience: Duration,
        make: impl Fn(Noting) -> Result<Client, String>,
    ) -> Result<Turn<'_>, TransportError> {
        if let Some(turn) = self.free(limit, 0, &make).map_err(TransportError::other)? {
            return Ok(turn);
        }
        let waiting = Waiting::begin(self);
        let turn = async {
            loop {
                let freed = self.freed.notified();
                if let Some(turn) = self.free(limit, 1, &make).map_err(TransportError::other)? {
                    return Ok(turn);
                }
                let _ = timeout(LOOK, freed).await;
            }
        };
        let outcome = timeout(patience, turn).await;
        drop(waiting);
        outcome.unwrap_or_else(|_| {
            let connections = self.lock().clients.len();
            Err(TransportError::connect_timeout(format!(
                "all streams of the {connections} HTTP/2 connections were in use for {patience:?}, so the request was not sent"
            )))
        })
    }

    /// A client with room, a new one if those that are being connected will not serve everybody who waits: this caller, if
    /// it is not counted among them, and the others.
    fn free(
        &self,
        limit: usize,
        counted: usize,
        make: impl Fn(Noting) -> Result<Client, String>,
    ) -> Result<Option<Turn<'_>>, String> {
        let mut state = self.lock();
        // A connection of HTTP/1.1 serves one request, and a client makes as many as it needs.
        let is_limited = state.speaks != Speaks::Http1;
        let index = match state.clients.iter().position(|one| !is_limited || one.has_room()) {
            Some(index) => index,
            None => {
                let is_new = |one: &&Counted| !one.is_connected.load(Ordering::Relaxed);
                let expected = state.clients.iter().filter(is_new).count() * (STREAMS - 1);
                if state.clients.len() >= limit || state.waiting + 1 - counted <= expected {
                    return Ok(None);
                }
                state.clients.push(self.counted(make)?);
                state.clients.len() - 1
            }
        };
        Ok(state.clients.get_mut(index).map(|one| {
            one.in_flight += 1;
            Turn { clients: self, index, client: one.client.clone() }
        }))
    }

    fn counted(&self, make: impl Fn(Noting) -> Result<Client, String>) -> Result<Counted, String> {
        let is_connected = Arc::new(AtomicBool::new(false));
        let noting = Noting { is_connected: is_connected.clone(), freed: self.freed.clone() };
        Ok(Counted { client: make(noting)?, in_flight: 0, is_connected })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic in the caller's settings leaves it as it was.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn<'_> {
    /// Notes what the service responded with.
    pub(super) fn learn(&self, version: Version) {
        let mut state = self.clients.lock();
        if version == Version::HTTP_2 {
            state.speaks = Speaks::Http2;
        } else if state.speaks == Speaks::Unknown {
            state.speaks = Speaks::Http1;
            self.clients.freed.notify_waiters();
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if let Some(one) = self.clients.lock().clients.get_mut(self.index) {
            one.in_flight -= 1;
        }
        self.clients.freed.notify_one();
    }
}

/// Counts a caller among those who wait.
struct Waiting<'a>(&'a Clients);

impl<'a> Waiting<'a> {
    fn begin(clients: &'a Clients) -> Self {
        clients.lock().waiting += 1;
        Self(clients)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.lock().waiting -= 1;
    }
}

/// Notes of a client when it has a connection.
#[derive(Clone)]
pub(super) struct Noting {
    is_connected: Arc<AtomicBool>,
    freed: Arc<Notify>,
}

impl<S> Layer<S> for Noting {
    type Service = Noted<S>;

    fn layer(&self, inner: S) -> Noted<S> {
        Noted { inner, noting: self.clone() }
    }
}

/// Makes connections, and notes it.
#[derive(Clone)]
pub(super) struct Noted<S> {
    inner: S,
    noting: Noting,
}

impl<S, R> Service<R> for Noted<S>
where
    S: Service<R>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, to: R) -> Self::Future {
        let (connecting, Noting { is_connected, freed }) = (self.inner.call(to), self.noting.clone());
        Box::pin(async move {
            let outcome = connecting.await;
            if outcome.is_ok() && !is_connected.swap(true, Ordering::Relaxed) {
                (0..STREAMS).for_each(|_| freed.notify_one());
            }
            outcome
        })
    }
}

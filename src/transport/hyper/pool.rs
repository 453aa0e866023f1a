//! The connections to one origin: those that are idle, those that are shared, and who waits for one.
//!
//! A call takes an idle connection of HTTP/1.1 or a free stream of HTTP/2. Where there is none it queues, and as many connections
//! are made, each in a task of its own, as those who queue need; so no call depends on another one being polled. What comes free
//! meanwhile goes to whoever has waited longest.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep_until, timeout};

use super::connector::{Connected, Connector};
use super::lease::{Lease, Lessor, Place};
use crate::support::clock::{after, now};
use crate::transport::TransportError;
use crate::transport::route::ConnectionSettings;

/// The connections to one origin.
pub(super) struct Pool {
    pub(super) connector: Connector,
    settings: ConnectionSettings,
    state: Mutex<State>,
}

struct State {
    version: Version,
    /// Those of HTTP/1.1 that serve nobody, the one used last at the end.
    idle: Vec<Idle>,
    #[cfg(feature = "http2")]
    shared: Vec<Shared>,
    waiting: VecDeque<Waiting>,
    /// Tells those who wait apart, and the connections of HTTP/2.
    next_number: u64,
    /// How many connections are being made.
    connecting: usize,
    /// Whether a task closes idle connections.
    is_tidied: bool,
}

/// What the service speaks.
#[derive(Clone, Copy, PartialEq)]
enum Version {
    /// The first connection will tell.
    #[cfg(feature = "http2")]
    Unknown,
    Http1,
    #[cfg(feature = "http2")]
    Http2,
}

/// A connection of HTTP/1.1 that serves nobody.
struct Idle {
    place: Place,
    since: Instant,
}

/// A connection of HTTP/2.
#[cfg(feature = "http2")]
struct Shared {
    number: u64,
    sender: hyper::client::conn::http2::SendRequest<super::outgoing::Outgoing>,
    streams: Arc<std::sync::atomic::AtomicUsize>,
    in_use: usize,
    idle_since: Instant,
}

#[cfg(feature = "http2")]
impl Shared {
    fn streams(&self) -> usize {
        self.streams.load(std::sync::atomic::Ordering::Relaxed)
    }
}

struct Waiting {
    number: u64,
    sender: oneshot::Sender<Result<Lease, TransportError>>,
}

impl Pool {
    pub(super) fn new(connector: Connector, settings: ConnectionSettings) -> Self {
        #[cfg(feature = "http2")]
        let version = if connector.uses_tls() { Version::Unknown } else { Version::Http1 };
        #[cfg(not(feature = "http2"))]
        let version = Version::Http1;
        let state = State {
            version,
            idle: Vec::new(),
            #[cfg(feature = "http2")]
            shared: Vec::new(),
            waiting: VecDeque::new(),
            next_number: 0,
            connecting: 0,
            is_tidied: false,
        };
        Self { connector, settings, state: Mutex::new(state) }
    }

    /// A place on a connection, if there is one now.
    pub(super) fn free_lease(self: &Arc<Self>) -> Option<Lease> {
        let place = self.lock().free_place(&self.settings)?;
        Some(Lease::of(self.clone(), place))
    }

    /// A place on a connection, as soon as there is one.
    pub(super) async fn lease(self: &Arc<Self>) -> Result<Lease, TransportError> {
        let turn = {
            let mut state = self.lock();
            if let Some(place) = state.free_place(&self.settings) {
                return Ok(Lease::of(self.clone(), place));
            }
            let (sender, turn) = oneshot::channel();
            let number = state.number();
            state.waiting.push_back(Waiting { number, sender });
            self.connect(&mut state, Some(number));
            turn
        };
        match timeout(self.settings.connect_timeout, turn).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Err(TransportError::connect("the task that makes the connection was stopped")),
            Err(_) => Err(self.came_too_late()),
        }
    }

    /// Why there was no place within the time for making a connection.
    fn came_too_late(&self) -> TransportError {
        let limit = self.settings.connect_timeout;
        #[cfg(feature = "http2")]
        if let state = self.lock()
            && !state.shared.is_empty()
        {
            let streams: usize = state.shared.iter().map(Shared::streams).sum();
            return TransportError::connect_timeout(format!(
                "all {streams} streams of the {} HTTP/2 connections were in use for {limit:?}, so the request was not sent",
                state.shared.len()
            ));
        }
        TransportError::connect_timeout(format!("no connection within {limit:?}"))
    }

    /// Makes as many connections as those who wait need, the first one for the one of that number.
    fn connect(self: &Arc<Self>, state: &mut State, mut waiting: Option<u64>) {
        // None where the last call of a runtime that has stopped is dropped.
        let Ok(runtime) = Handle::try_current() else { return };
        while state.connecting < state.connections_needed(&self.settings) {
            state.connecting += 1;
            let connecting = Connecting { pool: self.clone(), waiting: waiting.take(), is_over: false };
            runtime.spawn(connecting.run());
        }
    }

    /// Gives what came free to whoever waits, else keeps it.
    fn give(self: &Arc<Self>, state: &mut State, place: Place) {
        let mut lease = Lease::of(self.clone(), place);
        while let Some(waiting) = state.waiting.pop_front() {
            match waiting.sender.send(Ok(lease)) {
                Ok(()) => return,
                // Nobody waits there any more. It is not dropped here, which would give it back once more.
                Err(Ok(unused)) => lease = unused,
                Err(Err(_)) => return,
            }
        }
        if let Some(place) = lease.take() {
            self.keep(state, place);
        }
    }

    /// Gives the streams that are free to those who wait.
    #[cfg(feature = "http2")]
    fn give_streams(self: &Arc<Self>, state: &mut State) {
        while !state.waiting.is_empty()
            && let Some(place) = state.free_stream()
        {
            let mut lease = Lease::of(self.clone(), place);
            loop {
                let Some(waiting) = state.waiting.pop_front() else {
                    if let Some(place) = lease.take() {
                        state.return_stream(&place);
                    }
                    return;
                };
                match waiting.sender.send(Ok(lease)) {
                    Err(Ok(unused)) => lease = unused,
                    _ => break,
                }
            }
        }
    }

    /// Keeps a connection of HTTP/1.1 for the next request.
    fn keep(self: &Arc<Self>, state: &mut State, place: Place) {
        if state.idle.len() < self.settings.pool_max_idle_per_host {
            state.idle.push(Idle { place, since: now() });
            self.tidy(state);
        }
    }

    /// Starts the task that closes idle connections when their time is over, unless it runs already.
    fn tidy(self: &Arc<Self>, state: &mut State) {
        if !state.is_tidied
            && let Ok(runtime) = Handle::try_current()
        {
            state.is_tidied = true;
            runtime.spawn(Tidying(Arc::downgrade(self)).run(after(self.settings.pool_idle_timeout)));
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing that holds the lock can leave the state half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lessor for Pool {
    fn take_back(self: Arc<Self>, place: Place) {
        match place {
            Place::Connection { sender, .. } => {
                if sender.is_ready() && !self.settings.pool_idle_timeout.is_zero() {
                    self.give(&mut self.lock(), Place::Connection { sender, is_new: false });
                }
            }
            #[cfg(feature = "http2")]
            stream @ Place::Stream { .. } => {
                let mut state = self.lock();
                state.return_stream(&stream);
                self.give_streams(&mut state);
                // The connections of those that wait may be closed by now.
                self.connect(&mut state, None);
                self.tidy(&mut state);
            }
        }
    }
}

impl State {
    fn number(&mut self) -> u64 {
        self.next_number += 1;
        self.next_number
    }

    /// A place that is free now.
    fn free_place(&mut self, settings: &ConnectionSettings) -> Option<Place> {
        #[cfg(feature = "http2")]
        if self.version == Version::Http2 {
            return self.free_stream();
        }
        while let Some(idle) = self.idle.pop() {
            if idle.since.elapsed() >= settings.pool_idle_timeout {
                // So have those that were used before it.
                self.idle.clear();
            } else if idle.place.is_ready() {
                return Some(idle.place);
            }
        }
        None
    }

    /// A stream that is free now. Connections that the service closes keep the streams that they have and get no others.
    #[cfg(feature = "http2")]
    fn free_stream(&mut self) -> Option<Place> {
        self.shared.retain(|shared| !shared.sender.is_closed());
        let shared = self.shared.iter_mut().find(|shared| shared.in_use < shared.streams())?;
        shared.in_use += 1;
        Some(Place::Stream { connection: shared.number, sender: shared.sender.clone() })
    }

    #[cfg(feature = "http2")]
    fn return_stream(&mut self, place: &Place) {
        if let Place::Stream { connection, .. } = place
            && let Some(shared) = self.shared.iter_mut().find(|shared| shared.number == *connection)
        {
            shared.in_use -= 1;
            shared.idle_since = now();
        }
    }

    /// How many connections those who wait need beside those that there are.
    #[cfg_attr(
        not(feature = "http2"),
        expect(unused_variables, reason = "only connections of HTTP/2 are counted")
    )]
    fn connections_needed(&self, settings: &ConnectionSettings) -> usize {
        let waiting = self.waiting.len();
        match self.version {
            Version::Http1 => waiting,
            #[cfg(feature = "http2")]
            Version::Unknown => waiting.min(1),
            #[cfg(feature = "http2")]
            Version::Http2 => {
                let streams = self.shared.last().map_or(1, Shared::streams).max(1);
                let allowed = settings.http2_max_connections.saturating_sub(self.shared.len());
                waiting.div_ceil(streams).min(allowed)
            }
        }
    }

    /// Whether a connection that could not be made leaves those who wait something to wait for.
    fn has_hope(&self) -> bool {
        #[cfg(feature = "http2")]
        if !self.shared.is_empty() {
            return true;
        }
        match self.version {
            Version::Http1 => self.waiting.len() <= self.connecting,
            #[cfg(feature = "http2")]
            _ => self.connecting > 0,
        }
    }

    /// Takes the one of that number out of the queue.
    fn leave_queue(&mut self, number: u64) -> Option<Waiting> {
        let index = self.waiting.binary_search_by_key(&number, |waiting| waiting.number).ok()?;
        self.waiting.remove(index)
    }
}

/// A connection in the making.
struct Connecting {
    pool: Arc<Pool>,
    /// Who asked for it, and gets it if nothing else came first.
    waiting: Option<u64>,
    is_over: bool,
}

impl Connecting {
    async fn run(mut self) {
        let limit = self.pool.settings.connect_timeout;
        let outcome = match timeout(limit, self.pool.connector.connect()).await {
            Ok(outcome) => outcome,
            Err(_) => Err(TransportError::connect_timeout(format!("no connection within {limit:?}"))),
        };
        self.end(outcome);
    }

    fn end(&mut self, outcome: Result<Connected, TransportError>) {
        self.is_over = true;
        let pool = &self.pool;
        let mut state = pool.lock();
        state.connecting -= 1;
        let waiting = self.waiting.and_then(|number| state.leave_queue(number));
        match outcome {
            Ok(connected) => {
                // Who asked for it comes first: it may be the only one that is polled.
                if let Some(waiting) = waiting {
                    state.waiting.push_front(waiting);
                }
                match connected {
                    Connected::Http1(sender) => {
                        state.version = Version::Http1;
                        pool.give(&mut state, Place::Connection { sender, is_new: true });
                    }
                    #[cfg(feature = "http2")]
                    Connected::Http2 { sender, streams } => {
                        state.version = Version::Http2;
                        let number = state.number();
                        state.shared.push(Shared { number, sender, streams, in_use: 0, idle_since: now() });
                        pool.give_streams(&mut state);
                        pool.tidy(&mut state);
                    }
                }
            }
            Err(error) => {
                let error = Arc::new(error);
                if let Some(waiting) = waiting {
                    let _ = waiting.sender.send(Err(TransportError::same_as(&error)));
                }
                while !state.has_hope()
                    && let Some(waiting) = state.waiting.pop_front()
                {
                    let _ = waiting.sender.send(Err(TransportError::same_as(&error)));
                }
            }
        }
        pool.connect(&mut state, None);
    }
}

impl Drop for Connecting {
    /// Where the task does not come to its end, as when its runtime stops.
    fn drop(&mut self) {
        if !self.is_over {
            let mut state = self.pool.lock();
            state.connecting -= 1;
            while !state.has_hope()
                && let Some(waiting) = state.waiting.pop_front()
            {
                drop(waiting);
            }
        }
    }
}

/// Closes idle connections when their time is over, as long as there are some.
struct Tidying(Weak<Pool>);

impl Tidying {
    async fn run(mut self, mut next: Instant) {
        loop {
            sleep_until(next).await;
            let Some(pool) = self.0.upgrade() else { return };
            let mut state = pool.lock();
            let limit = pool.settings.pool_idle_timeout;
            let is_over = |since: Instant| since.elapsed() >= limit;
            let over = state.idle.iter().take_while(|idle| is_over(idle.since)).count();
            let closed: Vec<_> = state.idle.drain(..over).collect();
            if state.idle.is_empty() {
                state.idle.shrink_to_fit();
            }
            let first = state.idle.first().map(|idle| idle.since);
            #[cfg(feature = "http2")]
            let first = {
                state.shared.retain(|shared| shared.in_use > 0 || !is_over(shared.idle_since));
                let unused = state.shared.iter().filter(|shared| shared.in_use == 0);
                first.into_iter().chain(unused.map(|shared| shared.idle_since)).min()
            };
            let Some(first) = first else {
                state.is_tidied = false;
                self.0 = Weak::new();
                return;
            };
            next = first.checked_add(limit).unwrap_or_else(|| after(limit));
            drop(state);
            drop(closed);
        }
    }
}

impl Drop for Tidying {
    /// Where the runtime stops, another one may tidy.
    fn drop(&mut self) {
        if let Some(pool) = self.0.upgrade() {
            pool.lock().is_tidied = false;
        }
    }
}

//! A fetch that belongs to no caller: every waiter that is polled drives it, and so does a task that is spawned for its length.
//!
//! Dropping a waiter, holding one that is never polled, or losing the runtime of one changes nothing for the others.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{Instant, timeout_at};

use crate::call::RetryPolicy;
use crate::error::Error;
use crate::support::clock::{after, now};

/// The fetches of one thing, one after the other: which is in flight, and when the next may begin.
pub(super) struct Fetches<T> {
    in_flight: Option<(u64, SharedFetch<T>)>,
    begun: u64,
    /// How many failed in a row.
    failures: u32,
    begin_again_at: Option<Instant>,
    /// What the last one failed with.
    error: Option<Error>,
    longest_pause: Duration,
}

/// How long to pause after fetches that failed, retries included.
const PAUSES: RetryPolicy =
    RetryPolicy::new().initial_backoff(Duration::from_millis(50)).max_backoff(Duration::from_secs(60));

/// Whether a fetch may begin.
pub(super) enum Next<T> {
    /// One is in flight.
    InFlight(SharedFetch<T>),
    /// Not yet; what the last one failed with, if it did.
    Pause(Option<Error>),
    Now,
}

/// What became of a fetch.
pub(super) enum Ending<'a> {
    /// The next may begin at once, or after the interval that `begin` set.
    Fetched {
        keep_interval: bool,
    },
    /// Another process fetches. The next look waits as after a failure, and failures before it go on counting.
    LeftToOthers,
    Failed(&'a Error),
}

impl<T: Clone + Send + 'static> Fetches<T> {
    /// None so far. Pauses after failures are no longer than `longest_pause`.
    pub(super) fn new(longest_pause: Duration) -> Self {
        Self { in_flight: None, begun: 0, failures: 0, begin_again_at: None, error: None, longest_pause }
    }

    pub(super) fn next(&mut self) -> Next<T> {
        self.fail_if_left_alone();
        match &self.in_flight {
            Some((_, fetch)) => Next::InFlight(fetch.clone()),
            None if self.begin_again_at.is_some_and(|at| now() < at) => Next::Pause(self.error.clone()),
            None => Next::Now,
        }
    }

    /// Begins a fetch, which nobody drives yet; `fetch` receives its number. The next one follows after `interval` at the earliest.
    pub(super) fn begin<F>(
        &mut self,
        interval: Duration,
        timeout: Duration,
        fetch: impl FnOnce(u64) -> F,
    ) -> SharedFetch<T>
    where
        F: Future<Output = Result<T, Error>> + Send + 'static,
    {
        self.begun += 1;
        // Written at the beginning: whatever becomes of the fetch, the next one does not follow at once.
        self.begin_again_at = Some(after(interval.max(self.pause(self.failures.saturating_add(1), None))));
        let fetch = SharedFetch::new(fetch(self.begun), after(timeout));
        self.in_flight = Some((self.begun, fetch.clone()));
        fetch
    }

    /// The fetch of this number is over.
    pub(super) fn over(&mut self, number: u64, ending: Ending<'_>) {
        self.in_flight.take_if(|(in_flight, _)| *in_flight == number);
        match ending {
            Ending::Failed(error) => self.failed(error),
            Ending::LeftToOthers => {}
            Ending::Fetched { keep_interval } => {
                self.failures = 0;
                self.error = None;
                if !keep_interval {
                    self.begin_again_at = None;
                }
            }
        }
    }

    /// Leaves a fetch behind that panicked or is not over at its deadline, so that another one can begin.
    pub(super) fn leave(&mut self, fetch: &SharedFetch<T>, error: &Error) {
        if self.in_flight.take_if(|(_, in_flight)| Arc::ptr_eq(&in_flight.0, &fetch.0)).is_some() {
            self.failed(error);
        }
    }

    /// One that panicked or is overdue has failed, also when nobody waited for it: it is driven by nobody any more.
    fn fail_if_left_alone(&mut self) {
        let ended = self.in_flight.as_ref().and_then(|(_, fetch)| Some((fetch.error()?, fetch.0.deadline)));
        if let Some((error, deadline)) = ended {
            self.in_flight = None;
            self.failed_at(deadline.min(now()), &error);
        }
    }

    fn failed(&mut self, error: &Error) {
        self.failed_at(now(), error);
    }

    fn failed_at(&mut self, moment: Instant, error: &Error) {
        self.failures = self.failures.saturating_add(1);
        self.begin_again_at = moment.checked_add(self.pause(self.failures, Some(error)));
        self.error = Some(error.clone());
    }

    fn pause(&self, failures: u32, error: Option<&Error>) -> Duration {
        PAUSES.pause(failures, error).min(self.longest_pause)
    }
}

/// One fetch in flight, shared by its clones.
pub(super) struct SharedFetch<T>(Arc<Inner<T>>);

struct Inner<T> {
    /// Until when anybody waits for it.
    deadline: Instant,
    state: Mutex<State<T>>,
}

struct State<T> {
    stage: Stage<T>,
    /// Whether the fetch can go on since it was last polled.
    woken: bool,
    wakers: Vec<(u64, Waker)>,
    next_waiter: u64,
}

type Fetch<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;

enum Stage<T> {
    Waiting(Fetch<T>),
    /// Somebody polls it right now.
    Polled,
    Done(Result<T, Error>),
}

impl<T: Clone + Send + 'static> SharedFetch<T> {
    /// A fetch that nobody polls yet; `deadline` bounds how long its waiters wait.
    fn new(fetch: impl Future<Output = Result<T, Error>> + Send + 'static, deadline: Instant) -> Self {
        let stage = Stage::Waiting(Box::pin(fetch));
        let state = State { stage, woken: true, wakers: Vec::new(), next_waiter: 0 };
        Self(Arc::new(Inner { deadline, state: Mutex::new(state) }))
    }

    /// What it failed with, if it did or is overdue.
    fn error(&self) -> Option<Error> {
        match &self.0.lock().stage {
            Stage::Done(outcome) => outcome.as_ref().err().cloned(),
            Stage::Waiting(_) | Stage::Polled => (self.0.deadline < now()).then(overdue),
        }
    }

    /// Polls the fetch once in the caller's context, so that spans begin there, and leaves the rest to a task.
    pub(super) async fn start(&self) {
        let mut waiter = Waiter::of(&self.0);
        let done = poll_fn(|context| Poll::Ready(Pin::new(&mut waiter).poll(context).is_ready())).await;
        if !done && let Ok(runtime) = Handle::try_current() {
            let fetch = self.clone();
            runtime.spawn(async move {
                let _ = fetch.outcome().await;
            });
        }
    }

    /// The outcome; `None` when it is not there by the deadline, as when the runtime that the fetch began in stands still.
    pub(super) async fn outcome(&self) -> Option<Result<T, Error>> {
        let outcome = timeout_at(self.0.deadline, Waiter::of(&self.0)).await.ok();
        if outcome.is_none() {
            self.0.give_up();
        }
        outcome
    }
}

impl<T> Clone for SharedFetch<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// One who waits.
struct Waiter<T> {
    fetch: Arc<Inner<T>>,
    id: u64,
}

impl<T> Waiter<T> {
    fn of(fetch: &Arc<Inner<T>>) -> Self {
        let mut state = fetch.lock();
        let id = state.next_waiter;
        state.next_waiter += 1;
        drop(state);
        Self { fetch: fetch.clone(), id }
    }
}

impl<T: Clone + Send + 'static> Future for Waiter<T> {
    type Output = Result<T, Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.fetch.lock();
        state.keep(self.id, context.waker());
        if !state.woken {
            return match &state.stage {
                Stage::Done(outcome) => Poll::Ready(outcome.clone()),
                Stage::Waiting(_) | Stage::Polled => Poll::Pending,
            };
        }
        let mut fetch = match std::mem::replace(&mut state.stage, Stage::Polled) {
            Stage::Waiting(fetch) => fetch,
            Stage::Polled => return Poll::Pending,
            Stage::Done(outcome) => {
                state.stage = Stage::Done(outcome.clone());
                return Poll::Ready(outcome);
            }
        };
        state.woken = false;
        drop(state);

        let waker = Waker::from(self.fetch.clone());
        let mut context = Context::from_waker(&waker);
        // A panic of user code must not take those with it who only wait.
        let polled = catch_unwind(AssertUnwindSafe(|| fetch.as_mut().poll(&mut context)));
        let outcome = match polled {
            Ok(Poll::Pending) => {
                let mut state = self.fetch.lock();
                state.stage = Stage::Waiting(fetch);
                if state.woken {
                    // Those who were woken meanwhile found it being polled.
                    wake(state);
                }
                return Poll::Pending;
            }
            Ok(Poll::Ready(outcome)) => outcome,
            Err(_) => Err(Error::credential("the source panicked")),
        };
        // What the fetch holds is dropped outside of the lock: it may be anything.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(fetch)));
        let mut state = self.fetch.lock();
        state.stage = Stage::Done(outcome.clone());
        state.woken = false;
        wake(state);
        Poll::Ready(outcome)
    }
}

impl<T> Drop for Waiter<T> {
    fn drop(&mut self) {
        self.fetch.lock().wakers.retain(|(id, _)| *id != self.id);
    }
}

impl<T> State<T> {
    fn keep(&mut self, id: u64, waker: &Waker) {
        match self.wakers.iter_mut().find(|(other, _)| *other == id) {
            Some((_, kept)) => kept.clone_from(waker),
            None => self.wakers.push((id, waker.clone())),
        }
    }
}

impl<T> Inner<T> {
    /// Drops a fetch that is overdue, with what it holds: a request, or the lease of a store.
    fn give_up(&self) {
        let mut state = self.lock();
        if let Stage::Waiting(_) = state.stage {
            let fetch = std::mem::replace(&mut state.stage, Stage::Done(Err(overdue())));
            state.woken = false;
            wake(state);
            let _ = catch_unwind(AssertUnwindSafe(|| drop(fetch)));
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        // Nothing that holds the lock can leave the state half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn overdue() -> Error {
    Error::timeout("the fetch was not over in time")
}

/// The fetch can go on: whoever is polled first drives it.
impl<T: Send + 'static> Wake for Inner<T> {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let mut state = self.lock();
        if !matches!(state.stage, Stage::Done(_)) {
            state.woken = true;
            wake(state);
        }
    }
}

fn wake<T>(mut state: MutexGuard<'_, State<T>>) {
    let wakers = std::mem::take(&mut state.wakers);
    drop(state);
    for (_, waker) in wakers {
        waker.wake();
    }
}

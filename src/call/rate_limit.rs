//! The client-side limits: requests per second, and requests at a time.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep_until};

use crate::support::clock::{after, now};

/// The limits that all requests of a client share. First come, first served; a caller that goes away or is not polled blocks
/// nobody.
pub(crate) struct RateLimit {
    pacer: Option<Arc<Pacer>>,
    concurrency: Option<Arc<Semaphore>>,
}

/// The permission to send one request; dropping it makes room for another.
pub(super) struct Permit {
    _slot: Option<Slot>,
}

impl RateLimit {
    /// `None` where there is nothing to limit. A limit of 0 counts as 1.
    pub(crate) fn new(per_second: Option<u32>, concurrency: Option<usize>) -> Option<Self> {
        if per_second.is_none() && concurrency.is_none() {
            return None;
        }
        let permits = |requests: usize| Arc::new(Semaphore::new(requests.clamp(1, Semaphore::MAX_PERMITS)));
        Some(Self { pacer: per_second.map(Pacer::new).map(Arc::new), concurrency: concurrency.map(permits) })
    }

    /// Waits until another request may be sent, which takes no longer than `attempt_timeout`. Cancel-safe: a wait that is dropped
    /// takes nothing.
    pub(super) async fn acquire(&self, attempt_timeout: Duration) -> Permit {
        let (slot, turn) = match &self.concurrency {
            Some(semaphore) => {
                Slot::acquire(semaphore.clone(), self.pacer.clone(), attempt_timeout).await.unzip()
            }
            None => (None, Some(self.pacer.as_ref().map(Pacer::assign))),
        };
        if let Some(turn) = turn.flatten() {
            turn.come().await;
        }
        Permit { _slot: slot }
    }
}

/// One of the requests at a time. It ends with the attempt that it is for, also when that is held and never polled again.
enum Slot {
    /// A task holds it, because a future that nobody polls cannot give it back.
    OfTask(AbortHandle),
    /// Outside of a runtime.
    Own { _permit: OwnedSemaphorePermit },
}

impl Slot {
    /// The slot, with the turn to send, which is only assigned to a request that has its slot.
    async fn acquire(
        semaphore: Arc<Semaphore>,
        pacer: Option<Arc<Pacer>>,
        attempt_timeout: Duration,
    ) -> Option<(Self, Option<Turn>)> {
        let Ok(runtime) = Handle::try_current() else {
            // The semaphore is never closed.
            let permit = semaphore.acquire_owned().await.ok()?;
            return Some((Self::Own { _permit: permit }, pacer.as_ref().map(Pacer::assign)));
        };
        let (acquired, notified) = oneshot::channel();
        // The task waits in the queue, which a held future would block, and keeps the permit.
        let task = runtime.spawn(async move {
            let Ok(_permit) = semaphore.acquire_owned().await else { return };
            let turn = pacer.as_ref().map(Pacer::assign);
            let begin = turn.as_ref().map_or_else(now, |turn| turn.moment);
            if acquired.send(turn).is_ok() {
                sleep_until(begin.checked_add(attempt_timeout).unwrap_or_else(|| after(attempt_timeout)))
                    .await;
            }
        });
        let slot = Self::OfTask(task.abort_handle());
        notified.await.ok().map(|turn| (slot, turn))
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        if let Self::OfTask(task) = self {
            task.abort();
        }
    }
}

/// Assigns moments at even intervals, one to each caller (the generic cell rate algorithm). Callers sleep outside of the lock, so one
/// that is not polled wastes its own moment and nothing else.
struct Pacer {
    interval: Duration,
    state: Mutex<Moments>,
}

struct Moments {
    /// The next moment to assign.
    next: Instant,
    /// Moments that were assigned to callers that went away before.
    free: BTreeSet<Instant>,
}

impl Pacer {
    /// How far the assigned moments may lag behind: timers are only good to a millisecond, and what they are late would otherwise be
    /// lost.
    const LAG: Duration = Duration::from_millis(10);

    fn new(per_second: u32) -> Self {
        let state = Mutex::new(Moments { next: now(), free: BTreeSet::new() });
        Self { interval: Duration::from_secs(1) / per_second.max(1), state }
    }

    /// The next moment that is free.
    fn assign(self: &Arc<Self>) -> Turn {
        let mut state = self.lock();
        let earliest = now().checked_sub(Self::LAG).unwrap_or(state.next);
        state.free = state.free.split_off(&earliest);
        let moment = state.free.pop_first().unwrap_or_else(|| {
            let moment = state.next.max(earliest);
            state.next = moment + self.interval;
            moment
        });
        Turn { pacer: self.clone(), moment, taken: false }
    }

    fn release(&self, moment: Instant) {
        let mut state = self.lock();
        state.free.insert(moment);
        // Moments at the end of the queue are not assigned any more.
        while let Some(last) = state.free.last().copied().filter(|last| *last + self.interval == state.next) {
            state.free.pop_last();
            state.next = last;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Moments> {
        // Nothing that holds the lock can leave the state half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A moment that is given back when its caller goes away before.
struct Turn {
    pacer: Arc<Pacer>,
    moment: Instant,
    taken: bool,
}

impl Turn {
    /// Waits for the moment.
    async fn come(mut self) {
        sleep_until(self.moment).await;
        self.taken = true;
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if !self.taken {
            self.pacer.release(self.moment);
        }
    }
}

//! The client-side limits: requests per second, and requests at a time.

use std::time::Duration;

use tokio::sync::{Mutex, Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep_until};

use crate::support::clock::now;

/// The limits that all requests of a client share. First come, first served; a caller that goes away blocks nobody:
/// both are promises of the `tokio` types in it.
pub(crate) struct RateLimit {
    pacer: Option<Pacer>,
    concurrency: Option<Semaphore>,
}

/// The permission to send one request; dropping it makes room for another.
pub(crate) struct Permit<'a> {
    _concurrency: Option<SemaphorePermit<'a>>,
}

impl RateLimit {
    /// `None` where there is nothing to limit. A limit of 0 counts as 1.
    pub(crate) fn new(per_second: Option<u32>, concurrency: Option<usize>) -> Option<Self> {
        if per_second.is_none() && concurrency.is_none() {
            return None;
        }
        let permits = |places: usize| Semaphore::new(places.clamp(1, Semaphore::MAX_PERMITS));
        Some(Self { pacer: per_second.map(Pacer::new), concurrency: concurrency.map(permits) })
    }

    /// Waits until another request may be sent. Cancel-safe: a wait that is dropped has taken nothing.
    pub(crate) async fn acquire(&self) -> Permit<'_> {
        let concurrency = match &self.concurrency {
            // It is never closed.
            Some(semaphore) => semaphore.acquire().await.ok(),
            None => None,
        };
        // Last, so that a moment is only taken by a request that is sent at that moment.
        if let Some(pacer) = &self.pacer {
            pacer.turn().await;
        }
        Permit { _concurrency: concurrency }
    }
}

/// Moments at even intervals, assigned one by one.
struct Pacer {
    interval: Duration,
    /// The next moment to assign. Its lock is the queue.
    next: Mutex<Instant>,
}

impl Pacer {
    /// How far the assigned moments may lag behind: timers are only good to a millisecond, and what they are late would
    /// otherwise be lost.
    const LAG: Duration = Duration::from_millis(10);

    fn new(per_second: u32) -> Self {
        Self { interval: Duration::from_secs(1) / per_second.max(1), next: Mutex::new(now()) }
    }

    async fn turn(&self) {
        let mut next = self.next.lock().await;
        if *next > now() {
            sleep_until(*next).await;
        }
        let earliest = now().checked_sub(Self::LAG).unwrap_or(*next);
        *next = earliest.max(*next) + self.interval;
    }
}

//! What a client allows itself: requests per second, and requests at a time.

use std::time::Duration;

use tokio::sync::{Mutex, Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep_until};

use crate::clock::now;

/// The limits that all requests of a client share. Who asks first is served first, and who stops asking holds up nobody:
/// both are promises of the `tokio` types in it.
pub(crate) struct RateLimit {
    pace: Option<Pace>,
    at_a_time: Option<Semaphore>,
}

/// The permission to send one request; dropping it makes room for another.
pub(crate) struct Place<'a> {
    _at_a_time: Option<SemaphorePermit<'a>>,
}

impl RateLimit {
    /// `None` where there is nothing to limit. A limit of 0 counts as 1.
    pub(crate) fn new(per_second: Option<u32>, at_a_time: Option<usize>) -> Option<Self> {
        if per_second.is_none() && at_a_time.is_none() {
            return None;
        }
        let permits = |places: usize| Semaphore::new(places.clamp(1, Semaphore::MAX_PERMITS));
        Some(Self { pace: per_second.map(Pace::new), at_a_time: at_a_time.map(permits) })
    }

    /// Waits until another request may be sent. Cancel-safe: a wait that is dropped has taken nothing.
    pub(crate) async fn place(&self) -> Place<'_> {
        let at_a_time = match &self.at_a_time {
            // It is never closed.
            Some(semaphore) => semaphore.acquire().await.ok(),
            None => None,
        };
        // Last, so that a moment is only taken by a request that is sent at that moment.
        if let Some(pace) = &self.pace {
            pace.turn().await;
        }
        Place { _at_a_time: at_a_time }
    }
}

/// Moments at even intervals, given out one by one.
struct Pace {
    interval: Duration,
    /// The next moment to give out. Its lock is the queue.
    next: Mutex<Instant>,
}

impl Pace {
    /// How far the moments given out may lag behind: timers are only good to a millisecond, and what they are late would
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

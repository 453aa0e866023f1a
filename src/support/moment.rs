//! A moment on both clocks.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use super::clock::{date, now};

/// A moment on both clocks: the monotonic one stands still while the machine is suspended, and the date may be set.
#[derive(Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) instant: Instant,
    pub(crate) date: SystemTime,
}

impl Moment {
    pub(crate) fn now() -> Self {
        Self { instant: now(), date: date() }
    }

    /// Whether one of the clocks says so.
    pub(crate) fn has_passed(&self) -> bool {
        self.instant <= now() || self.date <= date()
    }

    /// How much time has passed since then, by the clock that says more.
    pub(crate) fn elapsed(&self) -> Duration {
        let by_date = date().duration_since(self.date).unwrap_or_default();
        now().saturating_duration_since(self.instant).max(by_date)
    }
}

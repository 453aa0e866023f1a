//! What all calls of a client may spend on retries together.

use std::sync::atomic::{AtomicU32, Ordering};

/// A token bucket. A retry takes one whole retry out, a call that succeeds puts a tenth back, so that in a long outage at most one
/// request is retried for ten that succeed.
pub(crate) struct RetryBudget {
    tenths: AtomicU32,
    capacity: u32,
}

impl RetryBudget {
    const RETRY: u32 = 10;

    pub(crate) fn new(retries: u32) -> Self {
        let capacity = retries.saturating_mul(Self::RETRY);
        Self { tenths: AtomicU32::new(capacity), capacity }
    }

    /// Takes one retry out, if there is one.
    pub(crate) fn take(&self) -> bool {
        self.tenths
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tenths| tenths.checked_sub(Self::RETRY))
            .is_ok()
    }

    /// Puts a tenth of a retry back. A full bucket, the usual case, is only read.
    pub(crate) fn succeed(&self) {
        let more = |tenths| (tenths < self.capacity).then(|| tenths + 1);
        let _ = self.tenths.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
    }

    /// Whole retries left.
    pub(crate) fn left(&self) -> u32 {
        self.tenths.load(Ordering::Relaxed) / Self::RETRY
    }
}

#[cfg(test)]
mod tests {
    use super::RetryBudget;

    #[test]
    fn a_budget_is_spent_by_retries_and_refilled_by_ten_successes_each() {
        let budget = RetryBudget::new(2);
        assert!(budget.take() && budget.take());
        assert!(!budget.take());
        (0..9).for_each(|_| budget.succeed());
        assert!(!budget.take());
        budget.succeed();
        assert_eq!(budget.left(), 1);
        assert!(budget.take());
        (0..1000).for_each(|_| budget.succeed());
        assert_eq!(budget.left(), 2, "no more than it had");
        let budget = RetryBudget::new(u32::MAX);
        budget.succeed();
        assert_eq!(budget.left(), u32::MAX / 10);
    }
}

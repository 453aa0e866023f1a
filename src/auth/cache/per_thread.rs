//! One token for many threads.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::auth::token::AccessToken;
use crate::support::moment::Moment;

/// Copies of one token, each with its own reference counter: threads that count on one counter slow each other down
/// more than everything else a hit costs.
pub(super) struct PerThread([AccessToken; COUNT]);

const COUNT: usize = 16;

thread_local! {
    static INDEX: usize = {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        NEXT.fetch_add(1, Ordering::Relaxed)
    };
}

impl PerThread {
    pub(super) fn of(token: &AccessToken, end: Moment) -> Self {
        Self(std::array::from_fn(|_| token.recounted(end)))
    }

    /// The copy of this thread.
    pub(super) fn get(&self) -> &AccessToken {
        let [first, ..] = &self.0;
        // While a thread ends it has no index any more. The remainder is known to be within the bounds, so they are not looked at.
        let index = INDEX.try_with(|index| *index).unwrap_or(0);
        self.0.get(index % COUNT).unwrap_or(first)
    }
}

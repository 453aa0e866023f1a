//! One token for many threads.

use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::auth::token::AccessToken;
use crate::support::moment::Moment;

/// Copies of one token, each with its own reference counter: threads that count on one counter slow each other down
/// more than everything else a hit costs.
pub(super) struct PerThread([AccessToken; COUNT]);

const COUNT: usize = 16;

thread_local! {
    /// Which copy is this thread's; beyond all copies before the first look. Without anything to initialize or to drop, a look is
    /// one read of memory.
    static INDEX: Cell<usize> = const { Cell::new(COUNT) };
}

impl PerThread {
    pub(super) fn of(token: &AccessToken, end: Moment) -> Self {
        Self(std::array::from_fn(|_| token.recounted(end)))
    }

    /// The copy of this thread.
    pub(super) fn get(&self) -> &AccessToken {
        // One comparison tells both: that the index is set, and that it is within bounds.
        match self.0.get(INDEX.get()) {
            Some(token) => token,
            None => self.choose(),
        }
    }

    /// The copy that is this thread's from now on.
    #[cold]
    fn choose(&self) -> &AccessToken {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let index = NEXT.fetch_add(1, Ordering::Relaxed) % COUNT;
        INDEX.set(index);
        let [first, ..] = &self.0;
        self.0.get(index).unwrap_or(first)
    }
}

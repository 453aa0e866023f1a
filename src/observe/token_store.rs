//! Reporting a token store that failed.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::CallObserver;
use crate::error::Error;

/// Notifies the observer, if there is one, and records an event of `tracing`.
pub(crate) fn token_store_failed(observer: Option<&dyn CallObserver>, error: &Error) {
    #[cfg(feature = "tracing")]
    tracing::warn!(
        target: env!("CARGO_CRATE_NAME"),
        { error.type = error.label() },
        "the token store failed: {error}"
    );
    if let Some(observer) = observer {
        // A fault of an observer must not take the fetch with it.
        let _ = catch_unwind(AssertUnwindSafe(|| observer.token_store_failed(error)));
    }
}

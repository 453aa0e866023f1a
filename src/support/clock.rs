//! The one source of time.
//!
//! Everything that waits or expires is measured with [`now`], which never goes back and which a test moves with
//! `tokio::time::advance`. The date is only for what others read: the claims of a token, and headers.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// The moment on the clock that only goes forward.
#[expect(clippy::disallowed_methods, reason = "the one place that reads it")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// The machine's date.
#[expect(clippy::disallowed_methods, reason = "the one place that reads it")]
pub(crate) fn date() -> SystemTime {
    SystemTime::now()
}

/// The machine's date as the `NumericDate` of RFC 7519, section 2: whole seconds since the Unix epoch.
pub(crate) fn numeric_date() -> u64 {
    date().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// The moment `duration` from now, or one that never comes.
pub(crate) fn after(duration: Duration) -> Instant {
    const NEVER: Duration = Duration::from_secs(60 * 60 * 24 * 365 * 30);
    let now = now();
    now.checked_add(duration).unwrap_or(now + NEVER)
}

//! Fetching a token within a budget of its own.

use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};

use super::{FetchedToken, TokenSource, random};
use crate::Error;
use crate::clock::{after, now};

const MOST_ATTEMPTS: u32 = 3;

/// Asks `source` until it gives a token, fails for good, or `budget` is spent. Returns when the request for the token was
/// sent as well: the token has aged since.
pub(super) async fn fetch(
    source: &dyn TokenSource,
    budget: Duration,
) -> Result<(FetchedToken, Instant), Error> {
    let deadline = after(budget);
    let mut attempt = 1;
    loop {
        let started = now();
        let outcome = timeout_at(deadline, source.fetch()).await;
        let error = match outcome.unwrap_or_else(|_| Err(too_late(budget))) {
            Ok(token) => return Ok((token, started)),
            Err(error) => error,
        };
        // A step below has already made its own attempts.
        if attempt == MOST_ATTEMPTS || !error.is_retryable() || error.has_step() {
            return Err(error);
        }
        let next = now() + pause(attempt, &error);
        if next >= deadline {
            return Err(error);
        }
        sleep_until(next).await;
        attempt += 1;
    }
}

/// How long to wait after the `failures`th failure in a row: what the service asks for, or more, doubling from 250 ms up to
/// a minute, half of it at random.
pub(super) fn pause(failures: u32, error: &Error) -> Duration {
    const FIRST: Duration = Duration::from_millis(250);
    const LONGEST: Duration = Duration::from_secs(60);
    const LONGEST_ASKED_FOR: Duration = Duration::from_secs(60 * 60);
    let whole = FIRST.saturating_mul(1 << failures.saturating_sub(1).min(10)).min(LONGEST);
    let backoff = whole / 2 + random::up_to(whole / 2);
    backoff.max(error.retry_after().unwrap_or_default().min(LONGEST_ASKED_FOR))
}

fn too_late(budget: Duration) -> Error {
    Error::timeout(format!("no token came within {budget:?}"))
}

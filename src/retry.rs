//! Repeating requests that failed for a reason that may pass.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use http::StatusCode;

use crate::Error;

/// How often and how soon a failed request is repeated.
///
/// Requests are repeated only where that does no harm. Idempotent ones (RFC 9110, section 9.2.2: `GET`, `PUT`, `DELETE`, and
/// what the contract marks with `x-idempotent`) are, after connection failures, torn connections, attempts that timed out, and
/// the statuses 408, 429, 500, 502, 503 and 504. Others (`POST`, `PATCH`) are only when the service cannot have processed them:
/// no connection was made, or it answered 429 or 503 with `Retry-After`.
///
/// The wait before the next attempt is random between nothing and a bound that doubles with every attempt (full jitter), or
/// what `Retry-After` (RFC 9110, section 10.2.3) asks for if that is longer. When it does not fit into the time that the call
/// has left, the call ends at once with the last error. All calls of a client together are bounded by
/// [`ClientBuilder::retry_budget`](crate::ClientBuilder::retry_budget), so that an outage is not multiplied.
///
/// ```
/// use std::time::Duration;
/// use affinidi_tdk_iam_client::{Client, RetryPolicy};
///
/// # fn main() -> Result<(), affinidi_tdk_iam_client::Error> {
/// let patient = RetryPolicy::new().max_attempts(6).longest_backoff(Duration::from_secs(30));
/// let client = Client::builder().retry_policy(patient).build()?;
/// let once = client.well_known().get_well_known_jwks().retry_policy(RetryPolicy::never());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    max_attempts: u32,
    first_backoff: Duration,
    longest_backoff: Duration,
}

impl RetryPolicy {
    /// Up to 3 attempts; waits are bounded by 200 ms at first and by 10 s at most.
    pub const fn new() -> Self {
        Self {
            max_attempts: 3,
            first_backoff: Duration::from_millis(200),
            longest_backoff: Duration::from_secs(10),
        }
    }

    /// One attempt.
    pub const fn never() -> Self {
        let mut policy = Self::new();
        policy.max_attempts = 1;
        policy
    }

    /// How often a request is sent at most, the first time included. Default: 3; 0 counts as 1.
    #[must_use]
    pub const fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// The bound of the wait before the second attempt. Default: 200 ms.
    #[must_use]
    pub const fn first_backoff(mut self, bound: Duration) -> Self {
        self.first_backoff = bound;
        self
    }

    /// The bound that waits grow to. Default: 10 s. A longer `Retry-After` is kept to all the same.
    #[must_use]
    pub const fn longest_backoff(mut self, bound: Duration) -> Self {
        self.longest_backoff = bound;
        self
    }

    /// How long to wait after the `attempt`th attempt, counted from 1, failed with `error`; `None` to give up. `jitter` picks
    /// a duration between zero and the bound it is given.
    pub(crate) fn wait(
        &self,
        attempt: u32,
        error: &Error,
        idempotent: bool,
        jitter: impl FnOnce(Duration) -> Duration,
    ) -> Option<Duration> {
        if attempt >= self.max_attempts || !error.is_retryable() || !is_harmless(error, idempotent) {
            return None;
        }
        // A kept-alive connection that the server closed says nothing about the server's load.
        if attempt == 1 && error.is_interrupted() {
            return Some(Duration::ZERO);
        }
        let doubled = self.first_backoff.saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1)));
        let backoff = jitter(doubled.min(self.longest_backoff));
        Some(backoff.max(error.retry_after().unwrap_or_default()))
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::new()
    }
}

/// Whether sending the request again cannot do what was asked for twice.
fn is_harmless(error: &Error, idempotent: bool) -> bool {
    let refused =
        matches!(error.status(), Some(StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE));
    idempotent || error.is_connect() || (error.is_service() && refused && error.retry_after().is_some())
}

/// What all calls of a client may spend on repeated requests: a token bucket. A retry takes one whole retry out, a call that
/// succeeds puts a tenth back, so that in a long outage at most a tenth of the calls that succeed is sent again.
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
    use std::time::Duration;

    use http::{HeaderMap, StatusCode};

    use super::{RetryBudget, RetryPolicy};
    use crate::Error;
    use crate::transport::{TransportError, TransportResponse};

    fn status(status: u16, retry_after: Option<&str>) -> Error {
        let mut headers = HeaderMap::new();
        headers.extend(retry_after.map(|value| (http::header::RETRY_AFTER, value.parse().unwrap())));
        let status = StatusCode::from_u16(status).unwrap();
        Error::service(TransportResponse::new(status, "").with_headers(headers), &[])
    }

    fn transport(error: TransportError) -> Error {
        Error::transport(error, &"http://127.0.0.1/".parse().unwrap())
    }

    fn wait(attempt: u32, error: &Error, idempotent: bool) -> Option<Duration> {
        RetryPolicy::new().max_attempts(20).wait(attempt, error, idempotent, |bound| bound)
    }

    #[test]
    fn idempotent_requests_are_repeated_after_whatever_may_pass() {
        for code in [408, 429, 500, 502, 503, 504] {
            assert!(wait(1, &status(code, None), true).is_some(), "{code}");
        }
        for code in [302, 400, 401, 403, 404, 405, 409, 410, 422, 501, 505] {
            assert_eq!(wait(1, &status(code, Some("1")), true), None, "{code}");
        }
        for error in [
            TransportError::connect("refused"),
            TransportError::connect_timeout("late"),
            TransportError::timeout("late"),
            TransportError::interrupted("reset"),
        ] {
            assert!(wait(1, &transport(error), true).is_some());
        }
        assert_eq!(wait(1, &transport(TransportError::body_too_large()), true), None);
        assert!(wait(1, &Error::timeout("late"), true).is_some());
        assert_eq!(wait(1, &Error::decode("odd"), true), None);
    }

    #[test]
    fn a_certificate_that_was_not_accepted_will_not_be_accepted_the_next_time() {
        for idempotent in [true, false] {
            let error = transport(TransportError::certificate("expired"));
            assert!(error.is_connect() && error.is_certificate() && !error.is_retryable());
            assert_eq!(wait(1, &error, idempotent), None);
        }
    }

    #[test]
    fn other_requests_are_repeated_only_when_the_service_cannot_have_processed_them() {
        assert!(wait(1, &transport(TransportError::connect("refused")), false).is_some());
        assert!(wait(1, &transport(TransportError::connect_timeout("late")), false).is_some());
        assert!(wait(1, &status(429, Some("1")), false).is_some());
        assert!(wait(1, &status(503, Some("1")), false).is_some());
        for code in [408, 429, 500, 502, 503, 504] {
            assert_eq!(wait(1, &status(code, None), false), None, "{code}");
        }
        for code in [408, 500, 502, 504] {
            assert_eq!(wait(1, &status(code, Some("1")), false), None, "{code}");
        }
        assert_eq!(wait(1, &transport(TransportError::interrupted("reset")), false), None);
        assert_eq!(wait(1, &transport(TransportError::timeout("late")), false), None);
        assert_eq!(wait(1, &Error::timeout("late"), false), None);
    }

    #[test]
    fn waits_double_up_to_the_longest_and_never_fall_short_of_retry_after() {
        let waits: Vec<_> = (1..10).map(|attempt| wait(attempt, &status(503, None), true).unwrap()).collect();
        let expected = [200, 400, 800, 1600, 3200, 6400, 10_000, 10_000, 10_000].map(Duration::from_millis);
        assert_eq!(waits, expected);
        assert_eq!(wait(1, &status(503, Some("7")), true), Some(Duration::from_secs(7)));
        assert_eq!(wait(9, &status(503, Some("7")), true), Some(Duration::from_secs(10)));
    }

    #[test]
    fn no_attempt_follows_the_last() {
        let policy = RetryPolicy::new();
        let error = status(503, None);
        assert!(policy.wait(2, &error, true, |bound| bound).is_some());
        assert_eq!(policy.wait(3, &error, true, |bound| bound), None);
        assert_eq!(RetryPolicy::never().wait(1, &error, true, |bound| bound), None);
        assert_eq!(RetryPolicy::new().max_attempts(0).wait(1, &error, true, |bound| bound), None);
    }

    #[test]
    fn a_torn_connection_is_tried_again_at_once_and_then_with_backoff() {
        let torn = transport(TransportError::interrupted("reset"));
        assert_eq!(wait(1, &torn, true), Some(Duration::ZERO));
        assert_eq!(wait(2, &torn, true), Some(Duration::from_millis(400)));
    }

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

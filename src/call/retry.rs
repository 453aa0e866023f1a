//! Retrying what failed for a reason that may pass: the policy, and the one loop that keeps it.

use std::time::Duration;

use http::StatusCode;
use tokio::time::{Instant, sleep_until};

use super::retry_budget::RetryBudget;
use crate::error::Error;
use crate::support::clock::now;
use crate::support::random;

/// How often and how soon a failed request is retried.
///
/// Requests are retried only where that is harmless. Idempotent requests (RFC 9110, section 9.2.2: `GET`, `PUT`, `DELETE`, and
/// operations that the API description marks with `x-idempotent`) are retried after connection failures, lost connections,
/// attempts that timed out, and the statuses 408, 429, 500, 502, 503 and 504. Other requests (`POST`, `PATCH`) are retried only if
/// the service cannot have processed them: no connection was made, it stated over HTTP/2 that it did not
/// ([`Error::is_not_processed`]), or it responded with 429 or 503 and `Retry-After`.
///
/// The wait before the next attempt is random between zero and a bound that doubles with every attempt (full jitter), or what
/// `Retry-After` (RFC 9110, section 10.2.3) asks for if that is longer. When it does not fit into the time that the call has left,
/// the call ends at once with the last error. All calls of a client share a budget
/// ([`ClientBuilder::retry_budget`](crate::ClientBuilder::retry_budget)), so that an outage is not multiplied.
///
/// ```
/// use std::time::Duration;
/// use affinidi_tdk_iam_client::{Client, RetryPolicy};
///
/// # fn main() -> Result<(), affinidi_tdk_iam_client::Error> {
/// let patient = RetryPolicy::new().max_attempts(6).max_backoff(Duration::from_secs(30));
/// let client = Client::builder().retry_policy(patient).build()?;
/// let once = client.well_known().get_well_known_jwks().retry_policy(RetryPolicy::never());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    max_attempts: u32,
    initial_backoff: Duration,
    max_backoff: Duration,
}

impl RetryPolicy {
    /// Up to 3 attempts; waits are bounded by 200 ms at first and by 10 s at most.
    pub const fn new() -> Self {
        Self {
            max_attempts: 3,
            initial_backoff: Duration::from_millis(200),
            max_backoff: Duration::from_secs(10),
        }
    }

    /// One attempt, no retries.
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
    pub const fn initial_backoff(mut self, bound: Duration) -> Self {
        self.initial_backoff = bound;
        self
    }

    /// The bound that waits grow to. Default: 10 s. A longer `Retry-After` is still kept.
    #[must_use]
    pub const fn max_backoff(mut self, bound: Duration) -> Self {
        self.max_backoff = bound;
        self
    }

    /// How long to wait after the `attempt`th attempt, counted from 1, failed with `error`; `None` where another one must not or
    /// need not follow. `jitter` picks a duration between zero and its argument.
    fn wait(
        &self,
        attempt: u32,
        error: &Error,
        idempotent: bool,
        jitter: impl FnOnce(Duration) -> Duration,
    ) -> Option<Duration> {
        // A step below has already made its own attempts.
        if attempt >= self.max_attempts || !error.is_retryable() || error.has_step() {
            return None;
        }
        if !is_harmless(error, idempotent) {
            return None;
        }
        // A connection that the server closes says nothing about the server's load.
        if attempt == 1 && (error.is_connection_lost() || error.is_not_processed()) {
            return Some(Duration::ZERO);
        }
        Some(jitter(self.backoff_bound(attempt)).max(error.retry_after().unwrap_or_default()))
    }

    /// When to send the request again, of which `failures` attempts failed in a row, last with `error`; `None` where it must or need not
    /// be, there is no time for it, or no budget.
    #[cold]
    fn next(
        &self,
        failures: u32,
        error: &Error,
        idempotent: bool,
        deadline: Instant,
        budget: Option<&RetryBudget>,
    ) -> Option<Instant> {
        let wait = self.wait(failures, error, idempotent, random::up_to)?;
        let next = now().checked_add(wait).filter(|next| *next < deadline)?;
        budget.is_none_or(RetryBudget::take).then_some(next)
    }

    /// How long to leave alone what failed `failures` times in a row, last with `error`: at least half of the bound of the backoff,
    /// because here no attempts are counted.
    pub(crate) fn pause(&self, failures: u32, error: Option<&Error>) -> Duration {
        const LONGEST_ASKED_FOR: Duration = Duration::from_secs(60 * 60);
        let half = self.backoff_bound(failures) / 2;
        let asked_for = error.and_then(Error::retry_after).unwrap_or_default().min(LONGEST_ASKED_FOR);
        (half + random::up_to(half)).max(asked_for)
    }

    /// The bound of the wait after that many attempts.
    fn backoff_bound(&self, attempts: u32) -> Duration {
        let doubled = self.initial_backoff.saturating_mul(2_u32.saturating_pow(attempts.saturating_sub(1)));
        doubled.min(self.max_backoff)
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::new()
    }
}

/// What the retry loop repeats.
pub(crate) trait Attempt: Send {
    type Output: Send;

    /// Tries once; `previous` is the error of the attempt before.
    fn attempt(
        &mut self,
        previous: Option<Error>,
    ) -> impl Future<Output = Result<Self::Output, Error>> + Send;
}

/// Repeats `attempt` until it succeeds or must not be repeated: the one loop under calls and under token fetches.
pub(crate) async fn retry<A: Attempt>(
    attempt: &mut A,
    policy: &RetryPolicy,
    idempotent: bool,
    deadline: Instant,
    budget: Option<&RetryBudget>,
) -> Result<A::Output, Error> {
    let mut failures = 0_u32;
    let mut previous = None;
    loop {
        let error = match attempt.attempt(previous.take()).await {
            Ok(value) => {
                if let Some(budget) = budget {
                    budget.succeed();
                }
                return Ok(value);
            }
            Err(error) => error,
        };
        failures = failures.saturating_add(1);
        let Some(next) = policy.next(failures, &error, idempotent, deadline, budget) else {
            return Err(error);
        };
        sleep_until(next).await;
        previous = Some(error);
    }
}

/// Whether sending the request again cannot do twice what was asked for once.
fn is_harmless(error: &Error, idempotent: bool) -> bool {
    let refused =
        matches!(error.status(), Some(StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE));
    idempotent
        || error.is_connect()
        || error.is_not_processed()
        || (error.is_status() && refused && error.retry_after().is_some())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::{HeaderMap, StatusCode};

    use super::RetryPolicy;
    use crate::error::Error;
    use crate::support::redact::Secrets;
    use crate::transport::{TransportError, TransportResponse};

    fn status(status: u16, retry_after: Option<&str>) -> Error {
        let mut headers = HeaderMap::new();
        headers.extend(retry_after.map(|value| (http::header::RETRY_AFTER, value.parse().unwrap())));
        let status = StatusCode::from_u16(status).unwrap();
        Error::service(TransportResponse::new(status, "").with_headers(headers), &Secrets::none())
    }

    fn transport(error: TransportError) -> Error {
        error.into_error(&Secrets::none())
    }

    fn wait(attempt: u32, error: &Error, idempotent: bool) -> Option<Duration> {
        RetryPolicy::new().max_attempts(20).wait(attempt, error, idempotent, |bound| bound)
    }

    #[test]
    fn idempotent_requests_are_retried_after_whatever_may_pass() {
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
            TransportError::connection_lost("reset"),
            TransportError::not_processed("refused"),
        ] {
            assert!(wait(1, &transport(error), true).is_some());
        }
        assert_eq!(wait(1, &transport(TransportError::body_too_large()), true), None);
        assert!(wait(1, &Error::timeout("late"), true).is_some());
        assert_eq!(wait(1, &Error::decode("odd"), true), None);
    }

    #[test]
    fn a_refused_certificate_is_not_retried() {
        for idempotent in [true, false] {
            let error = transport(TransportError::certificate("expired"));
            assert!(error.is_connect() && error.is_certificate() && !error.is_retryable());
            assert_eq!(wait(1, &error, idempotent), None);
        }
    }

    #[test]
    fn other_requests_are_retried_only_when_the_service_cannot_have_processed_them() {
        assert!(wait(1, &transport(TransportError::connect("refused")), false).is_some());
        assert!(wait(1, &transport(TransportError::connect_timeout("late")), false).is_some());
        assert!(wait(1, &transport(TransportError::not_processed("refused")), false).is_some());
        assert!(wait(1, &status(429, Some("1")), false).is_some());
        assert!(wait(1, &status(503, Some("1")), false).is_some());
        for code in [408, 429, 500, 502, 503, 504] {
            assert_eq!(wait(1, &status(code, None), false), None, "{code}");
        }
        for code in [408, 500, 502, 504] {
            assert_eq!(wait(1, &status(code, Some("1")), false), None, "{code}");
        }
        assert_eq!(wait(1, &transport(TransportError::connection_lost("reset")), false), None);
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
    fn a_lost_connection_is_tried_again_at_once_and_then_with_backoff() {
        let lost = transport(TransportError::connection_lost("reset"));
        assert_eq!(wait(1, &lost, true), Some(Duration::ZERO));
        assert_eq!(wait(2, &lost, true), Some(Duration::from_millis(400)));
    }
}

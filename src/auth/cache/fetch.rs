//! Fetching a token within its own time budget.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::auth::token::{FetchedToken, TokenSource};
use crate::call::{Attempt, RetryPolicy, retry};
use crate::error::Error;
use crate::support::clock::after;
use crate::support::moment::Moment;

/// How one fetch is retried.
const FETCH_POLICY: RetryPolicy = RetryPolicy::new()
    .max_attempts(3)
    .initial_backoff(Duration::from_millis(250))
    .max_backoff(Duration::from_secs(60));

/// Asks `source` until it returns a token, fails for good, or `budget` is spent. Returns when the request for the token was sent
/// as well: the token has aged since.
pub(super) async fn fetch(
    source: &dyn TokenSource,
    budget: Duration,
) -> Result<(FetchedToken, Moment), Error> {
    let deadline = after(budget);
    // Each attempt signs a fresh assertion, so repeating it is harmless.
    retry(&mut Fetch { source, budget, deadline }, &FETCH_POLICY, true, deadline, None).await
}

struct Fetch<'a> {
    source: &'a dyn TokenSource,
    budget: Duration,
    deadline: Instant,
}

impl Attempt for Fetch<'_> {
    type Output = (FetchedToken, Moment);

    async fn attempt(&mut self, _: Option<Error>) -> Result<Self::Output, Error> {
        let started = Moment::now();
        match timeout_at(self.deadline, self.source.fetch()).await {
            Ok(outcome) => outcome.map(|token| (token, started)),
            Err(_) => Err(Error::timeout(format!("no token came within {:?}", self.budget))),
        }
    }
}

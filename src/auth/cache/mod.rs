//! The cache under every credential that fetches tokens.

mod builder;
mod entry;
mod fetch;
mod per_thread;
mod shared;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

pub(super) use self::builder::DEFAULT_FETCH_TIMEOUT;
pub use self::builder::TokenCacheBuilder;
use self::entry::{Entry, margin};
pub(super) use self::fetch::FETCH_POLICY;
use self::fetch::fetch;
use self::shared::{OnLeaseTaken, SharedToken};
use crate::auth::token::{AccessToken, FetchedToken, TokenFuture, TokenProvider, TokenSource};
use crate::error::Error;
use crate::support::clock::now;

/// Keeps the token of a [`TokenSource`] and fetches the next one when it is time.
///
/// It is lazy: nothing is fetched before the first call needs a token, and nothing runs in the background.
///
/// - A token that is far from its expiry is returned without waiting for any lock.
/// - Past a random point between 70 % and 85 % of its lifetime one caller fetches the next token, and everybody else keeps
///   using the old one. When that fails or takes more than 5 s, the old one stays, and the next try waits.
/// - Without a valid token one caller fetches and the others wait for its result, good or bad. If that caller goes away,
///   one of the others takes its place. An error is never kept: the next call tries again.
/// - A token counts as expired 10 s before its expiry, or a tenth of its lifetime if that is less.
/// - A token that the service refused is dropped, unless it has been replaced already.
///
/// A fetch has its own time budget ([`fetch_timeout`](TokenCacheBuilder::fetch_timeout)), in which retryable errors are
/// tried up to three times with growing pauses. A clone shares the token.
///
/// ```
/// use std::time::Duration;
///
/// use affinidi_tdk_iam_client::Client;
/// use affinidi_tdk_iam_client::auth::{AccessToken, FetchedToken, TokenCache};
///
/// # fn main() -> Result<(), affinidi_tdk_iam_client::Error> {
/// let cache = TokenCache::new(|| async {
///     let text = "2YotnFZFEjr1zCsicMWpAA"; // from a custom token service
///     Ok(FetchedToken::new(AccessToken::new(text)?, Some(Duration::from_secs(3600))))
/// });
/// let client = Client::builder().user_token(cache).build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct TokenCache(Arc<Inner>);

struct Inner {
    source: Box<dyn TokenSource>,
    step: Option<&'static str>,
    fetch_timeout: Duration,
    shared: Option<SharedToken>,
    current: ArcSwapOption<Entry>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    flight: Option<Arc<Flight>>,
    /// The token that the service refused last: a shared store may still hold it.
    rejected: Option<AccessToken>,
    failures: u32,
    /// When a valid token may be refreshed again after a failure.
    retry_at: Option<Instant>,
}

/// One fetch that several callers share.
struct Flight {
    /// Whoever holds the permit fetches. Dropping it passes the turn to the next one; closing the semaphore tells everybody
    /// that the outcome is there.
    turn: Arc<Semaphore>,
    outcome: OnceLock<Result<Arc<Entry>, Error>>,
}

/// How long a caller with a valid token waits for the next one.
const REFRESH_TIMEOUT: Duration = Duration::from_secs(5);

impl TokenCache {
    /// A token that stays valid for at least `duration`, for passing it on. Fetches a new one if what is
    /// left of the present one is less.
    ///
    /// # Errors
    ///
    /// What the source failed with, and [`Error::is_configuration`] when tokens are not valid for that long.
    pub async fn token_with_min_ttl(&self, duration: Duration) -> Result<AccessToken, Error> {
        match self.0.hit(duration) {
            Some(token) => Ok(token),
            None => self.0.miss(duration).await,
        }
    }
}

impl TokenProvider for TokenCache {
    fn token(&self) -> TokenFuture<'_> {
        match self.0.hit(Duration::ZERO) {
            Some(token) => Box::pin(std::future::ready(Ok(token))),
            None => Box::pin(self.0.miss(Duration::ZERO)),
        }
    }

    fn invalidate(&self, token: &AccessToken) -> bool {
        self.0.invalidate(token);
        true
    }
}

impl Inner {
    /// The token, if it is good for `ttl` and not yet to be refreshed. No lock, no wait.
    fn hit(&self, ttl: Duration) -> Option<AccessToken> {
        let current = self.current.load();
        let entry = current.as_ref()?;
        let now = now();
        (now < entry.refresh_at && entry.is_valid(now, ttl)).then(|| entry.token())
    }

    /// The token, if it is good for `ttl`, however old.
    fn valid(&self, ttl: Duration) -> Option<AccessToken> {
        let current = self.current.load();
        let entry = current.as_ref()?;
        entry.is_valid(now(), ttl).then(|| entry.token())
    }

    async fn miss(&self, ttl: Duration) -> Result<AccessToken, Error> {
        if self.valid(ttl).is_some() {
            if let Some(token) = self.refresh(ttl).await {
                return Ok(token.just_fetched());
            }
            // While this caller was refreshing, the old token may have ended or been rejected.
            if let Some(token) = self.valid(ttl) {
                return Ok(token);
            }
        }
        // A flight that somebody else began may bring a token from the shared store that is too old for this caller; the
        // second one is its own.
        for _ in 0..2 {
            self.check_lifetime(ttl)?;
            match self.join(ttl).await? {
                Joined::Valid(token) => return Ok(token),
                Joined::Landed(entry) if entry.is_valid(now(), ttl) || ttl.is_zero() => {
                    return Ok(entry.token().just_fetched());
                }
                Joined::Landed(_) => {}
            }
        }
        self.check_lifetime(ttl)?;
        Err(too_short(ttl))
    }

    /// Fetches the next token while the present one is valid, unless somebody else does or a failure is too recent.
    async fn refresh(&self, ttl: Duration) -> Option<AccessToken> {
        let (flight, turn) = {
            let mut state = self.state.try_lock().ok()?;
            if state.retry_at.is_some_and(|at| now() < at) {
                return None;
            }
            let flight = state.flight();
            let turn = flight.turn.clone().try_acquire_owned().ok()?;
            (flight, turn)
        };
        match timeout(REFRESH_TIMEOUT, self.lead(&flight, turn, OnLeaseTaken::GiveUp, ttl)).await {
            Ok(Some(landed)) => landed.ok().map(|entry| entry.token()),
            Ok(None) | Err(_) => {
                self.lock().failed(&Error::timeout("no token came in time"));
                None
            }
        }
    }

    /// Waits for the fetch in flight, or starts one.
    async fn join(&self, ttl: Duration) -> Result<Joined, Error> {
        let flight = {
            let mut state = self.lock();
            // Whoever ends a flight stores its token before taking the lock.
            if let Some(token) = self.valid(ttl) {
                return Ok(Joined::Valid(token));
            }
            state.flight()
        };
        match flight.turn.clone().acquire_owned().await {
            Ok(turn) => self.lead(&flight, turn, OnLeaseTaken::Wait, ttl).await,
            Err(_) => flight.outcome.get().cloned(),
        }
        .unwrap_or_else(|| Err(Error::timeout("no token came")))
        .map(Joined::Landed)
    }

    /// Fetches for everybody who waits for `flight`. Dropping the future passes the turn on, and so does giving up because
    /// another process is fetching: `None`.
    async fn lead(
        &self,
        flight: &Arc<Flight>,
        turn: OwnedSemaphorePermit,
        on_lease_taken: OnLeaseTaken,
        ttl: Duration,
    ) -> Option<Result<Arc<Entry>, Error>> {
        let fetched = match &self.shared {
            None => fetch(&*self.source, self.fetch_timeout).await,
            Some(shared) => {
                let excluded = self.excluded();
                let usable = |token: &FetchedToken| {
                    let used = token.age().saturating_add(margin(token.lifetime())).saturating_add(ttl);
                    token.lifetime() > used && !excluded.contains(token.token())
                };
                shared.fetch(&*self.source, self.fetch_timeout, on_lease_taken, usable).await?
            }
        };
        let outcome = fetched
            .map(|(token, asked_at)| Arc::new(Entry::new(token, asked_at)))
            .map_err(|error| error.in_step(self.step.unwrap_or("fetching the token")));

        if let Ok(entry) = &outcome {
            self.current.store(Some(entry.clone()));
        }
        let mut state = self.lock();
        match &outcome {
            Ok(_) => state.landed(),
            Err(error) => state.failed(error),
        }
        state.flight.take_if(|current| Arc::ptr_eq(current, flight));
        drop(state);
        // The turn is only ever held by one, so nobody else can have set it.
        let _ = flight.outcome.set(outcome.clone());
        flight.turn.close();
        drop(turn);
        Some(outcome)
    }

    /// Tokens that a shared store may hold and that must not come back from there: the one to be replaced and the one that
    /// was rejected.
    fn excluded(&self) -> Vec<AccessToken> {
        let current = self.current.load_full().map(|entry| entry.token());
        current.into_iter().chain(self.lock().rejected.clone()).collect()
    }

    /// Drops `token`, if it is the present one.
    fn invalidate(&self, token: &AccessToken) {
        let current = self.current.load();
        if current.as_ref().is_some_and(|entry| entry.token() == *token) {
            self.lock().rejected = Some(token.clone());
            self.current.compare_and_swap(&current, None);
        }
    }

    /// Refuses to fetch again and again what never lives long enough.
    fn check_lifetime(&self, ttl: Duration) -> Result<(), Error> {
        match self.current.load().as_ref() {
            Some(entry) if entry.is_valid(now(), Duration::ZERO) && entry.usable_lifetime() < ttl => {
                Err(too_short(ttl))
            }
            _ => Ok(()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing that holds the lock can leave the state half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How a caller came to its token.
enum Joined {
    /// It was there already.
    Valid(AccessToken),
    /// It came with a flight.
    Landed(Arc<Entry>),
}

impl State {
    fn flight(&mut self) -> Arc<Flight> {
        let new = || Arc::new(Flight { turn: Arc::new(Semaphore::new(1)), outcome: OnceLock::new() });
        self.flight.get_or_insert_with(new).clone()
    }

    fn landed(&mut self) {
        self.failures = 0;
        self.retry_at = None;
    }

    fn failed(&mut self, error: &Error) {
        self.failures = self.failures.saturating_add(1);
        self.retry_at = Some(now() + FETCH_POLICY.pause(self.failures, error));
    }
}

fn too_short(ttl: Duration) -> Error {
    Error::configuration(format!("the tokens that the service issues do not stay valid for {ttl:?}"))
}

impl fmt::Debug for TokenCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenCache")
            .field("token", &self.0.current.load().as_ref().map(|entry| entry.token()))
            .field("fetch_timeout", &self.0.fetch_timeout)
            .finish_non_exhaustive()
    }
}

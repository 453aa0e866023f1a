//! The cache under every credential that fetches tokens.

mod builder;
mod entry;
mod fetch;
mod per_thread;
mod shared;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use tokio::time::Instant;

pub(super) use self::builder::DEFAULT_FETCH_TIMEOUT;
pub use self::builder::TokenCacheBuilder;
use self::entry::Entry;
use self::fetch::fetch;
use self::shared::{OnLeaseTaken, SharedToken};
use super::shared_fetch::{Ending, Fetches, Next, SharedFetch};
use crate::auth::token::{AccessToken, TokenFuture, TokenProvider, TokenSource};
use crate::error::Error;
use crate::support::clock::{after, now};

/// Keeps the token of a [`TokenSource`] and fetches the next one when it is time.
///
/// It is lazy: nothing is fetched before the first call needs a token, and no task runs longer than a fetch.
///
/// - A token that is far from its expiry is returned without waiting for any lock.
/// - Past a random point between 70 % and 85 % of its lifetime one caller starts a fetch, and all callers, that one included,
///   continue at once with the valid token. A fetch that fails never replaces a valid token; the next one waits.
/// - Without a valid token one fetch starts and all callers wait for it, each within its own time limit. The fetch belongs to no
///   caller: callers that go away or are not polled do not stop it.
/// - When a fetch fails, the callers that wait for it get its error, and so do those that come during the pause that follows. The
///   pauses grow with each failure, from 50 ms up to a minute.
/// - A token counts as expired 10 s before its expiry, or a tenth of its lifetime if that is less. It is valid only while the
///   monotonic clock and the date both say so.
/// - A token that the service refused is dropped, unless it has been replaced already. A token that replaced a refused one counts
///   as fresh for 10 s: when it is refused as well, the request is not sent again.
///
/// A fetch has its own time budget ([`fetch_timeout`](TokenCacheBuilder::fetch_timeout)), in which retryable errors are
/// retried up to twice with growing waits. A clone shares the token.
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
    source: Arc<dyn TokenSource>,
    step: Option<&'static str>,
    fetch_timeout: Duration,
    shared: Option<Arc<SharedToken>>,
    current: ArcSwapOption<Entry>,
    state: Mutex<State>,
}

struct State {
    fetches: Fetches<Landed>,
    /// The token that the service refused last: a shared store may still hold it.
    refused: Option<AccessToken>,
    /// Until when the token that replaces a refused one counts as fresh.
    fresh_until: Option<Instant>,
}

/// What came of a fetch.
#[derive(Clone)]
enum Landed {
    Token(Arc<Entry>),
    /// Another process fetches the same token, and this one did not wait for it.
    LeaseTaken,
}

/// How long a token that replaced a refused one is not replaced for being refused as well.
const FRESH: Duration = Duration::from_secs(10);

impl TokenCache {
    /// The token, fetched if there is no valid one.
    ///
    /// # Errors
    ///
    /// What the source failed with.
    pub async fn token(&self) -> Result<AccessToken, Error> {
        match self.0.hit() {
            Some(token) => Ok(token),
            None => self.0.miss(Duration::ZERO).await,
        }
    }

    /// A token that stays valid for at least `duration`, for passing it on. Fetches a new one if what is
    /// left of the present one is less.
    ///
    /// # Errors
    ///
    /// What the source failed with, and [`Error::is_configuration`] when tokens are not valid for that long.
    pub async fn token_with_min_ttl(&self, duration: Duration) -> Result<AccessToken, Error> {
        match self.0.hit_for(duration) {
            Some(token) => Ok(token),
            None => self.0.miss(duration).await,
        }
    }
}

impl TokenCache {
    /// Whether somebody else holds a clone of it.
    pub(super) fn is_shared(&self) -> bool {
        Arc::strong_count(&self.0) > 1
    }
}

impl TokenProvider for TokenCache {
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(Self::token(self))
    }

    fn cached(&self) -> Option<AccessToken> {
        self.0.hit()
    }

    fn invalidate(&self, token: &AccessToken) -> bool {
        self.0.invalidate(token)
    }
}

impl Inner {
    /// The token, if it is not yet to be refreshed. No lock, no wait.
    fn hit(&self) -> Option<AccessToken> {
        let current = self.current.load();
        let entry = current.as_ref()?;
        entry.is_young().then(|| entry.token())
    }

    /// The token, if it is not yet to be refreshed and good for `ttl`.
    fn hit_for(&self, ttl: Duration) -> Option<AccessToken> {
        let current = self.current.load();
        let entry = current.as_ref()?;
        (entry.is_young() && entry.is_valid(now(), ttl)).then(|| entry.token())
    }

    /// The token, if it is good for `ttl`, however old.
    fn valid(&self, ttl: Duration) -> Option<AccessToken> {
        let current = self.current.load();
        let entry = current.as_ref()?;
        entry.is_valid(now(), ttl).then(|| entry.token())
    }

    async fn miss(self: &Arc<Self>, ttl: Duration) -> Result<AccessToken, Error> {
        // A fetch that somebody else began may bring a token from the shared store that is too old for this caller, or none
        // because another process fetches it; the next one is this caller's own.
        for _ in 0..3 {
            if self.valid(ttl).is_some() {
                self.refresh(ttl).await;
                // The fetch may be over already, or the token refused meanwhile.
                if let Some(token) = self.valid(ttl) {
                    return Ok(token);
                }
            }
            self.check_lifetime(ttl)?;
            let (fetch, begun) = match self.join(ttl)? {
                Joined::Valid(token) => return Ok(token),
                Joined::Fetch { fetch, begun } => (fetch, begun),
            };
            if begun {
                fetch.start().await;
            }
            match fetch.outcome().await {
                // A caller that was not polled for a while may come too late for it.
                Some(Ok(Landed::Token(entry)))
                    if entry.is_valid(now(), ttl) || (ttl.is_zero() && entry.has_just_come_expired()) =>
                {
                    return Ok(entry.token().just_fetched());
                }
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(self.leave(&fetch, error)),
                None => {
                    let error = Error::timeout(format!("no token came within {:?}", self.fetch_timeout));
                    return Err(self.leave(&fetch, error));
                }
            }
        }
        self.check_lifetime(ttl)?;
        Err(too_short(ttl))
    }

    /// Begins to fetch the next token while the present one is valid, unless a fetch is in flight or a failure is too recent.
    async fn refresh(self: &Arc<Self>, ttl: Duration) {
        let fetch = {
            let Ok(mut state) = self.state.try_lock() else { return };
            let Next::Now = state.fetches.next() else { return };
            self.begin(&mut state, OnLeaseTaken::GiveUp, ttl)
        };
        fetch.start().await;
    }

    /// The fetch in flight, or a new one.
    fn join(self: &Arc<Self>, ttl: Duration) -> Result<Joined, Error> {
        Error::check_runtime()?;
        let mut state = self.lock();
        // Whoever ends a fetch stores its token before taking the lock.
        if let Some(token) = self.valid(ttl) {
            return Ok(Joined::Valid(token));
        }
        match state.fetches.next() {
            Next::InFlight(fetch) => Ok(Joined::Fetch { fetch, begun: false }),
            Next::Pause(Some(error)) => Err(self.in_step(error)),
            Next::Pause(None) | Next::Now => {
                let fetch = self.begin(&mut state, OnLeaseTaken::Wait, ttl);
                Ok(Joined::Fetch { fetch, begun: true })
            }
        }
    }

    /// A new fetch, which nobody drives yet.
    fn begin(
        self: &Arc<Self>,
        state: &mut State,
        on_lease_taken: OnLeaseTaken,
        ttl: Duration,
    ) -> SharedFetch<Landed> {
        let present = self.current.load_full().map(|entry| entry.token());
        let excluded = present.into_iter().chain(state.refused.clone()).collect();
        let (cache, source, shared) = (Arc::downgrade(self), self.source.clone(), self.shared.clone());
        let budget = self.fetch_timeout;
        state.fetches.begin(Duration::ZERO, budget, |number| async move {
            let fetched = match shared {
                None => Some(fetch(&*source, budget).await),
                Some(shared) => shared.fetch(&*source, budget, on_lease_taken, ttl, excluded).await,
            };
            let landed = fetched.transpose().map(|token| match token {
                Some((token, asked_at)) => Landed::Token(Arc::new(Entry::new(token, asked_at))),
                None => Landed::LeaseTaken,
            });
            Self::land(&cache, number, landed)
        })
    }

    /// Keeps what came of a fetch, and returns it for those who wait.
    fn land(cache: &Weak<Self>, number: u64, landed: Result<Landed, Error>) -> Result<Landed, Error> {
        let Some(cache) = cache.upgrade() else { return landed };
        let landed = landed.map_err(|error| cache.in_step(error));
        if let Ok(Landed::Token(entry)) = &landed {
            cache.current.store(Some(entry.clone()));
        }
        let ending = match &landed {
            Ok(Landed::Token(_)) => Ending::Fetched { keep_interval: false },
            Ok(Landed::LeaseTaken) => Ending::LeftToOthers,
            Err(error) => Ending::Failed(error),
        };
        cache.lock().fetches.over(number, ending);
        landed
    }

    /// Leaves a fetch behind that panicked or is not over at its deadline, so that another one can begin.
    fn leave(&self, fetch: &SharedFetch<Landed>, error: Error) -> Error {
        let error = self.in_step(error);
        self.lock().fetches.leave(fetch, &error);
        error
    }

    fn in_step(&self, error: Error) -> Error {
        error.in_step(self.step.unwrap_or("fetching the token"))
    }

    /// Drops `token`, if it is the present one. Returns whether another one is worth asking for.
    fn invalidate(&self, token: &AccessToken) -> bool {
        let current = self.current.load();
        if !current.as_ref().is_some_and(|entry| entry.token() == *token) {
            // Replaced already.
            return true;
        }
        let mut state = self.lock();
        let now = now();
        if state.fresh_until.is_some_and(|until| now < until) {
            return false;
        }
        state.fresh_until = Some(after(FRESH));
        state.refused = Some(token.clone());
        self.current.compare_and_swap(&current, None);
        true
    }

    /// Refuses to fetch again and again what is never valid for long enough.
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

/// How a caller comes to its token.
enum Joined {
    /// It is there already.
    Valid(AccessToken),
    /// It comes with a fetch, which this caller began or not.
    Fetch { fetch: SharedFetch<Landed>, begun: bool },
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

//! Building a token cache.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use arc_swap::ArcSwapOption;

use super::shared::{Name, Observer, SharedToken};
use super::{Inner, State, TokenCache};
use crate::auth::shared_fetch::Fetches;
use crate::auth::store::TokenStore;
use crate::auth::token::TokenSource;
use crate::observe::CallObserver;

pub(in crate::auth) const DEFAULT_FETCH_TIMEOUT: Duration = Duration::from_secs(30);

/// Builds a [`TokenCache`].
#[must_use = "a builder does nothing until `build` is called"]
pub struct TokenCacheBuilder {
    source: Arc<dyn TokenSource>,
    step: Option<&'static str>,
    fetch_timeout: Duration,
    shared: Option<(Arc<dyn TokenStore>, Name)>,
    observer: Observer,
}

impl TokenCache {
    /// A cache of this source's tokens with default settings.
    pub fn new(source: impl TokenSource) -> Self {
        Self::builder(source).build()
    }

    /// Starts building a cache of this source's tokens.
    pub fn builder(source: impl TokenSource) -> TokenCacheBuilder {
        TokenCacheBuilder::new(source)
    }
}

impl TokenCacheBuilder {
    pub(super) fn new(source: impl TokenSource) -> Self {
        Self {
            source: Arc::new(source),
            step: None,
            fetch_timeout: DEFAULT_FETCH_TIMEOUT,
            shared: None,
            observer: Box::new(|| None),
        }
    }

    /// How long fetching one token may take, all attempts included. Default: 30 s. The time limit of the call that needs the
    /// token applies as well; a caller that gives up does not stop the fetch.
    pub fn fetch_timeout(mut self, timeout: Duration) -> Self {
        self.fetch_timeout = timeout;
        self
    }

    /// What was being done, for errors.
    pub(in crate::auth) fn step(mut self, step: &'static str) -> Self {
        self.step = Some(step);
        self
    }

    /// Shares the token through `store` under the name `key`, which must be the same wherever the same token is meant and
    /// different everywhere else. Default: the token stays in this cache.
    pub fn store(self, store: impl TokenStore, key: impl Into<String>) -> Self {
        let key = key.into();
        self.shared(Arc::new(store), Box::new(move || Ok(key.clone())))
    }

    /// Observer notified when the [`store`](Self::store) fails
    /// ([`token_store_failed`](CallObserver::token_store_failed)). Default: none.
    pub fn observer(self, observer: impl CallObserver) -> Self {
        let observer: Arc<dyn CallObserver> = Arc::new(observer);
        self.observed(Box::new(move || Some(observer.clone())))
    }

    pub(in crate::auth) fn shared(mut self, store: Arc<dyn TokenStore>, name: Name) -> Self {
        self.shared = Some((store, name));
        self
    }

    pub(in crate::auth) fn observed(mut self, observer: Observer) -> Self {
        self.observer = observer;
        self
    }

    /// Makes the cache; nothing is fetched yet.
    pub fn build(self) -> TokenCache {
        TokenCache(Arc::new(Inner {
            source: self.source,
            step: self.step,
            fetch_timeout: self.fetch_timeout,
            shared: self.shared.map(|(store, name)| Arc::new(SharedToken::new(store, name, self.observer))),
            current: ArcSwapOption::empty(),
            state: Mutex::new(State {
                fetches: Fetches::new(Duration::MAX),
                refused: None,
                fresh_until: None,
            }),
        }))
    }
}

impl fmt::Debug for TokenCacheBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenCacheBuilder")
            .field("fetch_timeout", &self.fetch_timeout)
            .finish_non_exhaustive()
    }
}

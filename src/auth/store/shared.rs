//! How one cache uses a shared store.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use super::{StoreFuture, TokenStore};
use crate::Error;
use crate::auth::cache::Patience;
use crate::auth::fetch::fetch;
use crate::auth::{FetchedToken, TokenSource};
use crate::clock::{after, now};

/// One token of a store.
pub(in crate::auth) struct SharedToken {
    store: Arc<dyn TokenStore>,
    key: String,
}

/// How long the store may take to answer before the cache goes on without it.
const STORE_TIMEOUT: Duration = Duration::from_secs(1);
/// How long the process that took the lease is waited for.
const LEASE: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(100);

impl SharedToken {
    pub(in crate::auth) fn new(store: Arc<dyn TokenStore>, key: String) -> Self {
        Self { store, key }
    }

    /// The token of the store if it is usable, else a new one, which then is in the store. `None` without patience, when
    /// another process is fetching.
    pub(in crate::auth) async fn fetch(
        &self,
        source: &dyn TokenSource,
        budget: Duration,
        patience: Patience,
        usable: impl Fn(&FetchedToken) -> bool,
    ) -> Option<Result<(FetchedToken, Instant), Error>> {
        let give_up = after(LEASE);
        loop {
            let asked_at = now();
            match answer(self.store.get(&self.key)).await {
                Answer::Down => return Some(fetch(source, budget).await),
                Answer::Up(Some(token)) if usable(&token) => return Some(Ok((token, asked_at))),
                Answer::Up(_) => {}
            }
            match answer(self.store.lease(&self.key, LEASE)).await {
                Answer::Down => return Some(fetch(source, budget).await),
                Answer::Up(true) => break,
                Answer::Up(false) if patience == Patience::Refresh => return None,
                Answer::Up(false) if now() >= give_up => break,
                Answer::Up(false) => sleep(POLL).await,
            }
        }
        let fetched = fetch(source, budget).await;
        if let Ok((token, asked_at)) = &fetched {
            let age = token.age().saturating_add(now().duration_since(*asked_at));
            let _ = answer(self.store.put(&self.key, &token.clone().aged(age))).await;
        }
        Some(fetched)
    }
}

enum Answer<T> {
    Up(T),
    Down,
}

/// A store that is down must not take the calls down with it.
async fn answer<T>(future: StoreFuture<'_, T>) -> Answer<T> {
    match timeout(STORE_TIMEOUT, future).await {
        Ok(Ok(answer)) => Answer::Up(answer),
        Ok(Err(_)) | Err(_) => Answer::Down,
    }
}

//! How a cache uses a shared store.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use super::fetch::fetch;
use crate::auth::store::{StoreFuture, TokenStore};
use crate::auth::token::{FetchedToken, TokenSource};
use crate::error::Error;
use crate::support::clock::{after, now};

/// What to do while another process fetches the same token.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum OnLeaseTaken {
    /// There is a valid token: do not wait.
    GiveUp,
    /// A call needs the token.
    Wait,
}

/// One token of a store.
pub(super) struct SharedToken {
    store: Arc<dyn TokenStore>,
    key: String,
}

/// How long the store may take before the cache goes on without it.
const STORE_TIMEOUT: Duration = Duration::from_secs(1);
/// How long the process that took the lease is waited for.
const LEASE: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(100);

impl SharedToken {
    pub(super) fn new(store: Arc<dyn TokenStore>, key: String) -> Self {
        Self { store, key }
    }

    /// The token of the store if it is usable, else a new one, which then is in the store. `None` when another process is
    /// fetching and the caller does not wait for it.
    pub(super) async fn fetch(
        &self,
        source: &dyn TokenSource,
        budget: Duration,
        on_lease_taken: OnLeaseTaken,
        usable: impl Fn(&FetchedToken) -> bool,
    ) -> Option<Result<(FetchedToken, Instant), Error>> {
        let give_up = after(LEASE);
        loop {
            let asked_at = now();
            match within_time(self.store.get(&self.key)).await {
                Outcome::Down => return Some(fetch(source, budget).await),
                Outcome::Up(Some(token)) if usable(&token) => return Some(Ok((token, asked_at))),
                Outcome::Up(_) => {}
            }
            match within_time(self.store.lease(&self.key, LEASE)).await {
                Outcome::Down => return Some(fetch(source, budget).await),
                Outcome::Up(true) => break,
                Outcome::Up(false) if on_lease_taken == OnLeaseTaken::GiveUp => return None,
                Outcome::Up(false) if now() >= give_up => break,
                Outcome::Up(false) => sleep(POLL).await,
            }
        }
        let fetched = fetch(source, budget).await;
        if let Ok((token, asked_at)) = &fetched {
            let age = token.age().saturating_add(now().duration_since(*asked_at));
            let _ = within_time(self.store.put(&self.key, &token.clone().aged(age))).await;
        }
        Some(fetched)
    }
}

enum Outcome<T> {
    Up(T),
    Down,
}

/// A store that is down must not take the calls down with it.
async fn within_time<T>(future: StoreFuture<'_, T>) -> Outcome<T> {
    match timeout(STORE_TIMEOUT, future).await {
        Ok(Ok(value)) => Outcome::Up(value),
        Ok(Err(_)) | Err(_) => Outcome::Down,
    }
}

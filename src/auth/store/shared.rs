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

    /// The token of the store if it is usable, else a new one, which then is in the store.
    pub(in crate::auth) async fn fetch(
        &self,
        source: &dyn TokenSource,
        budget: Duration,
        patience: Patience,
        usable: impl Fn(&FetchedToken) -> bool,
    ) -> Result<(FetchedToken, Instant), Error> {
        let give_up = after(LEASE);
        loop {
            let asked_at = now();
            match answer(self.store.get(&self.key)).await {
                Answer::Down => return fetch(source, budget).await,
                Answer::Up(Some(token)) if usable(&token) => return Ok((token, asked_at)),
                Answer::Up(_) => {}
            }
            match answer(self.store.lease(&self.key, LEASE)).await {
                Answer::Down => return fetch(source, budget).await,
                Answer::Up(true) => break,
                Answer::Up(false) if patience == Patience::Refresh => {
                    return Err(Error::credential("another process is fetching the token"));
                }
                Answer::Up(false) if now() >= give_up => break,
                Answer::Up(false) => sleep(POLL).await,
            }
        }
        let (token, asked_at) = fetch(source, budget).await?;
        let aged = token.clone().aged(token.age() + now().duration_since(asked_at));
        let _ = answer(self.store.put(&self.key, &aged)).await;
        Ok((token, asked_at))
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

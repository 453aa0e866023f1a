//! How a cache uses a shared store.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{sleep, timeout};

use super::entry::margin;
use super::fetch::fetch;
use crate::auth::store::{StoreFuture, TokenStore};
use crate::auth::token::{AccessToken, FetchedToken, TokenSource};
use crate::error::Error;
use crate::observe::{CallObserver, token_store_failed};
use crate::support::clock::{after, now};
use crate::support::moment::Moment;
use crate::support::random;

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
    name: Name,
    observer: Observer,
}

/// The name of a token in a store, which may be known only once the credential serves a client.
pub(in crate::auth) type Name = Box<dyn Fn() -> Result<String, Error> + Send + Sync>;

/// Who is notified when the store fails; that of the client that the credential serves.
pub(in crate::auth) type Observer = Box<dyn Fn() -> Option<Arc<dyn CallObserver>> + Send + Sync>;

/// How long the store may take before the cache goes on without it.
const STORE_TIMEOUT: Duration = Duration::from_secs(1);
/// How long the process that took the lease is waited for.
const LEASE: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(100);

impl SharedToken {
    pub(super) fn new(store: Arc<dyn TokenStore>, name: Name, observer: Observer) -> Self {
        Self { store, name, observer }
    }

    /// The token of the store if it is usable, else a new one, which then is in the store. `None` when another process is
    /// fetching and the caller does not wait for it.
    pub(super) async fn fetch(
        self: &Arc<Self>,
        source: &dyn TokenSource,
        budget: Duration,
        on_lease_taken: OnLeaseTaken,
        ttl: Duration,
        excluded: Vec<AccessToken>,
    ) -> Option<Result<(FetchedToken, Moment), Error>> {
        let name = match (self.name)() {
            Ok(name) => name,
            Err(error) => return Some(Err(error)),
        };
        let usable = |token: &FetchedToken| {
            let used = token.age().saturating_add(margin(token.lifetime())).saturating_add(ttl);
            token.lifetime() > used
                && !excluded.contains(token.token())
                && source.check(token.token()).is_ok()
        };
        let give_up = after(LEASE.min(budget));
        let Ok(owner) = random::uuid() else { return Some(fetch(source, budget).await) };
        let owner = owner.to_string();
        loop {
            let asked_at = Moment::now();
            match self.within_time(self.store.get(&name)).await {
                Outcome::Down => return Some(fetch(source, budget).await),
                Outcome::Up(Some(token)) if usable(&token) => return Some(Ok((token, asked_at))),
                Outcome::Up(_) => {}
            }
            match self.within_time(self.store.acquire_lease(&name, &owner, LEASE)).await {
                Outcome::Down => return Some(fetch(source, budget).await),
                Outcome::Up(true) => break,
                Outcome::Up(false) if on_lease_taken == OnLeaseTaken::GiveUp => return None,
                Outcome::Up(false) if now() >= give_up => break,
                Outcome::Up(false) => sleep(POLL).await,
            }
        }
        let lease = Lease { shared: self.clone(), name: name.clone(), owner, released: false };
        let fetched = fetch(source, budget).await;
        if let Ok((token, asked_at)) = &fetched {
            let age = token.age().saturating_add(asked_at.elapsed());
            let _ = self.within_time(self.store.put(&name, &token.clone().aged(age))).await;
        }
        lease.release().await;
        Some(fetched)
    }

    async fn release_lease(&self, name: &str, owner: &str) {
        let _ = self.within_time(self.store.release_lease(name, owner)).await;
    }

    /// A store that is down must not take the calls down with it.
    async fn within_time<T>(&self, future: StoreFuture<'_, T>) -> Outcome<T> {
        let error = match timeout(STORE_TIMEOUT, future).await {
            Ok(Ok(value)) => return Outcome::Up(value),
            Ok(Err(error)) => error,
            Err(_) => Error::timeout(format!("the token store did not respond within {STORE_TIMEOUT:?}")),
        };
        token_store_failed((self.observer)().as_deref(), &error);
        Outcome::Down
    }
}

/// The right to fetch, which ends with the fetch, also when that fails or is dropped.
struct Lease {
    shared: Arc<SharedToken>,
    name: String,
    owner: String,
    released: bool,
}

impl Lease {
    async fn release(mut self) {
        self.shared.release_lease(&self.name, &self.owner).await;
        // Not before: the fetch may be dropped while it waits for the store.
        self.released = true;
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if !self.released
            && let Ok(runtime) = Handle::try_current()
        {
            let (shared, name, owner) =
                (self.shared.clone(), std::mem::take(&mut self.name), std::mem::take(&mut self.owner));
            runtime.spawn(async move { shared.release_lease(&name, &owner).await });
        }
    }
}

enum Outcome<T> {
    Up(T),
    Down,
}

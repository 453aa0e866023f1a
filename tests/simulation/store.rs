//! The simulated store that the processes share.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::sleep;

use crate::Error;
use crate::auth::{FetchedToken, StoreFuture, TokenStore};
use crate::judge::{Process, SLACK};
use crate::world::{self, World};

/// The state of the store.
#[derive(Default)]
pub(crate) struct StoreState {
    trouble: Option<Trouble>,
    /// Since when the store has had no trouble.
    calm_since: Duration,
    tokens: BTreeMap<String, Kept>,
    leases: BTreeMap<String, Lease>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    Fails,
    Hangs,
    /// It keeps nothing.
    Forgets,
}

struct Kept {
    token: FetchedToken,
    /// In true time.
    put_at: Duration,
}

struct Lease {
    owner: String,
    process: Process,
    taken_at: Duration,
    /// In true time.
    until: Duration,
    /// How often it kept the process that holds it from fetching.
    in_its_own_way: u32,
}

/// How one process reaches the store.
pub(crate) struct Store(pub(crate) Process);

impl Store {
    /// What the store does at the end of a little while, if it does anything.
    fn act<'a, T: Send + 'a>(
        &self,
        act: impl FnOnce(&mut World, Process, Option<Trouble>) -> T + Send + 'a,
    ) -> StoreFuture<'a, T> {
        let process = self.0;
        Box::pin(async move {
            let takes = world::with(|world| {
                world.moment();
                world.random.milliseconds(1..20)
            });
            sleep(takes).await;
            let trouble = world::with(|world| {
                world.moment();
                world.store.trouble
            });
            match trouble {
                Some(Trouble::Fails) => Err(Error::credential("the store fails")),
                Some(Trouble::Hangs) => std::future::pending().await,
                Some(Trouble::Forgets) | None => Ok(world::with(|world| act(world, process, trouble))),
            }
        })
    }
}

impl TokenStore for Store {
    fn get<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<FetchedToken>> {
        self.act(move |world, process, _| {
            let now = world.truth();
            let kept = world.store.tokens.get(key)?;
            let age = kept.token.age() + (now - kept.put_at);
            let token = kept.token.clone().aged(age);
            if token.age() >= token.lifetime() {
                return None;
            }
            let (text, at) = (token.token().secret().to_owned(), world.now());
            world.event(format_args!("process {process} finds {text} in the store, {age:?} old"));
            world.token_received(process, &text, age, at);
            Some(token)
        })
    }

    fn put<'a>(&'a self, key: &'a str, token: &'a FetchedToken) -> StoreFuture<'a, ()> {
        let process = self.0;
        world::with(|world| {
            let text = token.token().secret();
            world.event(format_args!("process {process} puts {text} into the store, {:?} old", token.age()));
            if world.ages(process, text, world.now()).min().is_some_and(|age| token.age() + SLACK < age) {
                world.broken(format_args!("{text} is put into the store as if it was younger than it is"));
            }
        });
        self.act(move |world, _, trouble| {
            if trouble.is_none() {
                let put_at = world.truth();
                world.store.tokens.insert(key.to_owned(), Kept { token: token.clone(), put_at });
                world.store.leases.remove(key);
            }
        })
    }

    fn lease<'a>(&'a self, key: &'a str, duration: Duration) -> StoreFuture<'a, bool> {
        self.acquire_lease(key, "", duration)
    }

    fn acquire_lease<'a>(
        &'a self,
        key: &'a str,
        owner: &'a str,
        duration: Duration,
    ) -> StoreFuture<'a, bool> {
        self.act(move |world, process, _| {
            let acquired = world.acquire(process, key, owner, duration);
            let result = if acquired { "takes" } else { "waits for" };
            world.event(format_args!("process {process} {result} the lease"));
            acquired
        })
    }

    fn release_lease<'a>(&'a self, key: &'a str, owner: &'a str) -> StoreFuture<'a, ()> {
        self.act(move |world, process, _| {
            world.event(format_args!("process {process} releases its lease"));
            if world.store.leases.get(key).is_some_and(|lease| lease.owner == owner) {
                world.store.leases.remove(key);
            }
        })
    }
}

impl World {
    pub(crate) fn trouble_store(&mut self, trouble: Option<Trouble>) {
        self.event(format_args!("the store: {trouble:?}"));
        self.store.trouble = trouble;
        self.store.calm_since = self.monotonic();
    }

    pub(crate) fn empty_store(&mut self) {
        self.event("the store loses what it kept");
        self.store.tokens.clear();
        self.store.leases.clear();
    }

    fn acquire(&mut self, process: Process, key: &str, owner: &str, duration: Duration) -> bool {
        let (now, monotonic) = (self.truth(), self.monotonic());
        if let Some(lease) = self.store.leases.get_mut(key).filter(|lease| now < lease.until) {
            let calm = self.store.trouble.is_none() && self.store.calm_since < lease.taken_at;
            // A fetch that is over ends its lease, if need be in the background.
            lease.in_its_own_way += u32::from(calm && lease.process == process);
            if lease.in_its_own_way > 1 {
                self.broken(format_args!("process {process} waits for the lease of its own earlier fetch"));
            }
            return false;
        }
        let until = now + duration;
        let lease = Lease { owner: owner.to_owned(), process, taken_at: monotonic, until, in_its_own_way: 0 };
        self.store.leases.insert(key.to_owned(), lease);
        true
    }

    /// At the end, when no fetch is left, no lease may be left either.
    pub(crate) fn check_leases(&mut self) {
        let (now, calm_since) = (self.truth(), self.store.calm_since);
        let mut leases = self.store.leases.values();
        let left = leases.find(|lease| now < lease.until && calm_since < lease.taken_at);
        if let Some(process) = left.map(|lease| lease.process) {
            self.broken(format_args!("the lease that process {process} took outlives its fetch"));
        }
    }
}

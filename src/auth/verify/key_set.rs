//! The public keys of the service: fetched when they are needed, kept for a while, and fetched again when one is missing.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, SystemTime};

use arc_swap::ArcSwapOption;
use bytes::Bytes;
use http::Method;
use serde_json::Value;
use tokio::time::Instant;

use super::verifying_key::VerifyingKey;
use crate::auth::shared_fetch::{Ending, Fetches, Next, SharedFetch};
use crate::call::{Operation, Request, Response, decode};
use crate::client::Client;
use crate::error::Error;
use crate::support::clock::{date, now};
use crate::wire::object;

static OPERATION: Operation = Operation {
    name: "getWellKnownJwks",
    method: Method::GET,
    path: "",
    security: None,
    idempotent: true,
    bearer: false,
    secrets: &[],
    raw: false,
};

/// The key set at the base URL of a client.
pub(super) struct KeySet(Arc<Inner>);

struct Inner {
    client: Client,
    /// How much time there is between two fetches at least.
    interval: Duration,
    /// How long keys are used before they are fetched again; twice as long while that fails.
    max_age: Duration,
    keys: ArcSwapOption<Keys>,
    fetches: Mutex<Fetches<Arc<Keys>>>,
}

/// The keys of one fetch.
pub(super) struct Keys {
    keys: Vec<VerifyingKey>,
    fetched_at: Instant,
    /// The same moment as a date: the monotonic clock stands still while the machine is suspended.
    fetched_on: SystemTime,
}

impl Keys {
    /// The keys with this id.
    pub(super) fn with_id<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a VerifyingKey> {
        self.keys.iter().filter(move |key| key.id == id)
    }

    fn age(&self) -> Duration {
        let by_date = date().duration_since(self.fetched_on).unwrap_or_default();
        now().saturating_duration_since(self.fetched_at).max(by_date)
    }
}

impl KeySet {
    pub(super) fn new(client: Client, interval: Duration, max_age: Duration) -> Self {
        let fetches = Mutex::new(Fetches::new(interval));
        Self(Arc::new(Inner { client, interval, max_age, keys: ArcSwapOption::empty(), fetches }))
    }

    /// The present keys, fetched first if there are none or they are too old.
    ///
    /// # Errors
    ///
    /// Why the keys cannot be had.
    pub(super) async fn get(&self) -> Result<Arc<Keys>, Error> {
        let Some(keys) = self.0.keys.load_full() else { return self.0.fetch().await };
        let age = keys.age();
        if age <= self.0.max_age {
            return Ok(keys);
        }
        match self.0.fetch().await {
            Ok(keys) => Ok(keys),
            Err(_) if age <= self.0.max_age.saturating_mul(2) => Ok(keys),
            Err(error) => Err(error),
        }
    }

    /// Keys that are newer than `known`, which lack the one that is needed. `None` when the last fetch is too recent: whoever sends
    /// tokens with invented keys must not make this program fetch them all the time.
    ///
    /// # Errors
    ///
    /// Why the keys cannot be had.
    pub(super) async fn newer_than(&self, known: &Arc<Keys>) -> Result<Option<Arc<Keys>>, Error> {
        let keys = self.0.fetch().await?;
        Ok(Some(keys).filter(|keys| !Arc::ptr_eq(keys, known)))
    }
}

impl Inner {
    /// The keys of the fetch in flight or of a new one; those of the last one while it is too recent.
    async fn fetch(self: &Arc<Self>) -> Result<Arc<Keys>, Error> {
        let (fetch, begun) = {
            let mut fetches = self.lock();
            match (fetches.next(), self.keys.load_full()) {
                (Next::InFlight(fetch), _) => (fetch, false),
                (Next::Pause(Some(error)), _) => return Err(error),
                (Next::Pause(None), Some(keys)) => return Ok(keys),
                (Next::Pause(None), None) | (Next::Now, _) => (self.begin(&mut fetches), true),
            }
        };
        if begun {
            fetch.start().await;
        }
        let error = match fetch.outcome().await {
            Some(Ok(keys)) => return Ok(keys),
            Some(Err(error)) => error,
            None => Error::timeout("the keys of the service were not received in time"),
        };
        self.lock().leave(&fetch, &error);
        Err(error)
    }

    fn begin(self: &Arc<Self>, fetches: &mut Fetches<Arc<Keys>>) -> SharedFetch<Arc<Keys>> {
        let (set, client) = (Arc::downgrade(self), self.client.clone());
        let timeout = client.settings().defaults.timeout;
        fetches.begin(self.interval, timeout, |number| async move {
            let outcome = receive(&client).await.map(Arc::new);
            Self::keep(&set, number, &outcome);
            outcome
        })
    }

    /// Keeps what a fetch brought; keys that are there stay when it failed.
    fn keep(set: &Weak<Self>, number: u64, outcome: &Result<Arc<Keys>, Error>) {
        let Some(set) = set.upgrade() else { return };
        if let Ok(keys) = outcome {
            set.keys.store(Some(keys.clone()));
        }
        let ending = match outcome {
            Ok(_) => Ending::Fetched { keep_interval: true },
            Err(error) => Ending::Failed(error),
        };
        set.lock().over(number, ending);
    }

    fn lock(&self) -> MutexGuard<'_, Fetches<Arc<Keys>>> {
        // Nothing that holds the lock can leave the state half changed.
        self.fetches.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Fetches the key set (RFC 7517, section 5).
async fn receive(client: &Client) -> Result<Keys, Error> {
    let (fetched_at, fetched_on) = (now(), date());
    let request = Request::new(client.settings(), &OPERATION);
    let keys = request.execute(read, Response::into_inner).await?;
    Ok(Keys { keys, fetched_at, fetched_on })
}

/// Reads the set entry by entry: one that cannot be used, for whatever reason, does not take the others with it.
fn read(body: &Bytes) -> Result<Vec<VerifyingKey>, String> {
    struct Set {
        keys: Vec<Value>,
    }
    object!(Set closed { required keys = "keys" });

    let set: Set = decode::json(body)?;
    let keys: Vec<_> = set.keys.iter().flat_map(VerifyingKey::from_jwk).collect();
    if keys.is_empty() {
        return Err("the key set has no key that can be used".to_owned());
    }
    Ok(keys)
}

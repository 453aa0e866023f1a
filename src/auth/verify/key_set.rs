//! The public keys of the service, fetched when one is missing.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::verifying_key::VerifyingKey;
use crate::auth::cache::PAUSES;
use crate::client::Client;
use crate::error::Error;
use crate::support::clock::now;

pub(super) struct KeySet {
    client: Client,
    interval: Duration,
    keys: ArcSwap<Vec<Arc<VerifyingKey>>>,
    /// Held while fetching, so that there is one fetch at a time.
    last: Mutex<Option<Fetch>>,
}

/// The last fetch.
struct Fetch {
    ended: Instant,
    /// When the service may be asked again.
    next: Instant,
    error: Option<Error>,
    /// How many failed in a row.
    failures: u32,
}

impl KeySet {
    pub(super) fn new(client: Client, interval: Duration) -> Self {
        Self { client, interval, keys: ArcSwap::default(), last: Mutex::default() }
    }

    /// The keys with this id; if there is none, after asking the service again, unless that was done too recently.
    pub(super) async fn get(&self, id: &str) -> Result<Vec<Arc<VerifyingKey>>, Error> {
        let known = self.known(id);
        if !known.is_empty() {
            return Ok(known);
        }
        let asked = now();
        let mut last = self.last.lock().await;
        match &*last {
            // Somebody else asked meanwhile, and the answer is as good for this token; or it is too soon, and whoever sends
            // tokens with invented keys shall not make this program ask for them all the time.
            Some(fetch) if fetch.ended > asked || now() < fetch.next => {
                fetch.error.clone().map_or(Ok(()), Err)?;
            }
            _ => {
                let failures = last.as_ref().map_or(0, |fetch| fetch.failures);
                let error = self.fetch().await.err();
                let failures = error.as_ref().map_or(0, |_| failures.saturating_add(1));
                let wait = error
                    .as_ref()
                    .map_or(self.interval, |error| PAUSES.pause(failures, Some(error)).min(self.interval));
                let ended = now();
                let next = ended.checked_add(wait).unwrap_or(ended);
                *last = Some(Fetch { ended, next, error: error.clone(), failures });
                error.map_or(Ok(()), Err)?;
            }
        }
        drop(last);
        Ok(self.known(id))
    }

    fn known(&self, id: &str) -> Vec<Arc<VerifyingKey>> {
        self.keys.load().iter().filter(|key| key.id == id).cloned().collect()
    }

    async fn fetch(&self) -> Result<(), Error> {
        let set = self.client.well_known().get_well_known_jwks().await?;
        // Keys of kinds that are not known here are left out: they are for others.
        let keys = set.keys.iter().filter_map(VerifyingKey::from_jwk).map(Arc::new).collect();
        self.keys.store(Arc::new(keys));
        Ok(())
    }
}

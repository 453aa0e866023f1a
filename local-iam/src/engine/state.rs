//! What a running service holds: its database, its keys, and what it was configured with.

use std::sync::Arc;

use crate::clock::Clock;
use crate::error::Error;
use crate::store::Store;

use super::addresses::Addresses;
use super::data::did_keys::DidKeys;
use super::data::keys::Keys;
use super::data::planting;
use super::data::seeds::{SeedIds, Seeds};
use super::faults::Faults;
use super::recorder::Recorder;

/// Lifetimes of the tokens that the service issues, in seconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lifetimes {
    pub(crate) user: i64,
    pub(crate) project: i64,
    pub(crate) consumer: i64,
}

/// The whole service without its network. `dispatch` adds how it handles a request.
#[derive(Debug)]
pub(crate) struct Engine {
    pub(super) state: Arc<State>,
    pub(super) store: Store,
}

/// All but the database. Work for the database's writer shares it, and never the database itself.
#[derive(Debug)]
pub(crate) struct State {
    pub(super) addresses: Addresses,
    /// The advertised address: the origin of everything, as the API gateway's is.
    pub(super) gateway: String,
    pub(super) base_url: String,
    pub(super) clock: Clock,
    pub(super) lifetimes: Lifetimes,
    /// Whether behaviour that nobody has seen of the real service is on.
    pub(super) unproven: bool,
    pub(super) keys: Keys,
    pub(super) did_keys: DidKeys,
    pub(super) seeds: Seeds,
    pub(super) faults: Faults,
    pub(super) recorder: Recorder,
}

impl Engine {
    pub(crate) fn new(
        addresses: Addresses,
        clock: Clock,
        store: Store,
        lifetimes: Lifetimes,
        seeds: SeedIds,
        unproven: bool,
    ) -> Result<Self, Error> {
        let keys = Keys::load(&store)?;
        let seeds = planting::plant(&store, seeds, clock.now())?;
        let state = State {
            gateway: addresses.advertised().to_owned(),
            base_url: format!("{}/iam", addresses.advertised()),
            addresses,
            clock,
            lifetimes,
            unproven,
            keys,
            did_keys: DidKeys::default(),
            seeds,
            faults: Faults::default(),
            recorder: Recorder::default(),
        };
        Ok(Self { state: Arc::new(state), store })
    }

    pub(crate) fn state(&self) -> &State {
        &self.state
    }
}

impl State {
    pub(crate) fn gateway(&self) -> &str {
        &self.gateway
    }

    pub(crate) fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The issuer of user tokens.
    pub(super) fn authorization_server(&self) -> String {
        format!("{}/auth", self.gateway)
    }

    pub(crate) fn token_endpoint(&self) -> String {
        format!("{}/auth/oauth2/token", self.gateway)
    }

    pub(crate) fn seeds(&self) -> &Seeds {
        &self.seeds
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    pub(crate) fn faults(&self) -> &Faults {
        &self.faults
    }

    pub(crate) fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    /// The variables that the official clients read, for the seeded personal access token. All that say where something is, or
    /// which key signs, are set, so that none of another service stays.
    pub(crate) fn environment(&self) -> [(&'static str, String); 6] {
        let token_id = self.seeds.token_id().to_string();
        [
            ("API_GATEWAY_URL", self.gateway.clone()),
            ("TOKEN_ENDPOINT", self.token_endpoint()),
            ("PROJECT_ID", self.seeds.project_id().to_string()),
            ("TOKEN_ID", token_id.clone()),
            ("KEY_ID", token_id),
            ("PRIVATE_KEY", self.seeds.private_key_pem().to_owned()),
        ]
    }
}

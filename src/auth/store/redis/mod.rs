//! Tokens in Redis.

mod connector;
mod link;
mod sealed;
mod servers;

use std::fmt;
use std::time::Duration;

use redis::{ExistenceCheck, Pipeline, SetExpiry, SetOptions};

use self::link::Link;
use self::sealed::{Sealer, milliseconds};
pub use self::servers::RedisServers;
use super::{StoreFuture, TokenStore};
use crate::auth::token::FetchedToken;
use crate::error::Error;

/// A [`TokenStore`] in Redis (or a server that speaks its protocol), with values encrypted by AES-256-GCM.
///
/// The encryption key is shared by the fleet and unknown to the server. Entries are named `affinidi-iam:…` after the ids of
/// tokens, projects and DIDs, which stay readable, and expire with their tokens. Each is sealed with the moment at which its token
/// was asked for, so that whoever can write to Redis cannot make an old token young: the dates of the fleet's machines must agree,
/// and a machine whose date is ahead takes tokens for older than they are.
///
/// It connects when it is first used. An operation whose connection was lost is repeated once, through a new one.
///
/// ```no_run
/// use affinidi_tdk_iam_client::auth::{PersonalAccessToken, RedisTokenStore};
///
/// # fn example(key: [u8; 32], pem: &str) -> Result<(), affinidi_tdk_iam_client::Error> {
/// let store = RedisTokenStore::new("redis://127.0.0.1:6379", key)?;
/// let credential =
///     PersonalAccessToken::builder().token_id("8e4e3f1c").private_key_pem(pem).store(store).build()?;
/// # Ok(())
/// # }
/// ```
pub struct RedisTokenStore {
    link: Link,
    sealer: Sealer,
}

impl RedisTokenStore {
    /// A store at `servers`, one URL or [`RedisServers`], whose values are encrypted with `key`: 32 random bytes. Nothing is sent
    /// yet.
    ///
    /// # Errors
    ///
    /// [`Error::is_configuration`] when a URL or a certificate cannot be read or used.
    pub fn new(servers: impl Into<RedisServers>, key: [u8; 32]) -> Result<Self, Error> {
        Ok(Self { link: Link::new(servers.into().connector()?), sealer: Sealer::new(key)? })
    }
}

/// The braces put a token and its lease on the same server of a cluster.
fn name(key: &str) -> String {
    format!("affinidi-iam:{{token:{key}}}")
}

fn lease_name(key: &str) -> String {
    format!("{}:lease", name(key))
}

impl TokenStore for RedisTokenStore {
    fn get<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<FetchedToken>> {
        Box::pin(async move {
            let name = name(key);
            let mut commands = Pipeline::new();
            commands.atomic().get(&name).pttl(&name);
            let (sealed, left): (Option<Vec<u8>>, i64) = self.link.run(&commands).await?;
            // What cannot be opened was not put by this fleet.
            let token = sealed.and_then(|sealed| self.sealer.open(&name, sealed));
            let left = Duration::from_millis(u64::try_from(left).unwrap_or(0));
            // The server's count does not depend on the dates of two machines; the sealed age does not depend on the server.
            Ok(token.map(|token| {
                let age = token.lifetime().saturating_sub(left).max(token.age());
                token.aged(age)
            }))
        })
    }

    fn put<'a>(&'a self, key: &'a str, token: &'a FetchedToken) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let name = name(key);
            let left = milliseconds(token.lifetime().saturating_sub(token.age()));
            let mut commands = Pipeline::new();
            // A lease that was taken without an owner ends with the token that it was taken for.
            release(commands.atomic(), key, "");
            if left > 0 {
                let expiry = SetOptions::default().with_expiration(SetExpiry::PX(left));
                commands.set_options(&name, self.sealer.seal(&name, token)?, expiry).ignore();
            }
            self.link.run(&commands).await
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
        Box::pin(async move {
            let name = lease_name(key);
            let options = SetOptions::default()
                .conditional_set(ExistenceCheck::NX)
                .with_expiration(SetExpiry::PX(milliseconds(duration).max(1)));
            let mut commands = Pipeline::new();
            commands.atomic().set_options(&name, owner, options).get(&name);
            let (set, holder): (Option<String>, Option<String>) = self.link.run(&commands).await?;
            // Repeated commands find the lease that they took when their first response was lost.
            Ok(set.is_some() || (!owner.is_empty() && holder.as_deref() == Some(owner)))
        })
    }

    fn release_lease<'a>(&'a self, key: &'a str, owner: &'a str) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let mut commands = Pipeline::new();
            release(&mut commands, key, owner);
            self.link.run(&commands).await
        })
    }
}

/// Ends the lease if it is this owner's. It may have ended and be somebody else's: comparing and deleting is one step.
fn release(commands: &mut Pipeline, key: &str, owner: &str) {
    const RELEASE: &str =
        "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) else return 0 end";
    commands.cmd("EVAL").arg(RELEASE).arg(1).arg(lease_name(key)).arg(owner).ignore();
}

impl fmt::Debug for RedisTokenStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisTokenStore").finish_non_exhaustive()
    }
}

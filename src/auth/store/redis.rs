//! Tokens in Redis.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use redis::aio::MultiplexedConnection;
use redis::{AsyncCommands as _, Client, ExistenceCheck, RedisError, SetExpiry, SetOptions};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{StoreFuture, TokenStore};
use crate::auth::token::{AccessToken, FetchedToken};
use crate::error::Error;

/// A [`TokenStore`] in Redis (or a server that speaks its protocol), with values encrypted by AES-256-GCM.
///
/// The encryption key is shared by the fleet and unknown to the server. Entries are named `affinidi-iam:…` after the ids of
/// tokens, projects and DIDs, which stay readable, and expire with their tokens. It connects when it is first used, and again
/// after a failure.
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
    client: Client,
    connection: Mutex<Option<MultiplexedConnection>>,
    key: RandomizedNonceKey,
}

/// The plain text of an entry.
#[derive(Serialize, Deserialize)]
struct Entry<'a> {
    token: &'a str,
    lifetime_ms: u64,
}

const NONCE: usize = 12;

impl RedisTokenStore {
    /// A store at `url` (`redis://[user:password@]host[:port][/database]`), whose values are encrypted with `key`: 32 random
    /// bytes. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`Error::is_configuration`] when the URL cannot be read.
    pub fn new(url: impl AsRef<str>, key: [u8; 32]) -> Result<Self, Error> {
        let key = Zeroizing::new(key);
        // The library's error might repeat the URL, which may hold a password.
        let client = Client::open(url.as_ref())
            .map_err(|_| Error::configuration("the URL of the Redis server cannot be read"))?;
        let key = RandomizedNonceKey::new(&AES_256_GCM, &*key)
            .map_err(|_| Error::configuration("the encryption key cannot be used"))?;
        Ok(Self { client, connection: Mutex::default(), key })
    }

    async fn connection(&self) -> Result<MultiplexedConnection, Error> {
        if let Some(connection) = self.connected().clone() {
            return Ok(connection);
        }
        let connection =
            self.client.get_multiplexed_async_connection().await.map_err(|error| self.failed(error))?;
        *self.connected() = Some(connection.clone());
        Ok(connection)
    }

    fn connected(&self) -> std::sync::MutexGuard<'_, Option<MultiplexedConnection>> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next use connects anew.
    fn failed(&self, error: RedisError) -> Error {
        *self.connected() = None;
        // Its text may repeat what was sent; its kind does not.
        Error::credential(format!("the Redis server failed: {:?}", error.kind()))
    }

    /// The name is authenticated with the value, so that one entry cannot be put in the place of another.
    fn seal(&self, name: &str, token: &FetchedToken) -> Result<Vec<u8>, Error> {
        let lifetime_ms = u64::try_from(token.lifetime().as_millis()).unwrap_or(u64::MAX);
        let entry = Entry { token: token.token().secret(), lifetime_ms };
        let mut text = Zeroizing::new(serde_json::to_vec(&entry).map_err(Error::credential)?);
        let nonce = self
            .key
            .seal_in_place_append_tag(Aad::from(name.as_bytes()), &mut *text)
            .map_err(|_| Error::credential("a token could not be encrypted"))?;
        Ok([nonce.as_ref().as_slice(), &text].concat())
    }

    fn open(&self, name: &str, sealed: &[u8]) -> Option<FetchedToken> {
        let (nonce, text) = sealed.split_at_checked(NONCE)?;
        let mut text = Zeroizing::new(text.to_vec());
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let text = self.key.open_in_place(nonce, Aad::from(name.as_bytes()), &mut text).ok()?;
        let Entry { token, lifetime_ms } = serde_json::from_slice(text).ok()?;
        Some(FetchedToken::new(AccessToken::new(token).ok()?, Some(Duration::from_millis(lifetime_ms))))
    }
}

fn name(key: &str) -> String {
    format!("affinidi-iam:{key}")
}

fn lease_name(key: &str) -> String {
    format!("affinidi-iam:{key}:lease")
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

impl TokenStore for RedisTokenStore {
    fn get<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<FetchedToken>> {
        Box::pin(async move {
            let name = name(key);
            let mut connection = self.connection().await?;
            let (sealed, left): (Option<Vec<u8>>, i64) = redis::pipe()
                .atomic()
                .get(&name)
                .pttl(&name)
                .query_async(&mut connection)
                .await
                .map_err(|error| self.failed(error))?;
            // What cannot be opened was not put by this fleet.
            let token = sealed.and_then(|sealed| self.open(&name, &sealed));
            let left = Duration::from_millis(u64::try_from(left).unwrap_or(0));
            // The server counts the time, so that the clocks of the fleet need not agree.
            Ok(token.map(|token| {
                let age = token.lifetime().saturating_sub(left);
                token.aged(age)
            }))
        })
    }

    fn put<'a>(&'a self, key: &'a str, token: &'a FetchedToken) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let name = name(key);
            let left = milliseconds(token.lifetime().saturating_sub(token.age()));
            let mut connection = self.connection().await?;
            let mut pipe = redis::pipe();
            pipe.atomic();
            // A lease that was taken without an owner ends with the token that it was taken for.
            pipe.cmd("EVAL").arg(RELEASE).arg(1).arg(lease_name(key)).arg("").ignore();
            if left > 0 {
                let expiry = SetOptions::default().with_expiration(SetExpiry::PX(left));
                pipe.set_options(&name, self.seal(&name, token)?, expiry).ignore();
            }
            pipe.query_async(&mut connection).await.map_err(|error| self.failed(error))
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
            let mut connection = self.connection().await?;
            let options = SetOptions::default()
                .conditional_set(ExistenceCheck::NX)
                .with_expiration(SetExpiry::PX(milliseconds(duration).max(1)));
            let set: Option<String> = connection
                .set_options(lease_name(key), owner, options)
                .await
                .map_err(|error| self.failed(error))?;
            Ok(set.is_some())
        })
    }

    fn release_lease<'a>(&'a self, key: &'a str, owner: &'a str) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let mut connection = self.connection().await?;
            let name = lease_name(key);
            // The lease may have ended and be somebody else's: comparing and deleting is one step.
            redis::cmd("EVAL")
                .arg(RELEASE)
                .arg(1)
                .arg(&name)
                .arg(owner)
                .query_async::<i64>(&mut connection)
                .await
                .map(drop)
                .map_err(|error| self.failed(error))
        })
    }
}

/// Ends a lease of this owner.
const RELEASE: &str =
    "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) else return 0 end";

impl fmt::Debug for RedisTokenStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisTokenStore").finish_non_exhaustive()
    }
}

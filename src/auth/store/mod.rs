//! A store that several processes share, so that a fleet fetches one token instead of one per process.

#[cfg(feature = "redis")]
mod redis;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

#[cfg(feature = "redis")]
pub use self::redis::{RedisServers, RedisTokenStore};
use crate::auth::token::FetchedToken;
use crate::error::Error;

/// The future that the methods of a [`TokenStore`] return.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// Keeps tokens where other processes find them.
///
/// A [`TokenCache`](super::TokenCache) looks here before it fetches, and only then: all other calls are served from its own memory.
/// When a method fails or takes longer than a second, the cache continues without the store, and the observer of the client
/// is notified ([`token_store_failed`](crate::CallObserver::token_store_failed)). Tokens are secrets: encrypt them, as the store
/// of the feature `redis` does.
///
/// ```
/// use std::collections::HashMap;
/// use std::sync::Mutex;
/// use std::time::{Duration, Instant};
///
/// use affinidi_tdk_iam_client::auth::{FetchedToken, StoreFuture, TokenStore};
///
/// /// The simplest store: for the credentials of one process.
/// #[derive(Default)]
/// struct Memory {
///     tokens: Mutex<HashMap<String, (FetchedToken, Instant)>>,
///     leases: Mutex<HashMap<String, Instant>>,
/// }
///
/// impl TokenStore for Memory {
///     fn get<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<FetchedToken>> {
///         let token = self.tokens.lock().unwrap().get(key).map(|(token, put_at)| {
///             token.clone().aged(token.age() + put_at.elapsed())
///         });
///         Box::pin(async { Ok(token.filter(|token| token.age() < token.lifetime())) })
///     }
///
///     fn put<'a>(&'a self, key: &'a str, token: &'a FetchedToken) -> StoreFuture<'a, ()> {
///         self.tokens.lock().unwrap().insert(key.to_owned(), (token.clone(), Instant::now()));
///         self.leases.lock().unwrap().remove(key);
///         Box::pin(async { Ok(()) })
///     }
///
///     fn lease<'a>(&'a self, key: &'a str, duration: Duration) -> StoreFuture<'a, bool> {
///         let (mut leases, now) = (self.leases.lock().unwrap(), Instant::now());
///         let free = leases.get(key).is_none_or(|until| *until <= now);
///         if free {
///             leases.insert(key.to_owned(), now + duration);
///         }
///         Box::pin(async move { Ok(free) })
///     }
/// }
/// ```
pub trait TokenStore: Send + Sync + 'static {
    /// The token that was put under `key`, with its current [`age`](FetchedToken::age); `None` when there is none or it has
    /// expired.
    ///
    /// # Errors
    ///
    /// Whatever kept the store from responding, as an [`Error::credential`].
    fn get<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<FetchedToken>>;

    /// Puts a token under `key` until it expires, in place of the one there, and ends the lease of `key`.
    ///
    /// # Errors
    ///
    /// Whatever kept the store from keeping it, as an [`Error::credential`].
    fn put<'a>(&'a self, key: &'a str, token: &'a FetchedToken) -> StoreFuture<'a, ()>;

    /// Tries to become the process that fetches the token for `key`. `true` for the first caller; `false` for all others
    /// until a token is put or `duration` is over.
    ///
    /// # Errors
    ///
    /// Whatever kept the store from responding, as an [`Error::credential`].
    fn lease<'a>(&'a self, key: &'a str, duration: Duration) -> StoreFuture<'a, bool>;

    /// Like [`lease`](Self::lease), for `owner`, a value that nobody else uses: only this owner can end the lease by
    /// [`release_lease`](Self::release_lease). The default calls `lease`.
    ///
    /// # Errors
    ///
    /// Those of [`lease`](Self::lease).
    fn acquire_lease<'a>(
        &'a self,
        key: &'a str,
        owner: &'a str,
        duration: Duration,
    ) -> StoreFuture<'a, bool> {
        let _ = owner;
        self.lease(key, duration)
    }

    /// Ends the lease of `key` if it is still that of `owner`: called after every fetch, also one that failed. The default does
    /// nothing, so that others wait until the lease is over.
    ///
    /// # Errors
    ///
    /// Whatever kept the store from responding, as an [`Error::credential`].
    fn release_lease<'a>(&'a self, key: &'a str, owner: &'a str) -> StoreFuture<'a, ()> {
        let _ = (key, owner);
        Box::pin(async { Ok(()) })
    }
}

/// The same through a pointer.
macro_rules! through_pointer {
    ($($pointer:ident),+) => {
        $(
            impl<S: TokenStore + ?Sized> TokenStore for $pointer<S> {
                fn get<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<FetchedToken>> {
                    (**self).get(key)
                }

                fn put<'a>(&'a self, key: &'a str, token: &'a FetchedToken) -> StoreFuture<'a, ()> {
                    (**self).put(key, token)
                }

                fn lease<'a>(&'a self, key: &'a str, duration: Duration) -> StoreFuture<'a, bool> {
                    (**self).lease(key, duration)
                }

                fn acquire_lease<'a>(
                    &'a self,
                    key: &'a str,
                    owner: &'a str,
                    duration: Duration,
                ) -> StoreFuture<'a, bool> {
                    (**self).acquire_lease(key, owner, duration)
                }

                fn release_lease<'a>(&'a self, key: &'a str, owner: &'a str) -> StoreFuture<'a, ()> {
                    (**self).release_lease(key, owner)
                }
            }
        )+
    };
}
through_pointer!(Arc, Box);

//! Where a cache gets its tokens.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use super::{AccessToken, jwt};
use crate::error::Error;

/// The future that [`TokenSource::fetch`] returns.
pub type FetchFuture<'a> = Pin<Box<dyn Future<Output = Result<FetchedToken, Error>> + Send + 'a>>;

/// Gets new tokens for a [`TokenCache`](crate::auth::TokenCache). A closure that returns a future is a source too.
///
/// ```
/// use affinidi_tdk_iam_client::Error;
/// use affinidi_tdk_iam_client::auth::{AccessToken, FetchFuture, FetchedToken, TokenCache, TokenSource};
///
/// /// A custom token service.
/// struct Broker;
///
/// impl TokenSource for Broker {
///     fn fetch(&self) -> FetchFuture<'_> {
///         Box::pin(async {
///             let text = self.ask().await.map_err(Error::credential)?;
///             Ok(FetchedToken::new(AccessToken::new(text)?, None)) // a JSON Web Token states its own lifetime
///         })
///     }
/// }
///
/// # impl Broker { async fn ask(&self) -> std::io::Result<String> { Ok("2YotnFZFEjr1zCsicMWpAA".to_owned()) } }
/// let cache = TokenCache::new(Broker);
/// ```
pub trait TokenSource: Send + Sync + 'static {
    /// Gets a new token: one attempt. The cache bounds its time by dropping the future, and retries it when the error is
    /// [`Error::is_retryable`].
    ///
    /// # Errors
    ///
    /// Whatever kept the source from getting one, such as an [`Error::credential`].
    fn fetch(&self) -> FetchFuture<'_>;

    /// Whether a token that came out of a shared store is one of this source's. A token that is not is ignored.
    ///
    /// The default accepts every token.
    ///
    /// # Errors
    ///
    /// Why the token is not one of this source's.
    fn check(&self, token: &AccessToken) -> Result<(), Error> {
        let _ = token;
        Ok(())
    }
}

/// Asks the closure for every new token.
impl<F, T> TokenSource for F
where
    F: Fn() -> T + Send + Sync + 'static,
    T: Future<Output = Result<FetchedToken, Error>> + Send + 'static,
{
    fn fetch(&self) -> FetchFuture<'_> {
        Box::pin(self())
    }
}

/// Shares one source between caches.
impl<S: TokenSource + ?Sized> TokenSource for Arc<S> {
    fn fetch(&self) -> FetchFuture<'_> {
        (**self).fetch()
    }

    fn check(&self, token: &AccessToken) -> Result<(), Error> {
        (**self).check(token)
    }
}

// Not for every `Box<S>`: a boxed closure is a source already.
impl TokenSource for Box<dyn TokenSource> {
    fn fetch(&self) -> FetchFuture<'_> {
        (**self).fetch()
    }

    fn check(&self, token: &AccessToken) -> Result<(), Error> {
        (**self).check(token)
    }
}

/// A token as received from its issuer.
#[derive(Clone)]
pub struct FetchedToken {
    token: AccessToken,
    lifetime: Duration,
    age: Duration,
}

impl FetchedToken {
    /// How long a token is used whose lifetime is not stated: 5 minutes.
    pub const DEFAULT_LIFETIME: Duration = Duration::from_secs(300);

    /// A token and its lifetime: the least that `expires_in` of the response (RFC 6749, section 5.1) and, if it is a JSON Web Token,
    /// its own claims `iat` to `exp` (RFC 7519, section 4.1) give. Without either: [`DEFAULT_LIFETIME`](Self::DEFAULT_LIFETIME).
    pub fn new(token: AccessToken, expires_in: Option<Duration>) -> Self {
        let lifetimes = [expires_in, jwt::lifetime(token.secret())];
        let lifetime = lifetimes.into_iter().flatten().min().unwrap_or(Self::DEFAULT_LIFETIME);
        Self { token, lifetime, age: Duration::ZERO }
    }

    /// The same token, asked for `age` ago: for a token that was kept somewhere meanwhile.
    #[must_use]
    pub fn aged(self, age: Duration) -> Self {
        Self { age, ..self }
    }

    /// The token.
    pub fn token(&self) -> &AccessToken {
        &self.token
    }

    /// How long it is valid, counted from when it was asked for.
    pub fn lifetime(&self) -> Duration {
        self.lifetime
    }

    /// How long ago it was asked for.
    pub fn age(&self) -> Duration {
        self.age
    }
}

impl fmt::Debug for FetchedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FetchedToken")
            .field("token", &self.token)
            .field("lifetime", &self.lifetime)
            .field("age", &self.age)
            .finish()
    }
}

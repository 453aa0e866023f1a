//! Who supplies the token of a request.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::AccessToken;
use crate::error::Error;

/// The future that [`TokenProvider::token`] returns.
pub type TokenFuture<'a> = Pin<Box<dyn Future<Output = Result<AccessToken, Error>> + Send + 'a>>;

/// Supplies the tokens of one security scheme.
///
/// The client asks before every request, so an implementation keeps its token and returns it from memory; a
/// [`TokenCache`](crate::auth::TokenCache) does that for any source. A closure that returns a future is a provider too.
///
/// ```
/// use affinidi_tdk_iam_client::auth::{AccessToken, TokenFuture, TokenProvider};
/// use affinidi_tdk_iam_client::{Client, Error};
///
/// /// Reads the token that a sidecar keeps fresh.
/// struct TokenFile(std::path::PathBuf);
///
/// impl TokenProvider for TokenFile {
///     fn token(&self) -> TokenFuture<'_> {
///         Box::pin(async { AccessToken::new(std::fs::read_to_string(&self.0).map_err(Error::credential)?.trim()) })
///     }
/// }
///
/// # fn main() -> Result<(), Error> {
/// let client = Client::builder().user_token(TokenFile("/run/token".into())).build()?;
/// let client = Client::builder().user_token(|| async { AccessToken::new("2YotnFZFEjr1zCsicMWpAA") }).build()?;
/// # Ok(())
/// # }
/// ```
pub trait TokenProvider: Send + Sync + 'static {
    /// The token to send now.
    ///
    /// # Errors
    ///
    /// Whatever kept the provider from getting one, such as an [`Error::credential`]; the call fails with it and nothing is
    /// sent.
    fn token(&self) -> TokenFuture<'_>;

    /// The token to send now, if it is in memory and nothing is to be fetched. The client asks this first, since it costs less than
    /// a future.
    ///
    /// The default is `None`.
    fn cached(&self) -> Option<AccessToken> {
        None
    }

    /// The service refused `token`. An implementation drops it, if it still has it, and returns whether asking again can return
    /// another one; then the client asks again and sends the request once more.
    ///
    /// The default suits a provider that has only one token: it returns `false`.
    fn invalidate(&self, token: &AccessToken) -> bool {
        let _ = token;
        false
    }
}

/// Asks the closure before every request.
impl<F, T> TokenProvider for F
where
    F: Fn() -> T + Send + Sync + 'static,
    T: Future<Output = Result<AccessToken, Error>> + Send + 'static,
{
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(self())
    }
}

/// Shares one provider between clients.
impl<P: TokenProvider + ?Sized> TokenProvider for Arc<P> {
    fn token(&self) -> TokenFuture<'_> {
        (**self).token()
    }

    fn cached(&self) -> Option<AccessToken> {
        (**self).cached()
    }

    fn invalidate(&self, token: &AccessToken) -> bool {
        (**self).invalidate(token)
    }
}

// Not for every `Box<P>`: a boxed closure is a provider already.
impl TokenProvider for Box<dyn TokenProvider> {
    fn token(&self) -> TokenFuture<'_> {
        (**self).token()
    }

    fn cached(&self) -> Option<AccessToken> {
        (**self).cached()
    }

    fn invalidate(&self, token: &AccessToken) -> bool {
        (**self).invalidate(token)
    }
}

//! A token and who supplies it.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use http::HeaderValue;

use crate::Error;
use crate::redact::Redacted;

/// The future that [`TokenProvider::token`] returns.
pub type TokenFuture<'a> = Pin<Box<dyn Future<Output = Result<AccessToken, Error>> + Send + 'a>>;

/// Supplies the tokens of one security scheme.
///
/// The client asks before every request, so an implementation keeps its token and answers from memory.
///
/// ```
/// use affinidi_tdk_iam_client::auth::{AccessToken, TokenFuture, TokenProvider};
///
/// /// Reads the token that a sidecar keeps fresh.
/// struct TokenFile(std::path::PathBuf);
///
/// impl TokenProvider for TokenFile {
///     fn token(&self) -> TokenFuture<'_> {
///         Box::pin(async { AccessToken::new(std::fs::read_to_string(&self.0).unwrap_or_default().trim()) })
///     }
/// }
/// ```
pub trait TokenProvider: Send + Sync + 'static {
    /// The token to send now.
    ///
    /// # Errors
    ///
    /// Whatever kept the provider from getting one; the call ends with it and nothing is sent.
    fn token(&self) -> TokenFuture<'_>;
}

pub(super) const NOT_A_TOKEN: &str = "the access token is empty or has characters other than visible ASCII: pass the \
                                      bare token, without quotes, spaces or line ends";

/// An access token, ready to be sent. `Debug` prints `[REDACTED]`.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessToken {
    raw: HeaderValue,
    bearer: HeaderValue,
}

impl AccessToken {
    /// Wraps the text of a token.
    ///
    /// # Errors
    ///
    /// [`Error::is_configuration`] when the text is empty or has characters that cannot stand in a header: anything but
    /// visible ASCII.
    pub fn new(token: impl AsRef<str>) -> Result<Self, Error> {
        let token = token.as_ref();
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::configuration(NOT_A_TOKEN));
        }
        let header = |text: &str| {
            let mut value = HeaderValue::from_str(text)
                .map_err(|_| Error::configuration("the access token cannot stand in a header"))?;
            value.set_sensitive(true);
            Ok::<_, Error>(value)
        };
        Ok(Self { raw: header(token)?, bearer: header(&format!("Bearer {token}"))? })
    }

    /// The token's text: a secret.
    pub fn secret(&self) -> &str {
        self.raw.to_str().unwrap_or_default()
    }

    /// The header value with the bare token.
    pub(crate) fn raw(&self) -> &HeaderValue {
        &self.raw
    }

    /// The header value with the prefix `Bearer`.
    pub(crate) fn bearer(&self) -> &HeaderValue {
        &self.bearer
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Redacted.fmt(f)
    }
}

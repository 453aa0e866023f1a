//! A token that was obtained elsewhere.

use super::access_token::{AccessToken, NOT_A_TOKEN};
use super::provider::{TokenFuture, TokenProvider};
use crate::error::Error;

/// Always the same token. Nothing refreshes it: once it has expired, calls fail with
/// [`Error::is_unauthorized`](crate::Error::is_unauthorized).
///
/// ```
/// use affinidi_tdk_iam_client::{Client, auth};
///
/// # fn main() -> Result<(), affinidi_tdk_iam_client::Error> {
/// let client = Client::builder().user_token(auth::StaticToken::new("2YotnFZFEjr1zCsicMWpAA")).build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct StaticToken(Option<AccessToken>);

impl StaticToken {
    /// A provider of this token. Text that cannot be a token (see [`AccessToken::new`]) fails every call that needs it,
    /// before anything is sent.
    pub fn new(token: impl AsRef<str>) -> Self {
        Self(AccessToken::new(token).ok())
    }
}

impl From<AccessToken> for StaticToken {
    fn from(token: AccessToken) -> Self {
        Self(Some(token))
    }
}

impl TokenProvider for StaticToken {
    fn token(&self) -> TokenFuture<'_> {
        let token = self.0.clone().ok_or_else(|| Error::configuration(NOT_A_TOKEN));
        Box::pin(std::future::ready(token))
    }

    fn cached(&self) -> Option<AccessToken> {
        self.0.clone()
    }
}

//! A credential as a client sees it.

use super::Client;
use crate::call::Credentials;
use crate::error::Error;

/// A credential without its type, so that a program without credentials links no handling of keys.
pub(crate) trait Credential: Send + Sync {
    /// Takes from `client` what the credential's builder left unset, and provides for the schemes that have no provider yet.
    fn serve(&self, client: &Client, credentials: &mut Credentials) -> Result<(), Error>;
}

//! The key of a personal access token: where it is, and who signs with it.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::key_file::{KeyFile, Reading};
use super::key_text::{Passphrase, check, local_signer, usable};
use crate::auth::signing::{Algorithm, Signer, SigningKey, private_jwk};
use crate::client::Variables;
use crate::error::Error;
use crate::support::redact::Redacted;

/// Where the private key is.
pub(super) enum KeySource {
    Pem(Zeroizing<String>),
    Jwk(Zeroizing<String>),
    /// In the environment, which errors then say.
    Variable(Zeroizing<String>),
    File(PathBuf),
    Signer(Arc<dyn Signer>),
}

/// Who signs.
pub(super) enum Key {
    Signer(Arc<dyn Signer>),
    File(Arc<KeyFile>),
}

const PRIVATE_KEY: &str = "PRIVATE_KEY";

impl KeySource {
    pub(super) fn of(variables: &Variables<'_>) -> Result<Option<Self>, Error> {
        either(variables, PRIVATE_KEY, "PRIVATE_KEY_FILE", Self::Variable, Self::File)
    }

    /// The key, which must sign with `algorithm` if that is set.
    pub(super) fn open(
        self,
        passphrase: Option<Passphrase>,
        algorithm: Option<Algorithm>,
    ) -> Result<Key, Error> {
        let local = |key| usable(key, algorithm).map(|signer| Key::Signer(Arc::new(signer)));
        match self {
            Self::Pem(pem) => {
                let passphrase = passphrase.as_ref().map(Passphrase::read).transpose()?;
                local((SigningKey::from_pem(&pem, passphrase.as_deref().map(String::as_str))?, None))
            }
            Self::Jwk(jwk) => local(private_jwk(&jwk)?),
            Self::Variable(text) => local_signer(&text, passphrase.as_ref(), algorithm)
                .map(|signer| Key::Signer(Arc::new(signer)))
                .map_err(|error| {
                    Error::configuration(format!("the environment variable {PRIVATE_KEY}: {error}"))
                }),
            Self::File(path) => Ok(Key::File(Arc::new(KeyFile::open(path, passphrase, algorithm)?))),
            Self::Signer(signer) => {
                check(&*signer, algorithm)?;
                Ok(Key::Signer(signer))
            }
        }
    }
}

impl Passphrase {
    pub(super) fn of(variables: &Variables<'_>) -> Result<Option<Self>, Error> {
        either(variables, "PASSPHRASE", "PASSPHRASE_FILE", Self::Text, Self::File)
    }
}

/// What one of two variables names: a secret, or the file that holds it.
fn either<T>(
    variables: &Variables<'_>,
    text: &'static str,
    file: &'static str,
    of_text: fn(Zeroizing<String>) -> T,
    of_file: fn(PathBuf) -> T,
) -> Result<Option<T>, Error> {
    match (variables.secret(text)?, variables.get(file)?) {
        (Some(_), Some(_)) => Err(Error::configuration(format!(
            "the environment variables {text} and {file} are both set: unset one of them"
        ))),
        (Some(secret), None) => Ok(Some(of_text(secret))),
        (None, Some(path)) => Ok(Some(of_file(path.into()))),
        (None, None) => Ok(None),
    }
}

impl Key {
    /// Who signs now, without a look at a file.
    pub(super) fn known(&self) -> Arc<dyn Signer> {
        match self {
            Self::Signer(signer) => signer.clone(),
            Self::File(file) => file.signer(),
        }
    }

    /// Who signs the next assertion.
    pub(super) async fn current(&self) -> Arc<dyn Signer> {
        match self {
            Self::Signer(signer) => signer.clone(),
            // Whatever is wrong with the file, there is a key that worked.
            Self::File(file) => file.refreshed(Reading::IfChanged).await.0,
        }
    }

    /// Who signs instead after the service refused what `used` signed. If nobody else does, the error is that `refusal`, and its
    /// cause is why the file cannot be used.
    pub(super) async fn after_refusal(
        &self,
        used: &Arc<dyn Signer>,
        refusal: Error,
    ) -> Result<Arc<dyn Signer>, Error> {
        let Self::File(file) = self else { return Err(refusal) };
        let (signer, error) = file.refreshed(Reading::Anyway).await;
        match error {
            _ if !std::ptr::addr_eq(Arc::as_ptr(&signer), Arc::as_ptr(used)) => Ok(signer),
            Some(error) => Err(refusal.with_cause(error)),
            None => Err(refusal),
        }
    }
}

impl fmt::Debug for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Pem(_) => "Pem",
            Self::Jwk(_) => "Jwk",
            Self::Variable(_) => "Variable",
            Self::File(_) => "File",
            Self::Signer(_) => "Signer",
        };
        f.debug_tuple(name).field(&Redacted).finish()
    }
}

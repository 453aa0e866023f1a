//! The text of a private key, and who may sign for a personal access token.

use std::fmt;
use std::path::PathBuf;

use zeroize::Zeroizing;

use super::secret_file::{PASSPHRASE, read, stamp};
use crate::auth::signing::{Algorithm, LocalSigner, Signer, SigningKey, private_jwk};
use crate::error::Error;
use crate::support::redact::Redacted;
use crate::support::text::trimmed;

/// Where the passphrase is.
pub(super) enum Passphrase {
    Text(Zeroizing<String>),
    File(PathBuf),
}

impl Passphrase {
    pub(super) fn read(&self) -> Result<Zeroizing<String>, Error> {
        match self {
            Self::Text(text) => Ok(text.clone()),
            Self::File(path) => {
                stamp(path, PASSPHRASE)?;
                read(path, PASSPHRASE)
            }
        }
    }
}

/// The key of a text that is PEM or a JSON Web Key.
pub(super) fn local_signer(
    text: &str,
    passphrase: Option<&Passphrase>,
    algorithm: Option<Algorithm>,
) -> Result<LocalSigner, Error> {
    if trimmed(text).starts_with('{') {
        return usable(private_jwk(text)?, algorithm);
    }
    let passphrase = passphrase.map(Passphrase::read).transpose()?;
    usable((SigningKey::from_pem(text, passphrase.as_deref().map(String::as_str))?, None), algorithm)
}

/// A key and its own id, if it can sign for a personal access token.
pub(super) fn usable(
    (key, key_id): (SigningKey, Option<String>),
    algorithm: Option<Algorithm>,
) -> Result<LocalSigner, Error> {
    let key = match algorithm {
        Some(algorithm) => key.with_algorithm(algorithm)?,
        None => key,
    };
    let signer = LocalSigner::new(key_id.unwrap_or_default(), key);
    check(&signer, algorithm)?;
    Ok(signer)
}

/// Refuses who signs what personal access tokens do not, or not what is `wanted`.
pub(super) fn check(signer: &dyn Signer, wanted: Option<Algorithm>) -> Result<(), Error> {
    let own = signer.algorithm();
    if matches!(own, Algorithm::Es256k | Algorithm::EdDsa) {
        return Err(Error::configuration(format!(
            "the private key signs {own}, and personal access tokens sign RS256, RS512, ES256 or ES512"
        )));
    }
    match wanted.filter(|wanted| *wanted != own) {
        None => Ok(()),
        Some(wanted) => Err(Error::configuration(format!(
            "the algorithm is {wanted}, and the signer signs {own}: leave `algorithm` out"
        ))),
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&Redacted, f)
    }
}

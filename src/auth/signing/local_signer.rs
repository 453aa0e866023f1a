//! A key in memory as a signer.

use std::fmt;
use std::sync::Arc;

use super::algorithm::Algorithm;
use super::jwk::{private_jwk, public_jwk};
use super::pem;
use super::signer::{SignatureFuture, Signer};
use super::signing_key::SigningKey;
use crate::error::Error;
use crate::models::JsonWebKeyDto;

/// A private key in memory and its id, such as one that is made for a new personal access token.
///
/// For a DID there are [`DidKeySigner`](super::DidKeySigner) and [`LocalDidSigner`](super::LocalDidSigner). A clone shares the key.
///
/// ```
/// use affinidi_tdk_iam_client::auth::{Algorithm, LocalSigner};
///
/// # fn main() -> Result<(), affinidi_tdk_iam_client::Error> {
/// let signer = LocalSigner::generate("key-1", Algorithm::Es256)?;
/// let public = signer.public_jwk(); // to be registered with `create_token`
/// let private = signer.to_pem()?; // to be kept where secrets are
/// assert_eq!(LocalSigner::from_pem("key-1", private)?.public_jwk(), public);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct LocalSigner {
    key_id: String,
    key: Arc<SigningKey>,
}

impl LocalSigner {
    /// A signer with a new key; of RSA it has 3072 bits, which takes up to some seconds.
    ///
    /// # Errors
    ///
    /// [`Error::is_configuration`] when the operating system has no random numbers.
    pub fn generate(key_id: impl Into<String>, algorithm: Algorithm) -> Result<Self, Error> {
        Ok(Self::new(key_id.into(), SigningKey::generate(algorithm)?))
    }

    /// The signer of an unencrypted private key in PEM: PKCS#8, PKCS#1 or SEC 1. Spellings as for
    /// [`PersonalAccessTokenBuilder::private_key_pem`](crate::auth::PersonalAccessTokenBuilder::private_key_pem). An RSA key signs
    /// `RS256`.
    ///
    /// # Errors
    ///
    /// [`Error::is_configuration`] when the text is not such a key.
    pub fn from_pem(key_id: impl Into<String>, pem: impl AsRef<str>) -> Result<Self, Error> {
        Ok(Self::new(key_id.into(), SigningKey::from_pem(pem.as_ref(), None)?))
    }

    /// The signer of an encrypted private key: PKCS#8 in PEM. The passphrase is tried as for
    /// [`PersonalAccessTokenBuilder::passphrase`](crate::auth::PersonalAccessTokenBuilder::passphrase).
    ///
    /// # Errors
    ///
    /// As for [`from_pem`](Self::from_pem), and when the passphrase does not open the key.
    pub fn from_encrypted_pem(
        key_id: impl Into<String>,
        pem: impl AsRef<str>,
        passphrase: impl AsRef<str>,
    ) -> Result<Self, Error> {
        Ok(Self::new(key_id.into(), SigningKey::from_pem(pem.as_ref(), Some(passphrase.as_ref()))?))
    }

    /// The signer of a private JSON Web Key (RFC 7517): EC on P-256, P-521 or secp256k1, OKP with Ed25519, or RSA of at least 2048
    /// bits. It must have its public part too. Its `kid` is ignored in favour of `key_id`; an `alg` must fit the key.
    ///
    /// # Errors
    ///
    /// [`Error::is_configuration`], each with its own text: the text is not a JSON Web Key, is a public one, or is damaged; the key
    /// is of a type that cannot sign or is not supported, such as X25519 and P-384.
    pub fn from_jwk(key_id: impl Into<String>, jwk: impl AsRef<str>) -> Result<Self, Error> {
        let (key, _) = private_jwk(jwk.as_ref())?;
        Ok(Self::new(key_id.into(), key))
    }

    /// The public key, to be registered where signatures are verified, such as with `create_token`. It has nothing of the private
    /// key.
    pub fn public_jwk(&self) -> JsonWebKeyDto {
        public_jwk(&self.key, &self.key_id)
    }

    /// The private key in PEM, PKCS#8 and not encrypted: a secret, which the caller must keep.
    ///
    /// # Errors
    ///
    /// [`Error::is_configuration`] when memory is short.
    pub fn to_pem(&self) -> Result<String, Error> {
        Ok(pem::write(&self.key.to_pkcs8()?))
    }

    pub(in crate::auth) fn new(key_id: String, key: SigningKey) -> Self {
        Self { key_id, key: Arc::new(key) }
    }

    /// Whether both sign the same.
    pub(in crate::auth) fn is_same(&self, other: &Self) -> bool {
        self.key_id == other.key_id
            && self.key.algorithm() == other.key.algorithm()
            && self.key.public_key() == other.key.public_key()
    }
}

impl Signer for LocalSigner {
    fn key_id(&self) -> &str {
        &self.key_id
    }

    fn algorithm(&self) -> Algorithm {
        self.key.algorithm()
    }

    fn sign<'a>(&'a self, message: &'a [u8]) -> SignatureFuture<'a> {
        Box::pin(std::future::ready(self.key.sign(message)))
    }
}

impl fmt::Debug for LocalSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalSigner").field("key_id", &self.key_id).finish_non_exhaustive()
    }
}

//! The `did:key` method: the DID is its own public key.

use std::fmt;

use super::algorithm::Algorithm;
use super::jwk::private_jwk;
use super::local_did::LocalDidSigner;
use super::signer::{DidSigner, SignatureFuture, Signer};
use super::signing_key::SigningKey;
use crate::error::Error;
use crate::models::JsonWebKeyDto;

/// A private key in memory whose DID is a `did:key` (the did:key Method, version 0.9): P-256, secp256k1 or Ed25519.
///
/// ```
/// use affinidi_tdk_iam_client::auth::{Algorithm, DidKeySigner, DidSigner};
///
/// # fn main() -> Result<(), affinidi_tdk_iam_client::Error> {
/// let signer = DidKeySigner::generate(Algorithm::Es256)?;
/// assert!(signer.did().starts_with("did:key:zDn"));
/// # Ok(())
/// # }
/// ```
///
/// A key that is kept, such as one that `openssl genpkey -algorithm ed25519 -out key.pem` makes:
///
/// ```no_run
/// # use affinidi_tdk_iam_client::auth::DidKeySigner;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let signer = DidKeySigner::from_pem(std::fs::read_to_string("key.pem")?)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct DidKeySigner(LocalDidSigner);

impl DidKeySigner {
    /// The signer of an unencrypted private key in PEM: PKCS#8 or SEC 1. Spellings as for
    /// [`PersonalAccessTokenBuilder::private_key_pem`](crate::auth::PersonalAccessTokenBuilder::private_key_pem).
    ///
    /// # Errors
    ///
    /// [`Error::is_configuration`] when the text is not such a key, or the key is of another type.
    pub fn from_pem(pem: impl AsRef<str>) -> Result<Self, Error> {
        Self::new(SigningKey::from_pem(pem.as_ref(), None)?)
    }

    /// The signer of an encrypted private key: PKCS#8 in PEM. The passphrase is tried as for
    /// [`PersonalAccessTokenBuilder::passphrase`](crate::auth::PersonalAccessTokenBuilder::passphrase).
    ///
    /// # Errors
    ///
    /// As for [`from_pem`](Self::from_pem), and when the passphrase does not open the key.
    pub fn from_encrypted_pem(pem: impl AsRef<str>, passphrase: impl AsRef<str>) -> Result<Self, Error> {
        Self::new(SigningKey::from_pem(pem.as_ref(), Some(passphrase.as_ref()))?)
    }

    /// The signer of a private JSON Web Key (RFC 7517): EC on P-256 or secp256k1, or OKP with Ed25519. It must have its public part
    /// too. Its `kid` is ignored: the DID follows from the key.
    ///
    /// # Errors
    ///
    /// [`Error::is_configuration`], each with its own text: the text is not a JSON Web Key, is a public one, or is damaged; the key
    /// is of another type.
    pub fn from_jwk(jwk: impl AsRef<str>) -> Result<Self, Error> {
        let (key, _) = private_jwk(jwk.as_ref())?;
        Self::new(key)
    }

    /// A signer with a new key, which is gone when the signer is and was not written with [`to_pem`](Self::to_pem):
    /// [`Algorithm::Es256`], [`Algorithm::Es256k`] or [`Algorithm::EdDsa`].
    ///
    /// # Errors
    ///
    /// [`Error::is_configuration`] for another algorithm, or when the operating system has no random numbers.
    pub fn generate(algorithm: Algorithm) -> Result<Self, Error> {
        codec(algorithm)?;
        Self::new(SigningKey::generate(algorithm)?)
    }

    /// The public key; see [`LocalSigner::public_jwk`](super::LocalSigner::public_jwk).
    pub fn public_jwk(&self) -> JsonWebKeyDto {
        self.0.public_jwk()
    }

    /// The private key in PEM, PKCS#8 and not encrypted: a secret, which the caller must keep.
    ///
    /// # Errors
    ///
    /// [`Error::is_configuration`] when memory is short.
    pub fn to_pem(&self) -> Result<String, Error> {
        self.0.to_pem()
    }

    fn new(key: SigningKey) -> Result<Self, Error> {
        let mut bytes = codec(key.algorithm())?.to_vec();
        match key.public_key() {
            // An uncompressed point becomes a compressed one (SEC 1, section 2.3.3). Of 32 bytes none is the form.
            [4, point @ ..] if key.algorithm() != Algorithm::EdDsa => {
                let (x, y) = point.split_at_checked(point.len() / 2).unwrap_or_default();
                bytes.push(2 + y.last().map_or(0, |last| last & 1));
                bytes.extend_from_slice(x);
            }
            key => bytes.extend_from_slice(key),
        }
        let encoded = format!("z{}", bs58::encode(bytes).into_string());
        LocalDidSigner::new(format!("did:key:{encoded}#{encoded}"), key).map(Self)
    }
}

/// The key's code in the multicodec table, as an unsigned varint.
fn codec(algorithm: Algorithm) -> Result<[u8; 2], Error> {
    match algorithm {
        Algorithm::Es256 => Ok([0x80, 0x24]),  // p256-pub, 0x1200
        Algorithm::Es256k => Ok([0xe7, 0x01]), // secp256k1-pub, 0xe7
        Algorithm::EdDsa => Ok([0xed, 0x01]),  // ed25519-pub, 0xed
        Algorithm::Rs256 | Algorithm::Rs512 | Algorithm::Es512 => Err(Error::configuration(format!(
            "a did:key for {algorithm} is not supported: use a key on P-256 or secp256k1, or Ed25519"
        ))),
    }
}

impl Signer for DidKeySigner {
    fn key_id(&self) -> &str {
        self.0.key_id()
    }

    fn algorithm(&self) -> Algorithm {
        self.0.algorithm()
    }

    fn sign<'a>(&'a self, message: &'a [u8]) -> SignatureFuture<'a> {
        self.0.sign(message)
    }
}

impl DidSigner for DidKeySigner {
    fn did(&self) -> &str {
        self.0.did()
    }
}

impl fmt::Debug for DidKeySigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DidKeySigner").field("did", &self.did()).finish_non_exhaustive()
    }
}

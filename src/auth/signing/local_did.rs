//! A key in memory that signs for a DID of any method.

use std::fmt;

use super::algorithm::Algorithm;
use super::jwk::private_jwk;
use super::local_signer::LocalSigner;
use super::signer::{DidSigner, SignatureFuture, Signer};
use super::signing_key::SigningKey;
use crate::error::Error;
use crate::models::JsonWebKeyDto;

/// A private key in memory that belongs to a DID of any method, such as `did:web` or `did:peer`. The key id is the DID URL under
/// which the DID document lists the key; the DID is what stands before its `#`. For `did:key` there is
/// [`DidKeySigner`](super::DidKeySigner), which derives both from the key.
///
/// ```
/// use affinidi_tdk_iam_client::auth::{DidSigner, LocalDidSigner};
///
/// # fn main() -> Result<(), affinidi_tdk_iam_client::Error> {
/// let jwk = r#"{
///     "kty": "OKP",
///     "crv": "Ed25519",
///     "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
///     "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
/// }"#;
/// let signer = LocalDidSigner::from_jwk("did:web:example.org#key-1", jwk)?;
/// assert_eq!(signer.did(), "did:web:example.org");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct LocalDidSigner {
    signer: LocalSigner,
    did: String,
}

impl LocalDidSigner {
    /// The signer of a private JSON Web Key (RFC 7517): EC on P-256, P-521 or secp256k1, OKP with Ed25519, or RSA of at least 2048
    /// bits. It must have its public part too. Its `kid` is ignored in favour of `key_id`; an `alg` must fit the key.
    ///
    /// # Errors
    ///
    /// [`Error::is_configuration`], each with its own text: `key_id` is not a DID URL with a fragment; the text is not a JSON Web
    /// Key, is a public one, or is damaged; the key is of a type that cannot sign or is not supported, such as X25519 and P-384.
    pub fn from_jwk(key_id: impl Into<String>, jwk: impl AsRef<str>) -> Result<Self, Error> {
        let (key, _) = private_jwk(jwk.as_ref())?;
        Self::new(key_id.into(), key)
    }

    /// The signer of an unencrypted private key in PEM: PKCS#8, PKCS#1 or SEC 1. Spellings as for
    /// [`PersonalAccessTokenBuilder::private_key_pem`](crate::auth::PersonalAccessTokenBuilder::private_key_pem).
    ///
    /// # Errors
    ///
    /// Those of [`from_jwk`](Self::from_jwk), for PEM.
    pub fn from_pem(key_id: impl Into<String>, pem: impl AsRef<str>) -> Result<Self, Error> {
        Self::new(key_id.into(), SigningKey::from_pem(pem.as_ref(), None)?)
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
        Self::new(key_id.into(), SigningKey::from_pem(pem.as_ref(), Some(passphrase.as_ref()))?)
    }

    /// The public key; see [`LocalSigner::public_jwk`](super::LocalSigner::public_jwk).
    pub fn public_jwk(&self) -> JsonWebKeyDto {
        self.signer.public_jwk()
    }

    /// The private key in PEM, PKCS#8 and not encrypted: a secret, which the caller must keep.
    ///
    /// # Errors
    ///
    /// [`Error::is_configuration`] when memory is short.
    pub fn to_pem(&self) -> Result<String, Error> {
        self.signer.to_pem()
    }

    pub(super) fn new(key_id: String, key: SigningKey) -> Result<Self, Error> {
        let did = did_of(&key_id).ok_or_else(|| {
            Error::configuration(
                "the key id is not the DID URL of a key: a DID, `#` and the name of the key in the DID document, such as \
                 `did:web:example.org#key-1`",
            )
        })?;
        Ok(Self { did: did.to_owned(), signer: LocalSigner::new(key_id, key) })
    }
}

/// The DID of a DID URL that is nothing but a DID and a fragment (DID Core 1.0, sections 3.1 and 3.2).
fn did_of(url: &str) -> Option<&str> {
    let (did, fragment) = url.split_once('#')?;
    let (method, id) = did.strip_prefix("did:")?.split_once(':')?;
    let is_method = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_id = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:%".contains(&byte);
    let is_whole = !method.is_empty() && !id.is_empty() && !fragment.is_empty();
    (is_whole
        && method.bytes().all(is_method)
        && id.bytes().all(is_id)
        && fragment.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#'))
    .then_some(did)
}

impl Signer for LocalDidSigner {
    fn key_id(&self) -> &str {
        self.signer.key_id()
    }

    fn algorithm(&self) -> Algorithm {
        self.signer.algorithm()
    }

    fn sign<'a>(&'a self, message: &'a [u8]) -> SignatureFuture<'a> {
        self.signer.sign(message)
    }
}

impl DidSigner for LocalDidSigner {
    fn did(&self) -> &str {
        &self.did
    }
}

impl fmt::Debug for LocalDidSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalDidSigner").field("key_id", &self.key_id()).finish_non_exhaustive()
    }
}

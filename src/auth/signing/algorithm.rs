//! Signature algorithms.

use std::fmt;
use std::str::FromStr;

use crate::error::Error;
use crate::models;

/// An algorithm of JSON Web Signatures (RFC 7518, section 3.1; RFC 8037; RFC 8812). `none` and the symmetric ones do not
/// exist here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// `RS256`: RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// `RS512`: RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
    /// `ES256`: ECDSA on P-256 with SHA-256.
    Es256,
    /// `ES512`: ECDSA on P-521 with SHA-512.
    Es512,
    /// `ES256K`: ECDSA on secp256k1 with SHA-256.
    Es256k,
    /// `EdDSA` on Ed25519.
    EdDsa,
}

impl Algorithm {
    pub(in crate::auth) const ALL: [Self; 6] =
        [Self::Rs256, Self::Rs512, Self::Es256, Self::Es512, Self::Es256k, Self::EdDsa];

    /// The name in the `alg` header.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs512 => "RS512",
            Self::Es256 => "ES256",
            Self::Es512 => "ES512",
            Self::Es256k => "ES256K",
            Self::EdDsa => "EdDSA",
        }
    }

    /// Refuses what a custom signer returns in the form of its service instead of that of RFC 7518, section 3.
    pub(super) fn check_signature(self, signature: &[u8]) -> Result<(), Error> {
        let (expected, fits) = match self {
            Self::Es256 | Self::Es256k | Self::EdDsa => ("64", signature.len() == 64),
            Self::Es512 => ("132", signature.len() == 132),
            Self::Rs256 | Self::Rs512 => ("at least 256", signature.len() >= 256),
        };
        if fits {
            return Ok(());
        }
        let length = signature.len();
        Err(Error::credential(format!(
            "the signer returned a signature of {length} bytes, and {self} has {expected}: of ECDSA the two numbers side by side are \
             needed, not DER"
        )))
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The names of the `alg` header, in their exact spelling.
impl FromStr for Algorithm {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Self::ALL.into_iter().find(|algorithm| algorithm.as_str() == name).ok_or_else(|| {
            let known = Self::ALL.map(Self::as_str).join(", ");
            Error::configuration(format!(
                "unknown algorithm `{}`: the names are {known}",
                name.escape_default()
            ))
        })
    }
}

impl From<Algorithm> for models::SigningAlgorithm {
    fn from(algorithm: Algorithm) -> Self {
        algorithm.as_str().into()
    }
}

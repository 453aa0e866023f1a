//! The `alg` values that the service verifies.

use std::fmt;

use aws_lc_rs::signature::{self, RsaParameters, VerificationAlgorithm};

/// A JWS signature algorithm (RFC 7518 section 3.1, RFC 8037, RFC 8812). `none` and the symmetric ones do not exist here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Es256,
    Es256k,
    EdDsa,
    Es512,
    Rs256,
    Rs512,
}

impl Algorithm {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Es256k => "ES256K",
            Self::EdDsa => "EdDSA",
            Self::Es512 => "ES512",
            Self::Rs256 => "RS256",
            Self::Rs512 => "RS512",
        }
    }

    /// The algorithms that a personal access token may be registered with, by their contract names.
    pub(crate) fn of_token(name: &str) -> Option<Self> {
        [Self::Rs256, Self::Rs512, Self::Es256, Self::Es512]
            .into_iter()
            .find(|algorithm| algorithm.name() == name)
    }

    /// `crv` and coordinate length of the algorithm's elliptic-curve keys (RFC 7518 section 6.2.1).
    pub(super) fn curve(self) -> Option<(&'static str, usize)> {
        match self {
            Self::Es256 => Some(("P-256", 32)),
            Self::Es512 => Some(("P-521", 66)),
            _ => None,
        }
    }

    const RS256: &'static RsaParameters = &signature::RSA_PKCS1_2048_8192_SHA256;
    const RS512: &'static RsaParameters = &signature::RSA_PKCS1_2048_8192_SHA512;

    pub(super) fn rsa(self) -> Option<&'static RsaParameters> {
        match self {
            Self::Rs256 => Some(Self::RS256),
            Self::Rs512 => Some(Self::RS512),
            _ => None,
        }
    }

    pub(super) fn verification(self) -> &'static dyn VerificationAlgorithm {
        match self {
            Self::Es256 => &signature::ECDSA_P256_SHA256_FIXED,
            Self::Es256k => &signature::ECDSA_P256K1_SHA256_FIXED,
            Self::EdDsa => &signature::ED25519,
            Self::Es512 => &signature::ECDSA_P521_SHA512_FIXED,
            Self::Rs256 => Self::RS256,
            Self::Rs512 => Self::RS512,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

//! A public key together with the one algorithm it may be used with.

use aws_lc_rs::signature::ParsedPublicKey;

use super::Algorithm;

/// A public key bound to its algorithm, so that a token's header never chooses how it is verified.
#[derive(Debug, Clone)]
pub(crate) struct VerifyingKey {
    algorithm: Algorithm,
    key: ParsedPublicKey,
}

impl VerifyingKey {
    /// An elliptic-curve point (compressed or not, SEC 1) or the 32 bytes of an Ed25519 key. `None` when the bytes
    /// are no key of the algorithm.
    pub(crate) fn from_bytes(algorithm: Algorithm, bytes: &[u8]) -> Option<Self> {
        let key = ParsedPublicKey::new(algorithm.verification(), bytes).ok()?;
        Some(Self { algorithm, key })
    }

    pub(crate) fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.verify_sig(message, signature).is_ok()
    }
}

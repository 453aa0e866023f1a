//! The `did:key` method: the DID is its own public key.

use super::{Algorithm, VerifyingKey};

/// A resolved `did:key`.
#[derive(Debug)]
pub(crate) struct DidKey {
    /// The verification method's id: the DID, `#`, and the key's multibase form again.
    pub(crate) key_id: String,
    pub(crate) key: VerifyingKey,
}

/// Key kinds by their multicodec prefix: an unsigned varint of the code in the multicodec table.
const KINDS: [([u8; 2], Algorithm); 3] = [
    ([0x80, 0x24], Algorithm::Es256),  // p256-pub 0x1200
    ([0xe7, 0x01], Algorithm::Es256k), // secp256k1-pub 0xe7
    ([0xed, 0x01], Algorithm::EdDsa),  // ed25519-pub 0xed
];

/// The longest encoding of a supported key is 48 characters; base58 decoding takes quadratic time, so longer ones are refused.
const MAX_ENCODED: usize = 64;

/// Resolves `did`; `None` when it is not a `did:key` of a supported kind with a valid key inside.
pub(crate) fn resolve(did: &str) -> Option<DidKey> {
    let encoded = did.strip_prefix("did:key:")?;
    let base58 = encoded.strip_prefix('z')?;
    if base58.len() > MAX_ENCODED {
        return None;
    }
    let bytes = bs58::decode(base58).into_vec().ok()?;
    let (prefix, key) = bytes.split_first_chunk::<2>()?;
    let (_, algorithm) = KINDS.into_iter().find(|(known, _)| known == prefix)?;
    // The method allows exactly one form per key: compressed points, 32 bytes for Ed25519.
    let length = if algorithm == Algorithm::EdDsa { 32 } else { 33 };
    if key.len() != length {
        return None;
    }
    let key = VerifyingKey::from_bytes(algorithm, key)?;
    Some(DidKey { key_id: format!("{did}#{encoded}"), key })
}

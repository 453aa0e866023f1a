//! Random values.

use aws_lc_rs::rand;
use uuid::Uuid;

/// Bytes that nobody can guess; `None` when the machine has no randomness.
pub(crate) fn bytes<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).ok()?;
    Some(bytes)
}

/// An id. An id is not a secret, so this does not fail; without randomness, signing a token does.
pub(crate) fn uuid() -> Uuid {
    uuid::Builder::from_random_bytes(bytes().unwrap_or_default()).into_uuid()
}

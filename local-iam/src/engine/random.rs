//! Random values.

use aws_lc_rs::rand;
use uuid::Uuid;

/// Bytes that nobody can guess; `None` when the machine has none to give.
pub(crate) fn bytes<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).ok()?;
    Some(bytes)
}

/// An id. It is no secret, so it does not fail: without randomness no token can be signed either, and that does fail.
pub(crate) fn uuid() -> Uuid {
    uuid::Builder::from_random_bytes(bytes().unwrap_or_default()).into_uuid()
}

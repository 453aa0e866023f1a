//! Randomness: for what must not be guessed from the operating system through `aws-lc-rs`, and for spreading load from `std`.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use uuid::Uuid;

/// The operating system has no random numbers.
#[derive(Debug)]
pub(crate) struct Unavailable;

/// A random identifier (RFC 9562, section 5.4).
pub(crate) fn uuid() -> Result<Uuid, Unavailable> {
    let mut bytes = [0; 16];
    fill(&mut bytes)?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid())
}

pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), Unavailable> {
    aws_lc_rs::rand::fill(bytes).map_err(|_| Unavailable)
}

/// A duration from zero to `most`, each as likely. It is no secret: the keys of hash maps are random enough, and a program
/// that holds no key links no generator for them.
pub(crate) fn up_to(most: Duration) -> Duration {
    let random = RandomState::new().hash_one(0) >> 32;
    most.mul_f64(random as f64 / f64::from(u32::MAX))
}

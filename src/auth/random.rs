//! Randomness, from the operating system through `aws-lc-rs`.

use std::time::Duration;

use uuid::Uuid;

use crate::Error;

/// A random identifier (RFC 9562, section 5.4).
pub(super) fn uuid() -> Result<Uuid, Error> {
    let mut bytes = [0; 16];
    fill(&mut bytes)?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid())
}

pub(super) fn fill(bytes: &mut [u8]) -> Result<(), Error> {
    aws_lc_rs::rand::fill(bytes)
        .map_err(|_| Error::configuration("the operating system gives no random numbers"))
}

/// A duration from zero to `most`, each as likely. Without randomness it is half: good enough to spread load.
pub(crate) fn up_to(most: Duration) -> Duration {
    let mut bytes = [0; 4];
    let share = fill(&mut bytes).map_or(0.5, |()| f64::from(u32::from_ne_bytes(bytes)) / f64::from(u32::MAX));
    most.mul_f64(share)
}

//! What everything may use: time, randomness, and keeping secrets out of what is printed.

pub(crate) mod clock;
pub(crate) mod moment;
pub(crate) mod random;
pub(crate) mod redact;

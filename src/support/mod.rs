//! What everything may use: time, randomness, reading JSON within bounds, and keeping secrets out of what is printed.

pub(crate) mod clock;
pub(crate) mod json;
pub(crate) mod random;
pub(crate) mod redact;

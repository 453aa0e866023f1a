//! What everything may use: time, randomness, which URLs mean this machine, reading JSON within bounds, and keeping secrets out of
//! what is printed.

pub(crate) mod clock;
pub(crate) mod json;
pub(crate) mod loopback;
pub(crate) mod moment;
pub(crate) mod random;
pub(crate) mod redact;
pub(crate) mod text;

//! The module `support` of the crate, with time and randomness that the simulation decides.

pub(crate) mod clock;
#[path = "../../../src/support/moment.rs"]
pub(crate) mod moment;
pub(crate) mod random;
#[path = "../../../src/support/redact.rs"]
pub(crate) mod redact;

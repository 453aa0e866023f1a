//! The module `support` of the crate, with time and randomness that the simulation decides.

pub(crate) mod clock;
#[path = "../../../src/support/json.rs"]
pub(crate) mod json;
#[path = "../../../src/support/loopback.rs"]
pub(crate) mod loopback;
#[path = "../../../src/support/moment.rs"]
pub(crate) mod moment;
pub(crate) mod random;
#[path = "../../../src/support/redact/mod.rs"]
pub(crate) mod redact;
#[path = "../../../src/support/text.rs"]
pub(crate) mod text;

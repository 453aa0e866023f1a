//! The crate's clock, whose date the simulation sets.

use std::time::{SystemTime, UNIX_EPOCH};

use self::real::date as real_date;
pub(crate) use self::real::{after, now};
use crate::world;

#[path = "../../../src/support/clock.rs"]
mod real;

/// The date of the simulated machine.
pub(crate) fn date() -> SystemTime {
    world::if_present(|world| world.date()).unwrap_or_else(real_date)
}

pub(crate) fn numeric_date() -> u64 {
    date().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

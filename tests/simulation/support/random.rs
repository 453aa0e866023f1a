//! The crate's randomness, whose jitter the seed decides.

use std::time::Duration;

use self::real::up_to as really_up_to;
pub(crate) use self::real::{Unavailable, fill, uuid};
use crate::world;

#[path = "../../../src/support/random.rs"]
mod real;

pub(crate) fn up_to(most: Duration) -> Duration {
    let jitter = world::if_present(|world| {
        let jitter = most.mul_f64(world.random.fraction());
        world.wait_planned(jitter);
        jitter
    });
    jitter.unwrap_or_else(|| really_up_to(most))
}

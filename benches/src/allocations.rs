//! What a piece of work asks of the allocator. The program must have [`ALLOCATOR`] as its own.

use std::alloc::System;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

pub static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

#[derive(Clone, Copy, Debug)]
pub struct Allocations {
    /// How often it asked: for new memory, and for more or less of it.
    pub count: f64,
    pub bytes: f64,
}

/// What `work`, which does its thing `times` times, asks for each time.
pub fn each(times: u32, work: impl FnOnce(u32)) -> Allocations {
    let region = Region::new(ALLOCATOR);
    work(times);
    let change = region.change();
    let each = |total: usize| total as f64 / f64::from(times);
    Allocations {
        count: each(change.allocations + change.reallocations),
        bytes: each(change.bytes_allocated),
    }
}

/// How many bytes the program holds at the moment.
pub fn in_use() -> isize {
    let stats = ALLOCATOR.stats();
    stats.bytes_allocated as isize - stats.bytes_deallocated as isize
}

//! What the benchmarks share. `benches/README.md` says how to run them.

pub mod address;
pub mod allocations;
pub mod by_hand;
pub mod callers;
pub mod callgrind;
pub mod clock;
pub mod row;
pub mod rows;
pub mod server;
pub mod signing;

//! What the SDK promises, checked against the contracts, a server that records every request, and transports in virtual
//! time. One binary, because linking is what a test file costs.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking; clippy.toml only covers the functions marked as tests"
)]

mod additions;
mod answers;
mod aris;
mod broken_answers;
mod call_sites;
#[cfg(feature = "consumer-iam")]
mod consumer_iam;
mod errors;
mod hostile_values;
mod lifetimes;
mod limits;
mod pages;
mod redaction;
mod requests;
mod round_trips;
mod security;
mod support;

//! Promises that were broken once, each with what is tried and what is expected.
//!
//! Some tests run once more in a child process, because they need environment variables, may abort or measure memory.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    reason = "a test fails by panicking, and reads virtual time and the date"
)]

mod accepted_tokens;
mod clocks;
mod content_codings;
mod environment;
mod held_futures;
mod lifetimes;
mod local_service;
mod memory;
mod panics;
#[cfg(feature = "redis")]
mod redis;
mod refusals;
mod routes;
mod secrets;
mod shared_store;
mod support;
mod unusable_tokens;
mod valid_token;
mod verifier_keys;
mod weak_keys;

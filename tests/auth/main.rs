//! What `src/auth` promises. Time is virtual and the service is in the test, except where a module says otherwise.
#![allow(
    unreachable_pub,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    reason = "a test fails by panicking, reads virtual time, and its modules are its own"
)]

mod cache;
mod consumer;
mod key_file;
mod keys;
mod personal_access_token;
mod recovery;
#[cfg(feature = "redis")]
mod redis;
mod secrets;
mod signers;
mod store;
mod support;
mod verifier;

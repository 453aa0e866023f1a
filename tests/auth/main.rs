//! What `src/auth` promises. Time is virtual and the service is in the test, except where a module says otherwise.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod cache;
mod recovery;
mod support;

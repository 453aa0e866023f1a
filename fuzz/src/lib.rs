//! What must hold for every input: one module for each fuzz target, each with a function `check` that panics when it does not.
//!
//! The fuzz targets call them with whatever libFuzzer makes up; tests/fuzz_corpus.rs calls them with the inputs kept in
//! fuzz/corpus, on stable Rust. They use the public API alone, with a transport that answers at once.

pub mod errors;
pub mod models;
pub mod paths;
pub mod pem;
mod recorder;
pub mod responses;
pub mod retry_after;
pub mod tokens;

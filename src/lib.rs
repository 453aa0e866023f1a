//! Affinidi IAM for Rust.

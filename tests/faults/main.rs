//! Servers that misbehave on real sockets: every call ends in a typed error within its deadline, and a POST that may have been
//! processed is sent once.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking and reads real time; clippy.toml only covers the functions marked as tests"
)]

mod answers;
mod cancellation;
mod connecting;
mod early_answers;
#[cfg(feature = "http2")]
mod http2;
#[cfg(feature = "rustls")]
mod http_settings;
#[cfg(all(feature = "hyper", feature = "rustls"))]
mod hyper;
mod reuse;
mod server;
#[cfg(all(feature = "http2", feature = "rustls"))]
mod streams;
#[cfg(feature = "rustls")]
mod tls_server;
mod waits;

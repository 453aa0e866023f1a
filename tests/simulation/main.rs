//! Simulation.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a simulation has its own time and fails by panicking"
)]
// The whole crate is compiled into this test.
#![allow(dead_code, unused_imports, unreachable_pub, missing_docs)]

#[path = "../../src/apis/mod.rs"]
mod apis;
#[path = "../../src/auth/mod.rs"]
mod auth;
#[path = "../../src/call/mod.rs"]
mod call;
#[path = "../../src/client/mod.rs"]
mod client;
#[path = "../../src/error/mod.rs"]
mod error;
#[path = "../../src/models/mod.rs"]
mod models;
#[path = "../../src/observe/mod.rs"]
mod observe;
mod support;
#[path = "../../src/transport/mod.rs"]
mod transport;
#[path = "../../src/wire/mod.rs"]
mod wire;

mod callers;
mod judge;
mod scenario;
mod service;
mod store;
mod world;

pub use self::call::{RawBody, RequestFuture, Response, RetryPolicy, pagination};
pub use self::client::{Client, ClientBuilder, Environment, Region};
pub use self::error::{Error, ErrorDetail, ServiceError};
pub use self::observe::{CallObserver, Observation};

use std::sync::atomic::{AtomicU64, Ordering};

fn setting(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.replace('_', "").parse().unwrap_or_else(|_| panic!("{name} is not a number: {text}")))
}

#[test]
fn simulation() {
    let seeds = match setting("SIMULATION_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..setting("SIMULATION_SEEDS").unwrap_or(2_000),
    };
    let next = AtomicU64::new(seeds.start);
    let failed = std::sync::Mutex::new(None::<(u64, Vec<String>, String)>);
    let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while failed.lock().unwrap().is_none() {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end {
                        return;
                    }
                    let (trace, broken) = scenario::simulate(seed);
                    if let Some(broken) = broken {
                        failed.lock().unwrap().get_or_insert((seed, trace, broken));
                    }
                }
            });
        }
    });
    if let Some((seed, trace, broken)) = failed.into_inner().unwrap() {
        panic!(
            "{}\n\n{broken}\n\nto replay: SIMULATION_SEED={seed} cargo test --test simulation",
            trace.join("\n")
        );
    }
}

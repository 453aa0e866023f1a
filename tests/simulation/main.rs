//! A deterministic simulation: client, credentials and service in one process, in virtual time, decided by one number, the seed.
//!
//! # Run it
//!
//! | Command | What it does |
//! | --- | --- |
//! | `cargo test --test simulation` | simulates the seeds 0 to 1,999 |
//! | `SIMULATION_SEEDS=100000 cargo test --release --test simulation` | simulates more of them |
//! | `SIMULATION_SEED=17 cargo test --test simulation` | simulates one seed again |
//! | `tests/simulation/plant` | plants each fault of `faults/` in the crate and shows that a seed finds it |
//!
//! When a promise is broken, the test prints the trace of the seed, which has every event with its virtual time in seconds, and how to
//! replay it. The same seed leaves the same trace as long as neither the crate nor the simulation changes.
//!
//! # How it works
//!
//! The crate's own sources are compiled into this test, with another module `support`: there the seed decides about jitter, and the
//! simulation sets the date. Nothing in the crate knows of it. (The unit tests of the crate come along and run here as well.) Time is
//! tokio's, paused; each seed has a current-thread runtime of its own.
//!
//! | File | What it simulates |
//! | --- | --- |
//! | `scenario.rs` | a seed from beginning to end: the settings, what happens, and then the recovery |
//! | `callers.rs` | the program: calls, lists and tokens, with more or less time; calls that are dropped, aborted, or held without being polled |
//! | `service.rs` | the service: slow, silent, out of reach, failing, refusing tokens, revoking all of them |
//! | `store.rs` | the store that processes share: failing, hanging, forgetting |
//! | `world.rs` | the numbers of the seed, the clocks (which can be suspended or set), the trace |
//! | `judge.rs` | what is promised about requests and tokens |
//!
//! # What it checks
//!
//! - No call outlives its time, unless it is not polled.
//! - With a valid token nobody waits for another one, and no call fails for want of a token.
//! - A `POST` that may have been processed is not sent again.
//! - No token is handed out that has expired by the monotonic clock or by the date, and none is sent that had when the call could take
//!   it.
//! - A credential asks for tokens with growing pauses while that fails. Retries, and refused tokens that are replaced in vain, keep to
//!   the retry budget.
//! - The client's limits hold.
//! - A fetch does not end with a caller, and a lease of the store ends with its fetch. No token is put into the store as if it was
//!   younger than it is.
//! - When all trouble ends, calls succeed again, also while others are held. Every caller then ends, and no task is left.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a simulation has its own time and fails by panicking"
)]
#![allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    missing_docs,
    clippy::wrong_self_convention,
    clippy::enum_variant_names,
    reason = "the sources of the crate are a part of this test, and not all of them are used"
)]

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

use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use self::scenario::simulate;

/// Simulates these seeds on all processors. Returns the first that breaks a promise, with its trace and the promise.
fn first_broken(seeds: Range<u64>) -> Option<(u64, Vec<String>, String)> {
    let (next, found) = (AtomicU64::new(seeds.start), Mutex::new(None));
    let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while found.lock().unwrap().is_none() {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if !seeds.contains(&seed) {
                        return;
                    }
                    if let (trace, Some(broken)) = simulate(seed) {
                        found.lock().unwrap().get_or_insert((seed, trace, broken));
                    }
                }
            });
        }
    });
    found.into_inner().unwrap()
}

fn variable(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} must be a number: {text}")))
}

#[test]
fn every_promise_holds_for_every_seed() {
    let seeds = match variable("SIMULATION_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..variable("SIMULATION_SEEDS").unwrap_or(2_000),
    };
    if let Some((seed, trace, broken)) = first_broken(seeds) {
        let trace = trace.join("\n");
        panic!("{trace}\n\n{broken}\n\nReplay it: SIMULATION_SEED={seed} cargo test --test simulation");
    }
}

#[test]
fn the_same_seed_leaves_the_same_trace() {
    for seed in 0..30 {
        let ((one, _), (other, _)) = (simulate(seed), simulate(seed));
        let differs = one.iter().zip(&other).find(|(one, other)| one != other);
        assert_eq!(differs, None, "seed {seed}");
        assert_eq!(one.len(), other.len(), "seed {seed}");
    }
}

#[test]
fn the_seeds_meet_what_they_are_for() {
    let mut missing = vec![
        "2 processes, store: true",
        "the machine was suspended",
        "the date was moved by -",
        "the service revokes all tokens",
        "the store: Some(Fails)",
        "the store: Some(Hangs)",
        "the store: Some(Forgets)",
        "the store loses what it kept",
        "takes the lease",
        "waits for the lease",
        "finds user-",
        "is held",
        "is polled again",
        "is dropped",
        "prefetch: 1",
        "drops a request of call 0",
        "Refused for call",
        "Some(Lost)",
        "Some(Connect)",
        "Some(Garbled)",
        ", after 3 attempts",
        "the client's limits",
        "were over before the request was sent",
        "no token came within the call's",
        "fetching the user token: ",
        "recovers",
    ];
    for seed in 0..100 {
        let (trace, _) = simulate(seed);
        missing.retain(|event| !trace.iter().any(|line| line.contains(event)));
    }
    assert_eq!(missing, Vec::<&str>::new());
}

//! What a cached token and a signature cost: `cargo bench --bench cached_token`.
//!
//! The cost of a token is that of the whole step of a call: asking the provider through its trait and reading the answer.
//! With more threads than processors the time per token is what a token costs in processor time.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a benchmark measures real time, and fails by panicking"
)]

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use affinidi_tdk_iam_client::auth::{
    AccessToken, FetchedToken, PersonalAccessToken, TokenCache, TokenProvider,
};

const ROUNDS: u32 = 1_000_000;

/// Nanoseconds for one token, on each of `threads` threads.
fn tokens(provider: &Arc<dyn TokenProvider>, threads: u32) -> f64 {
    let start = Instant::now();
    let threads: Vec<_> = (0..threads)
        .map(|_| {
            let provider = provider.clone();
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
                runtime.block_on(async {
                    for _ in 0..ROUNDS {
                        black_box(provider.token().await.unwrap());
                    }
                });
            })
        })
        .collect();
    let count = threads.len();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    let processors = std::thread::available_parallelism().unwrap().get().min(count);
    let tokens = f64::from(ROUNDS) * count as f64;
    start.elapsed().as_nanos() as f64 * processors as f64 / tokens
}

fn main() {
    let cache = TokenCache::new(|| async {
        Ok(FetchedToken::new(AccessToken::new("token".repeat(200))?, Some(Duration::from_secs(3600))))
    });
    let provider: Arc<dyn TokenProvider> = Arc::new(cache);
    for threads in [1, 2, 16] {
        tokens(&provider, threads);
        println!("cached token, {threads:2} threads: {:6.1} ns", tokens(&provider, threads));
    }

    for key in ["rsa", "p256", "p521"] {
        let pem =
            std::fs::read_to_string(format!("{}/tests/auth/keys/{key}.pem", env!("CARGO_MANIFEST_DIR")))
                .unwrap();
        let build = || {
            PersonalAccessToken::builder()
                .token_id("t")
                .project_id("p")
                .private_key_pem(&pem)
                .build()
                .unwrap()
        };
        let start = Instant::now();
        (0..20).for_each(|_| drop(black_box(build())));
        let parse = start.elapsed() / 20;
        let credential = build();
        let start = Instant::now();
        (0..50).for_each(|_| drop(black_box(credential.iota_token("c", "d", None).unwrap())));
        println!(
            "{key:5} parsing the key: {parse:?}, signing with the parsed key: {:?}",
            start.elapsed() / 50
        );
    }
}

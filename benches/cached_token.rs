//! What a cached token and a signature cost: `cargo bench --bench cached_token`.
//!
//! The cost of a token is that of the whole step of a call: asking the provider through its trait and reading the answer.
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

/// Nanoseconds of processor time for one token, while `threads` threads ask. Other work on the machine does not count.
fn tokens(provider: &Arc<dyn TokenProvider>, threads: u32) -> f64 {
    let threads: Vec<_> = (0..threads)
        .map(|_| {
            let provider = provider.clone();
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
                runtime.block_on(async {
                    let start = processor_time();
                    for _ in 0..ROUNDS {
                        black_box(provider.token().await.unwrap());
                    }
                    processor_time() - start
                })
            })
        })
        .collect();
    let count = threads.len() as f64;
    let total: f64 = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
    total / count / f64::from(ROUNDS)
}

/// How long this thread has run, in nanoseconds, as Linux counts it.
fn processor_time() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse().unwrap()
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

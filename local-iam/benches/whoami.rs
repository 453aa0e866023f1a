//! What a whoami costs: `cargo bench -p affinidi-iam-local --bench whoami`.
//!
//! In process is the cost at the server: routing, token verification, database, recording. Over HTTP adds both ends of the
//! socket. The service's clock and key are real.
#![allow(clippy::unwrap_used, reason = "a benchmark fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "a benchmark measures time")]

use std::time::Instant;

use affinidi_iam_local::LocalIam;
use affinidi_tdk_iam_client::{Client, ClientBuilder, auth};

const CALLS: u32 = 5_000;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let iam = LocalIam::start().await.unwrap();
    let builder = || {
        Client::builder()
            .base_url(iam.base_url())
            .user_token(auth::StaticToken::new(iam.user_token().unwrap()))
    };
    measure("in process", builder().transport(iam.transport())).await;
    measure("over HTTP", builder()).await;
}

async fn measure(name: &str, client: ClientBuilder) {
    let client = client.build().unwrap();
    let call = async || client.sts().whoami().await.unwrap();
    for _ in 0..CALLS / 10 {
        call().await;
    }
    let start = Instant::now();
    for _ in 0..CALLS {
        call().await;
    }
    println!("whoami {name}: {:.0} µs", start.elapsed().as_secs_f64() * 1e6 / f64::from(CALLS));
}

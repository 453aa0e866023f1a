//! Shares tokens between processes through Redis: one process fetches a token, the others read it from Redis.
//!
//! ```sh
//! cargo run --example redis --features redis
//! ```
//!
//! It needs `redis-server` on the PATH. It starts the server on a free port, and stops it at the end.

use std::error::Error;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use affinidi_iam_local::LocalIam;
use affinidi_tdk_iam_client::auth::{PersonalAccessToken, RedisTokenStore};
use affinidi_tdk_iam_client::{CallObserver, Client, Observation};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Some(redis) = Redis::start() else {
        println!(
            "there is no redis-server on the PATH (Debian: apt-get install redis-server): nothing to show"
        );
        return Ok(());
    };
    let iam = LocalIam::start().await?;
    let fetches = Fetches::default();

    // In production, read the key from your secret store: 32 random bytes, the same in all processes.
    let key = [7; 32];

    // Each round simulates a new process: with a separate credential and client, and no token in memory.
    for process in 1..=3 {
        let credential = PersonalAccessToken::builder()
            .token_id(iam.seeds().token_id())
            .project_id(iam.seeds().project_id())
            .private_key_pem(iam.seeds().private_key_pem())
            .token_endpoint(iam.token_endpoint())
            .store(Arc::new(RedisTokenStore::new(redis.url(), key)?))
            .build()?;
        let client = Client::builder()
            .base_url(iam.base_url())
            .personal_access_token(credential)
            .observer(fetches.clone())
            .build()?;
        let principals = client.projects().list_principals_of_project().await?;
        let fetched = fetches.0.load(Ordering::Relaxed);
        println!(
            "process {process} sees {} principals; {fetched} tokens fetched so far",
            principals.records.len()
        );
    }
    Ok(())
}

/// Counts token fetches.
#[derive(Clone, Default)]
struct Fetches(Arc<AtomicU32>);

impl CallObserver for Fetches {
    fn call_ended(&self, call: &Observation<'_>) {
        if matches!(call.operation, "tokenEndpoint" | "createProjectScopedToken") {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// A Redis server that runs until the value is dropped.
struct Redis {
    process: Child,
    port: u16,
}

impl Redis {
    /// `None` if `redis-server` is not installed.
    fn start() -> Option<Self> {
        let port = TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok()?.port();
        let process = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .stdout(Stdio::null())
            .spawn()
            .ok()?;
        let redis = Self { process, port };
        for _ in 0..500 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Some(redis)
    }

    fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

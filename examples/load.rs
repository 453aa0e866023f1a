//! Keeps 10,000 calls in flight against a local IAM service, and checks that they leave no memory behind.
//!
//! ```sh
//! cargo run --release --example load
//! ```
//!
//! The service is a separate process, because each connection is an open file on both sides. The program prints the figures of
//! every round; in the last round every call is cancelled while the service delays its response. It fails if a call fails, if
//! memory grows from round to round, or if finished or cancelled calls leave memory behind. It takes about 30 s on 2 cores, and
//! at most 5 minutes. `ulimit -n` must allow 20,000 open files.
#![allow(clippy::disallowed_methods, reason = "a program that measures reads real time")]

use std::alloc::System;
use std::error::Error;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdin, Command, ExitCode, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use affinidi_iam_local::LocalIam;
use affinidi_tdk_iam_client::{Client, auth};
use serde_json::{Value, json};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Calls in flight at a time.
const CALLERS: usize = 10_000;
/// The least number of calls per caller and round, one after the other.
const CALLS: usize = 3;
const ROUNDS: usize = 4;
/// Bytes that may remain while the client exists: the tables of its connection pool keep their largest size.
const TABLES: usize = 1 << 20;
/// Bytes that may remain after that: what the runtime keeps for its next tasks.
const RUNTIME: usize = 256 << 10;
const LONGEST: Duration = Duration::from_secs(300);

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let serve = std::env::args().nth(1).is_some_and(|argument| argument == "serve");
    match if serve { self::serve() } else { load() } {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("failed: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The service: prints its addresses, and ends when its standard input is closed.
#[tokio::main(flavor = "current_thread")]
async fn serve() -> Outcome<()> {
    let iam = LocalIam::start().await?;
    let address = json!({
        "base_url": iam.base_url(),
        "management_url": iam.management_url(),
        "token": iam.user_token()?,
    });
    println!("{address}");
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}

#[tokio::main]
async fn load() -> Outcome<()> {
    check_open_files()?;
    let service = Service::start()?;
    timeout(LONGEST, rounds(&service)).await.map_err(|_| format!("not finished after {LONGEST:?}"))?
}

async fn rounds(service: &Service) -> Outcome<()> {
    let client = service.client()?;
    client.sts().whoami().await?;
    let idle = live_bytes();
    println!("at rest     {}", memory());

    let mut settled = None;
    for round in 1..=ROUNDS {
        println!("round {round}     {}", busy_round(&client).await?);
        println!("            {}", memory());
        // The first round opens the connections, which stay open for the next rounds; these may need some more.
        let first = *settled.get_or_insert(live_bytes());
        if live_bytes() > first + first / 10 {
            return Err("memory grows from round to round".into());
        }
    }

    // The pool also keeps closed connections until the next request; dropping the client frees them.
    drop(client);
    at_rest("no client", idle + RUNTIME).await?;

    let client = service.client()?;
    let held = dropped_round(&client, service).await?;
    println!("dropped     {CALLERS} calls that held {}", mebibytes(held.saturating_sub(idle)));
    at_rest("at rest", idle + TABLES).await?;
    drop(client);
    at_rest("no client", idle + RUNTIME).await
}

/// Waits until at most `most` bytes are in use: connections end when their own tasks notice.
async fn at_rest(name: &str, most: usize) -> Outcome<()> {
    for _ in 0..100 {
        if live_bytes() <= most {
            break;
        }
        sleep(Duration::from_millis(100)).await;
    }
    println!("{name:<12}{}", memory());
    if live_bytes() > most {
        return Err(format!("cancelled calls left more than {} behind", mebibytes(most)).into());
    }
    Ok(())
}

/// Every caller makes its calls; returns the figures.
async fn busy_round(client: &Client) -> Outcome<String> {
    let gauge = Arc::new(Gauge::default());
    let started = Instant::now();
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        let (client, gauge) = (client.clone(), gauge.clone());
        callers.spawn(async move {
            let mut latencies = Vec::with_capacity(CALLS);
            // No caller stops before all are in flight.
            while latencies.len() < CALLS || gauge.most() < CALLERS {
                let began = Instant::now();
                let _in_flight = gauge.enter();
                client.sts().whoami().await?;
                latencies.push(began.elapsed());
            }
            Ok::<_, affinidi_tdk_iam_client::Error>(latencies)
        });
    }
    let (mut latencies, mut errors) = (Vec::with_capacity(CALLERS * CALLS), Vec::new());
    while let Some(outcome) = callers.join_next().await {
        match outcome? {
            Ok(of_caller) => latencies.extend(of_caller),
            Err(error) => errors.push(error),
        }
    }
    if let Some(error) = errors.first() {
        return Err(format!("{} callers failed, the first with: {error}", errors.len()).into());
    }
    let (elapsed, most) = (started.elapsed(), gauge.most());
    latencies.sort_unstable();
    let quantile =
        |percent: usize| latencies.get((latencies.len() - 1) * percent / 100).copied().unwrap_or_default();
    Ok(format!(
        "{} calls, {most} in flight, no error; {:.0} calls/s; p50 {:.1?}, p90 {:.1?}, p99 {:.1?}, max {:.1?}",
        latencies.len(),
        latencies.len() as f64 / elapsed.as_secs_f64(),
        quantile(50),
        quantile(90),
        quantile(99),
        quantile(100),
    ))
}

/// Every caller makes a call that the service delays, and is cancelled; returns the bytes in use before that.
async fn dropped_round(client: &Client, service: &Service) -> Outcome<usize> {
    let hold = json!({ "operation": "whoami", "delayMilliseconds": LONGEST.as_millis() });
    let url = format!("{}/faults", service.address("management_url")?);
    let request = reqwest::Client::new().post(url).header("content-type", "application/json");
    request.body(hold.to_string()).send().await?.error_for_status()?;

    let gauge = Arc::new(Gauge::default());
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        let (client, gauge) = (client.clone(), gauge.clone());
        callers.spawn(async move {
            let _in_flight = gauge.enter();
            client.sts().whoami().await.map(drop)
        });
    }
    while gauge.most() < CALLERS {
        sleep(Duration::from_millis(10)).await;
    }
    // Long enough for all requests to reach the service.
    sleep(Duration::from_secs(2)).await;
    let held = live_bytes();
    callers.abort_all();
    while let Some(outcome) = callers.join_next().await {
        if let Ok(outcome) = outcome {
            return Err(format!("a call that the service delays ended: {outcome:?}").into());
        }
    }
    Ok(held)
}

/// Counts the calls in flight, and their maximum.
#[derive(Default)]
struct Gauge {
    now: AtomicUsize,
    most: AtomicUsize,
}

struct InFlight<'a>(&'a Gauge);

impl Gauge {
    fn enter(&self) -> InFlight<'_> {
        self.most.fetch_max(self.now.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
        InFlight(self)
    }

    fn most(&self) -> usize {
        self.most.load(Ordering::Relaxed)
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.now.fetch_sub(1, Ordering::Relaxed);
    }
}

/// This program, started a second time as the service.
struct Service {
    process: Child,
    input: Option<ChildStdin>,
    addresses: Value,
}

impl Service {
    fn start() -> Outcome<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        let mut process = command.arg("serve").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let input = process.stdin.take();
        let mut line = String::new();
        BufReader::new(process.stdout.take().ok_or("the service has no output")?).read_line(&mut line)?;
        Ok(Self { process, input, addresses: serde_json::from_str(&line)? })
    }

    fn client(&self) -> Outcome<Client> {
        let client = Client::builder()
            .base_url(self.address("base_url")?)
            .user_token(auth::StaticToken::new(self.address("token")?))
            // With so many calls, most of the time is spent waiting for a turn.
            .connect_timeout(Duration::from_secs(60))
            .attempt_timeout(Duration::from_secs(60))
            .timeout(Duration::from_secs(120))
            .build()?;
        Ok(client)
    }

    fn address(&self, name: &str) -> Outcome<&str> {
        Ok(self
            .addresses
            .get(name)
            .and_then(Value::as_str)
            .ok_or("the service did not print its addresses")?)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // The service ends when its input is closed.
        drop(self.input.take());
        let _ = self.process.wait();
    }
}

/// A connection is an open file. Every caller has one, and the pool may keep as many more: a call that opens a connection
/// uses a pooled one instead if one becomes free first.
fn check_open_files() -> Outcome<()> {
    let needed = 2 * CALLERS;
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let limit =
        limits.lines().find_map(|line| line.strip_prefix("Max open files")?.split_whitespace().next());
    match limit.and_then(|limit| limit.parse::<usize>().ok()) {
        Some(limit) if limit < needed => Err(format!(
            "{needed} open files are needed and the limit is {limit}: run `ulimit -n {needed}` in this shell and start again"
        )
        .into()),
        _ => Ok(()),
    }
}

/// The exact number of bytes on the heap.
fn live_bytes() -> usize {
    let stats = ALLOCATOR.stats();
    stats.bytes_allocated.saturating_sub(stats.bytes_deallocated)
}

/// Memory of the program: on the heap, and resident, which includes freed memory that was not returned.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or("unknown").trim();
    let files = std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count);
    format!("{} on the heap, {resident} resident, {files} open files", mebibytes(live_bytes()))
}

fn mebibytes(bytes: usize) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}

//! Holds 10,000 calls in flight against a local IAM service, and shows that nothing is left of them.
//!
//! ```sh
//! cargo run --release --example load
//! ```
//!
//! The service is a process of its own, because each connection is an open file on both sides. After every round the program
//! prints what it took; in the last one every call is dropped while the service holds it. It fails when a call fails, when
//! memory grows from round to round, or when finished or dropped calls leave something behind. It runs for half a minute on two
//! cores, and for five at most. `ulimit -n` must allow 20,000 open files.
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
/// Calls that each caller makes in a round at least, one after the other.
const CALLS: usize = 3;
const ROUNDS: usize = 4;
/// What may be left over while the client lives: the tables of its connection pool keep the size they once needed.
const TABLES: usize = 1 << 20;
/// What may be left over when it does not: what the runtime keeps for its next tasks.
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

/// The service: says where it is, and ends when its standard input does.
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
    timeout(LONGEST, rounds(&service)).await.map_err(|_| format!("not done after {LONGEST:?}"))?
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
        // The first round makes the connections, which stay open for the next; a later one may need some more.
        let first = *settled.get_or_insert(live_bytes());
        if live_bytes() > first + first / 10 {
            return Err("memory grows from round to round".into());
        }
    }

    // The pool has closed connections too, until somebody asks it for one: with the client they go.
    drop(client);
    at_rest("no client", idle + RUNTIME).await?;

    let client = service.client()?;
    let held = dropped_round(&client, service).await?;
    println!("dropped     {CALLERS} calls that held {}", mebibytes(held.saturating_sub(idle)));
    at_rest("at rest", idle + TABLES).await?;
    drop(client);
    at_rest("no client", idle + RUNTIME).await
}

/// Waits until no more than `most` bytes are alive: connections end when their own tasks notice.
async fn at_rest(name: &str, most: usize) -> Outcome<()> {
    for _ in 0..100 {
        if live_bytes() <= most {
            break;
        }
        sleep(Duration::from_millis(100)).await;
    }
    println!("{name:<12}{}", memory());
    if live_bytes() > most {
        return Err(format!("calls that were dropped left more than {} behind", mebibytes(most)).into());
    }
    Ok(())
}

/// Every caller makes its calls; what they took.
async fn busy_round(client: &Client) -> Outcome<String> {
    let gauge = Arc::new(Gauge::default());
    let started = Instant::now();
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        let (client, gauge) = (client.clone(), gauge.clone());
        callers.spawn(async move {
            let mut latencies = Vec::with_capacity(CALLS);
            // Nobody stops before everybody is there.
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

/// Every caller makes a call that the service holds, and is stopped; how many bytes were alive before that.
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
    // Long enough for all to be with the service.
    sleep(Duration::from_secs(2)).await;
    let held = live_bytes();
    callers.abort_all();
    while let Some(outcome) = callers.join_next().await {
        if let Ok(outcome) = outcome {
            return Err(format!("a call that the service holds ended: {outcome:?}").into());
        }
    }
    Ok(held)
}

/// Counts what is in flight, and the most that was.
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

/// This program again, as the service.
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
            // So many calls wait longer for their turn than for anything else.
            .connect_timeout(Duration::from_secs(60))
            .attempt_timeout(Duration::from_secs(60))
            .timeout(Duration::from_secs(120))
            .build()?;
        Ok(client)
    }

    fn address(&self, name: &str) -> Outcome<&str> {
        Ok(self.addresses.get(name).and_then(Value::as_str).ok_or("the service did not say where it is")?)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // With its input the service ends.
        drop(self.input.take());
        let _ = self.process.wait();
    }
}

/// A connection is an open file. Every caller has one, and up to as many more wait in the pool: a call that has to make a
/// connection takes one that becomes free before that is done.
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

/// Bytes on the heap, exactly.
fn live_bytes() -> usize {
    let stats = ALLOCATOR.stats();
    stats.bytes_allocated.saturating_sub(stats.bytes_deallocated)
}

/// What the program takes: on the heap, and of the machine, which gets back less than was freed.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or("unknown").trim();
    let files = std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count);
    format!("{} on the heap, {resident} resident, {files} open files", mebibytes(live_bytes()))
}

fn mebibytes(bytes: usize) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}

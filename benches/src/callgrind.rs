//! What gungraun counts with callgrind.

use std::collections::HashMap;
use std::io;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::address::{Address, VARIABLE};

/// The caches that callgrind simulates: the first level of today's processors, whatever the machine has.
pub const CACHES: [&str; 4] = ["--cache-sim=yes", "--I1=32768,8,64", "--D1=32768,8,64", "--LL=8388608,16,64"];

/// What one benchmark counted.
#[derive(Clone, Copy, Debug)]
pub struct Counts {
    pub instructions: f64,
    /// How often data was not in the first level of the caches, reading and writing; zero if no caches were simulated.
    pub data_misses: f64,
}

/// The counts of benchmarks by `function/id`.
pub type Counted = HashMap<String, Counts>;

/// The counts of every benchmark in the target `bench` of the package whose manifest is `manifest`.
pub fn count(manifest: &str, bench: &str, server: &Address) -> io::Result<Counted> {
    let output = cargo(manifest, &["bench", "--bench", bench], server)?
        .args(["--", "--output-format=json", "--parallel=auto"])
        .output()?;
    if !output.status.success() {
        return Err(io::Error::other(format!("the benchmark `{bench}` failed")));
    }
    let lines = String::from_utf8_lossy(&output.stdout);
    let summaries = lines.lines().filter(|line| line.starts_with('{'));
    summaries
        .map(|line| {
            let summary = serde_json::from_str(line)?;
            read(&summary).ok_or_else(|| io::Error::other("gungraun printed something else"))
        })
        .collect()
}

/// A command of cargo that prints to the caller what it prints, for a package that calls the server.
pub fn cargo(manifest: &str, arguments: &[&str], server: &Address) -> io::Result<Command> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    cargo
        .args(arguments)
        .args(["--quiet", "--locked", "--manifest-path", manifest])
        .env(VARIABLE, server.to_env()?)
        .stderr(Stdio::inherit());
    Ok(cargo)
}

fn read(summary: &Value) -> Option<(String, Counts)> {
    let name = format!("{}/{}", summary["function_name"].as_str()?, summary["id"].as_str()?);
    let metrics = &summary["profiles"][0]["data"]["total"]["metrics"];
    let metric = |name: &str| metrics[name]["values"]["new"].as_f64();
    let data_misses = metric("D1mr").unwrap_or(0.0) + metric("D1mw").unwrap_or(0.0);
    Some((name, Counts { instructions: metric("Ir")?, data_misses }))
}

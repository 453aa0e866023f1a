//! Instructions, as gungraun counts them with callgrind.

use std::collections::HashMap;
use std::io;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::server::Server;

/// The instructions of every benchmark in the target `bench` of the package whose manifest is `manifest`, by `function/id`.
pub fn count(manifest: &str, bench: &str, server: &Server) -> io::Result<HashMap<String, f64>> {
    let output = cargo(manifest, &["bench", "--bench", bench], server)
        .args(["--", "--output-format=json"])
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
pub fn cargo(manifest: &str, arguments: &[&str], server: &Server) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    cargo
        .args(arguments)
        .args(["--quiet", "--locked", "--manifest-path", manifest])
        .env("BASE_URL", &server.base_url)
        .stderr(Stdio::inherit());
    cargo
}

fn read(summary: &Value) -> Option<(String, f64)> {
    let name = format!("{}/{}", summary["function_name"].as_str()?, summary["id"].as_str()?);
    Some((name, summary["profiles"][0]["data"]["total"]["metrics"]["Ir"]["values"]["new"].as_f64()?))
}

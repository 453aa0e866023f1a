//! Instructions, as gungraun counts them with callgrind.

use std::collections::HashMap;
use std::io;
use std::process::{Command, Stdio};

use serde_json::Value;

/// The instructions of every benchmark of `bench`, by `function/id`. `selection` is a filter of gungraun's.
pub fn count(bench: &str, selection: &[&str], origin: &str) -> io::Result<HashMap<String, f64>> {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()))
        .args([
            "bench",
            "--quiet",
            "--locked",
            "--manifest-path",
            concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"),
        ])
        .args(["--bench", bench, "--"])
        .args(["--output-format=json", "--nosummary"])
        .args(selection)
        .env("BASE_URL", format!("{origin}/iam"))
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(io::Error::other(format!("the benchmark `{bench}` failed")));
    }
    let lines = String::from_utf8_lossy(&output.stdout);
    lines
        .lines()
        .filter(|line| line.starts_with('{'))
        .map(|line| {
            read(&serde_json::from_str(line)?).ok_or_else(|| io::Error::other("unknown form of summary"))
        })
        .collect()
}

fn read(summary: &Value) -> Option<(String, f64)> {
    let name = format!("{}/{}", summary["function_name"].as_str()?, summary["id"].as_str()?);
    Some((name, summary["profiles"][0]["data"]["total"]["metrics"]["Ir"]["values"]["new"].as_f64()?))
}

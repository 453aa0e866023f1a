//! The local IAM service as a program.

#![forbid(unsafe_code)]

use std::fmt::Display;
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;

use affinidi_iam_local::LocalIam;
use lexopt::prelude::*;
use serde_json::json;

const HELP: &str = "\
A local Affinidi IAM service: real signatures, real database, no account, no network.

Usage: affinidi-iam-local [OPTIONS]

Options:
  --listen ADDRESS   IP address to listen on [default: 127.0.0.1]
  --port PORT        Port to listen on; 0 picks a free one [default: 0]
  --public-url URL   Where clients reach it, if it is elsewhere: behind a mapped port, under the
                     name of a container [default: where it listens]
  --database FILE    SQLite file that holds everything, created when there is none
                     [default: in memory, gone when the service ends]
  --unproven         Also do what nobody has seen of the real service: scopes, ID tokens and
                     refresh tokens of consumers
  -h, --help         Print this help
  -V, --version      Print the version

When the service accepts connections it prints one line of JSON on standard output:
its URLs, and the ids of the user, the project and the personal access token that it
starts with. Logs go to standard error. Open reference_url in a browser to see and try
all operations. SIGINT and SIGTERM let requests in flight finish and close the database.

Get a user token:
  curl -s -X POST -H 'content-type: application/json' -d '{}' MANAGEMENT_URL/user-tokens
Get the private key of the personal access token:
  curl -s MANAGEMENT_URL/seeds
";

#[derive(Default)]
struct Options {
    listen: Option<IpAddr>,
    port: u16,
    public_url: Option<String>,
    database: Option<PathBuf>,
    unproven: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match options() {
        Ok(None) => ExitCode::SUCCESS,
        Ok(Some(options)) => match run(options).await {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => fail(&with_causes(&*error)),
        },
        Err(error) => fail(&format!("{error}; see --help")),
    }
}

/// What the command line asks for; nothing when it asked only for a text.
fn options() -> Result<Option<Options>, lexopt::Error> {
    let mut options = Options::default();
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("listen") => options.listen = Some(value(&mut parser, "--listen")?),
            Long("public-url") => options.public_url = Some(parser.value()?.string()?),
            Long("port") => options.port = value(&mut parser, "--port")?,
            Long("database") => options.database = Some(parser.value()?.into()),
            Long("unproven") => options.unproven = true,
            Short('h') | Long("help") => {
                print!("{HELP}");
                return Ok(None);
            }
            Short('V') | Long("version") => {
                println!("affinidi-iam-local {}", env!("CARGO_PKG_VERSION"));
                return Ok(None);
            }
            other => return Err(other.unexpected()),
        }
    }
    Ok(Some(options))
}

/// The value of an option; its name is in the error.
fn value<T>(parser: &mut lexopt::Parser, option: &str) -> Result<T, lexopt::Error>
where
    T: FromStr,
    T::Err: Display,
{
    let value = parser.value()?.string()?;
    value.parse().map_err(|error| format!("{option} {value:?}: {error}").into())
}

async fn run(options: Options) -> Result<(), Box<dyn std::error::Error>> {
    // Before the ready line, so that whoever reads it can end the service properly at once.
    let stop = stop_signal()?;
    let mut builder = LocalIam::builder().port(options.port).unproven(options.unproven);
    if let Some(ip) = options.listen {
        builder = builder.listen(ip);
        if !ip.is_loopback() {
            eprintln!(
                "affinidi-iam-local: WARNING: listening on {ip}, beyond this machine: whoever reaches it gets tokens and private keys"
            );
        }
    }
    if let Some(url) = options.public_url {
        builder = builder.public_url(url);
    }
    if let Some(database) = options.database {
        builder = builder.database(database);
    }
    let iam = builder.start().await?;
    let seeds = iam.seeds();
    let ready = json!({
        "iam_base_url": iam.base_url(),
        "token_endpoint": iam.token_endpoint(),
        "management_url": iam.management_url(),
        "reference_url": iam.reference_url(),
        "user_id": seeds.user_id(),
        "project_id": seeds.project_id(),
        "token_id": seeds.token_id(),
    });
    println!("{ready}");
    eprintln!("affinidi-iam-local: serving at {}, listening on {}", iam.reference_url(), iam.local_addr());
    stop.await;
    eprintln!("affinidi-iam-local: finishing");
    iam.shutdown().await;
    Ok(())
}

#[cfg(unix)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

/// The error and what caused it, in one line.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        line.push_str(": ");
        line.push_str(&error.to_string());
        cause = error.source();
    }
    line
}

fn fail(message: &str) -> ExitCode {
    eprintln!("affinidi-iam-local: {message}");
    ExitCode::FAILURE
}

//! The local IAM service as a program.

#![forbid(unsafe_code)]

mod environment;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
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
  --print-env        Start nothing: print the environment variables for the service that runs at
                     --port (and --listen or --public-url), as lines for a shell or a .env file
  -h, --help         Print this help
  -V, --version      Print the version

When the service accepts connections it prints one line of JSON on standard output:
its URLs, and the ids of the user, the project and the personal access token that it
starts with. Logs go to standard error. Open reference_url in a browser to see and try
all operations. SIGINT and SIGTERM let requests in flight finish and close the database.

A client of a running service, in another terminal or after `affinidi-iam-local --port 8080 &`:
  eval \"$(affinidi-iam-local --port 8080 --print-env)\"
What else a running service can be told, such as to fail:
  curl -s MANAGEMENT_URL

Exit codes: 0 after a signal, 1 when something failed, 2 for a wrong option.
";

#[derive(Default)]
struct Options {
    listen: Option<IpAddr>,
    port: u16,
    public_url: Option<String>,
    database: Option<PathBuf>,
    unproven: bool,
    print_env: bool,
}

/// Why the program ends without having done its work.
enum Failure {
    /// The command line is wrong.
    Usage(String),
    /// Everything else.
    Other(String),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let (code, message) = match carry_out().await {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Failure::Usage(message)) => (2, format!("{message}; see --help")),
        Err(Failure::Other(message)) => (1, message),
    };
    eprintln!("affinidi-iam-local: {message}");
    ExitCode::from(code)
}

async fn carry_out() -> Result<(), Failure> {
    match options().map_err(|error| Failure::Usage(error.to_string()))? {
        Some(options) if options.print_env => print_env(options).await,
        Some(options) => serve(options).await,
        None => Ok(()),
    }
}

/// What the command line asks for; nothing when it asked only for a text.
fn options() -> Result<Option<Options>, lexopt::Error> {
    let mut options = Options::default();
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("listen") => {
                options.listen = Some(value(&mut parser, "--listen", "an IP address, such as 127.0.0.1")?);
            }
            Long("public-url") => options.public_url = Some(value(&mut parser, "--public-url", "text")?),
            Long("port") => options.port = value(&mut parser, "--port", "a number from 0 to 65535")?,
            Long("database") => options.database = Some(parser.value()?.into()),
            Long("unproven") => options.unproven = true,
            Long("print-env") => options.print_env = true,
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

/// The value of an option, which must be `what`.
fn value<T: FromStr>(parser: &mut lexopt::Parser, option: &str, what: &str) -> Result<T, lexopt::Error> {
    let value = parser.value()?;
    let parsed = value.to_str().and_then(|value| value.parse().ok());
    parsed.ok_or_else(|| format!("{option} {value:?}: it must be {what}").into())
}

/// Prints the environment variables for the service that runs where the options say.
async fn print_env(options: Options) -> Result<(), Failure> {
    if options.database.is_some() || options.unproven {
        let why = "--print-env starts no service, so that --database and --unproven have no effect";
        return Err(Failure::Usage(why.to_owned()));
    }
    let url = match (options.public_url, options.listen, options.port) {
        (Some(url), ..) => url,
        (None, _, 0) => {
            let why = "--print-env needs the --port, or the --public-url, of the service that runs";
            return Err(Failure::Usage(why.to_owned()));
        }
        (None, ip, port) => {
            let ip = ip.filter(|ip| !ip.is_unspecified()).unwrap_or(Ipv4Addr::LOCALHOST.into());
            format!("http://{}", SocketAddr::new(ip, port))
        }
    };
    print!("{}", environment::of_service_at(&url).await.map_err(Failure::Other)?);
    Ok(())
}

async fn serve(options: Options) -> Result<(), Failure> {
    // Before the ready line, so that whoever reads it can end the service properly at once.
    let stop = stop_signal().map_err(|error| Failure::Other(with_causes(&error)))?;
    let mut builder = LocalIam::builder().port(options.port).unproven(options.unproven);
    if let Some(ip) = options.listen {
        builder = builder.listen(ip);
        if !ip.is_loopback() {
            eprintln!(
                "affinidi-iam-local: WARNING: listening on {ip}, beyond this machine: whoever reaches it gets tokens and private keys"
            );
        }
    }
    if let Some(url) = &options.public_url {
        builder = builder.public_url(url);
    }
    if let Some(database) = options.database {
        builder = builder.database(database);
    }
    let iam = builder.start().await.map_err(|error| match options.public_url {
        Some(url) if error.is_invalid_input() => Failure::Usage(format!("--public-url {url:?}: {error}")),
        _ => Failure::Other(with_causes(&error)),
    })?;
    let seeds = iam.seeds();
    let ready = json!({
        "gateway_url": iam.gateway_url(),
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

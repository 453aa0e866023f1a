//! Examines a set-up: the environment variables, the key, the endpoints, the clock, and each token, one line a step.
//!
//! ```sh
//! cargo run --example doctor
//! ```
//!
//! It reads the variables of the official clients, calls the service that they name, and changes nothing there. Each failed step
//! says what to do. No line contains a token, an assertion, a key or a passphrase. If no variable is set, it examines a local
//! service, to show what it does.

mod advice;
mod examination;
mod recorder;
mod report;
mod setup;
mod shape;
mod variables;

use std::process::ExitCode;

use affinidi_iam_local::LocalIam;
use recorder::Recorder;
use report::Report;
use variables::Variables;

const HELP: &str = "\
Examines the set-up of a personal access token against the service that the environment variables name.

Usage: cargo run --example doctor [-- --shapes]

  --shapes  also prints what the responses look like: names and JSON types of fields and claims, lifetimes, names of headers.
            Ids are shortened and no token is printed, so the output can be pasted into an issue.
  --help    prints this text.

Variables (an empty one counts as unset; if none is set, a local service is examined):
  TOKEN_ID, PRIVATE_KEY               required
  PRIVATE_KEY_FILE                    the name of a file, instead of PRIVATE_KEY
  PASSPHRASE or PASSPHRASE_FILE       if the private key is encrypted
  KEY_ID                              if it is not the token id
  PROJECT_ID                          for project tokens
  AFFINIDI_TDK_ENVIRONMENT            prod (the default), dev or local
  API_GATEWAY_URL, TOKEN_ENDPOINT     instead of the URLs of the environment

It signs in and gets a project token; otherwise it only reads. Exit code: 0 if no step failed, 1 if one did,
2 for an unknown argument.
";

#[tokio::main]
async fn main() -> ExitCode {
    let mut shapes = false;
    for argument in std::env::args_os().skip(1) {
        match argument.to_str() {
            Some("--shapes") => shapes = true,
            Some("--help" | "-h") => {
                print!("{HELP}");
                return ExitCode::SUCCESS;
            }
            _ => {
                eprint!("unknown argument\n\n{HELP}");
                return ExitCode::from(2);
            }
        }
    }

    let recorder = Recorder::default();
    let mut variables = Variables::of_process();
    // Dropping it stops the local service.
    let mut local = None;
    if variables.is_empty() {
        let iam = match LocalIam::start().await {
            Ok(iam) => iam,
            Err(error) => {
                eprintln!("the local service cannot be started: {error}");
                return ExitCode::FAILURE;
            }
        };
        println!("No variable is set (see --help), so this examines a local service.\n");
        variables = Variables::of(&iam);
        local = Some(iam);
    }
    let mut report = Report::default();
    examination::examine(&variables, &mut report, &recorder).await;
    drop(local);
    if shapes {
        println!("\nShapes of the responses, without secrets:");
        for shape in recorder.shapes() {
            println!("{shape}");
        }
    }
    match report.failed() {
        0 => {
            println!("\nhealthy");
            ExitCode::SUCCESS
        }
        failed => {
            println!("\nnot healthy; steps that failed: {failed}");
            ExitCode::FAILURE
        }
    }
}

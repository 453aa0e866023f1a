//! Examines a set-up against the service that the environment names: read-only, one line a step, and what to do where a step fails.
//!
//! ```sh
//! TOKEN_ID=… PRIVATE_KEY="$(cat key.pem)" PROJECT_ID=… cargo run --example doctor
//! cargo run --example doctor -- --shapes   # also the shapes of what came, without any value: fit for an issue
//! ```
//!
//! It reads the variables of the official clients. Without any of them, it examines a local service that it starts itself.

#![allow(
    clippy::disallowed_methods,
    reason = "it compares the date of this machine with that of the service"
)]

mod recorder;
mod report;
mod shapes;

use std::error::Error;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use affinidi_iam_local::LocalIam;
use affinidi_tdk_iam_client::auth::{
    AccessToken, PersonalAccessToken, PersonalAccessTokenBuilder, TokenVerifier,
};
use affinidi_tdk_iam_client::{Client, Error as IamError};

use crate::recorder::Recorder;
use crate::report::Report;

const HELP: &str = "usage: doctor [--shapes]

Examines a set-up with the variables TOKEN_ID, PRIVATE_KEY, PASSPHRASE, KEY_ID, PROJECT_ID, TOKEN_ENDPOINT,
API_GATEWAY_URL and AFFINIDI_TDK_ENVIRONMENT. Nothing is changed. Exit code: 0 healthy, 1 not, 2 wrong arguments.

  --shapes  also print the shapes of what came: names and types, no values";

const VARIABLES: [&str; 8] = [
    "TOKEN_ID",
    "PRIVATE_KEY",
    "PASSPHRASE",
    "KEY_ID",
    "PROJECT_ID",
    "TOKEN_ENDPOINT",
    "API_GATEWAY_URL",
    "AFFINIDI_TDK_ENVIRONMENT",
];

#[tokio::main]
async fn main() -> ExitCode {
    let mut with_shapes = false;
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--shapes" => with_shapes = true,
            "--help" | "-h" => {
                println!("{HELP}");
                return ExitCode::SUCCESS;
            }
            other => {
                eprintln!("unknown argument `{}`\n\n{HELP}", other.escape_default());
                return ExitCode::from(2);
            }
        }
    }
    match examine(with_shapes).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("the doctor itself failed: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether the set-up is healthy.
async fn examine(with_shapes: bool) -> Result<bool, Box<dyn Error>> {
    let mut report = Report::default();
    let set: Vec<_> = VARIABLES.into_iter().filter(|name| std::env::var_os(name).is_some()).collect();
    let recorder = Recorder::new()?;
    // Kept until the end: dropping it stops the local service.
    let mut local = None;
    let (credential, base_url) = match set.is_empty() {
        true => {
            let iam = LocalIam::start().await?;
            report
                .passed("variables", format!("none is set: examining a local service at {}", iam.base_url()));
            let seeds = iam.seeds();
            let credential = PersonalAccessToken::builder()
                .token_id(seeds.token_id())
                .project_id(seeds.project_id())
                .private_key_pem(seeds.private_key_pem())
                .token_endpoint(iam.token_endpoint());
            let base_url = iam.base_url().to_owned();
            local = Some(iam);
            (credential, Some(base_url))
        }
        false => {
            let missing = ["TOKEN_ID", "PRIVATE_KEY"].into_iter().filter(|name| !set.contains(name));
            let missing: Vec<_> = missing.collect();
            if !missing.is_empty() {
                let advice = format!("set {}", missing.join(" and "));
                report.failed("variables", &format!("set: {}", set.join(", ")), &advice);
                return Ok(report.end());
            }
            report.passed("variables", format!("set: {}", set.join(", ")));
            match PersonalAccessToken::builder().from_env() {
                Ok(credential) => (credential, None),
                Err(error) => {
                    report.failed(
                        "variables",
                        &error.to_string(),
                        "correct the variable that the text names",
                    );
                    return Ok(report.end());
                }
            }
        }
    };
    examine_credential(credential, base_url, &recorder, &mut report).await;
    if with_shapes {
        recorder.print_shapes();
    }
    drop(local);
    Ok(report.end())
}

async fn examine_credential(
    credential: PersonalAccessTokenBuilder,
    base_url: Option<String>,
    recorder: &Recorder,
    report: &mut Report,
) {
    let credential = match credential.build() {
        Ok(credential) => credential,
        Err(error) => {
            let advice = "make sure that PRIVATE_KEY holds the whole PEM text, and PASSPHRASE what opens it";
            return report.failed("key", &error.to_string(), advice);
        }
    };
    report.passed("key", "opens".to_owned());
    let client = match base_url {
        Some(url) => Ok(Client::builder().base_url(url)),
        None => Client::builder().from_env(),
    };
    let client = client.map(|client| client.personal_access_token(credential.clone()));
    let client = match client.and_then(|client| client.transport(recorder.clone()).build()) {
        Ok(client) => client,
        Err(error) => {
            return report.failed("address", &error.to_string(), "correct the variable of the address");
        }
    };
    report.passed("address", client.base_url().to_string());

    let user = credential.user_token().await;
    endpoint(&user, recorder, report);
    let Some(user) = token("user token", user, report) else { return };
    let project = match credential.project_token().await {
        Err(error) if error.is_missing_token() => {
            report.skipped("project token", "PROJECT_ID is not set");
            None
        }
        outcome => token("project token", outcome, report),
    };
    match client.sts().whoami().await {
        Ok(who) => report.passed("whoami", format!("a {}", who.principal_type)),
        Err(error) => report.failed("whoami", &error.to_string(), advice(&error)),
    }
    match client.well_known().get_well_known_jwks().await {
        Ok(set) => report.passed("key set", format!("{} keys", set.keys.len())),
        Err(error) => report.failed("key set", &error.to_string(), advice(&error)),
    }
    if let Some(project) = &project {
        verified(&client, project, report).await;
    }
    recorder.keep("user token", &user);
    if let Some(project) = &project {
        recorder.keep("project token", project);
    }
}

/// Whether the token endpoint responds, and how far its clock is from this machine's.
fn endpoint(user: &Result<AccessToken, IamError>, recorder: &Recorder, report: &mut Report) {
    if let Err(error) = user
        && (error.is_connect() || error.is_timeout() || error.is_connection_lost())
    {
        let advice = "check the network, a proxy (HTTPS_PROXY), and TOKEN_ENDPOINT";
        report.failed("token endpoint", &error.to_string(), advice);
        return;
    }
    report.passed("token endpoint", "responds".to_owned());
    match recorder.clock_difference() {
        None => report.skipped("clock", "no response had a date"),
        Some(seconds) if seconds.abs() <= 60 => report.passed("clock", format!("{seconds} s apart")),
        Some(seconds) => report.failed(
            "clock",
            &format!("the service's clock is {seconds} s ahead of this machine's"),
            "set this machine's clock: assertions are valid for 300 s",
        ),
    }
}

fn token(
    step: &'static str,
    outcome: Result<AccessToken, IamError>,
    report: &mut Report,
) -> Option<AccessToken> {
    match outcome {
        Ok(token) => {
            report.passed(step, "received".to_owned());
            Some(token)
        }
        Err(error) => {
            report.failed(step, &error.to_string(), advice(&error));
            None
        }
    }
}

/// Verifies the own project token, as a service that receives it would.
async fn verified(client: &Client, token: &AccessToken, report: &mut Report) {
    let Some(project_id) = shapes::project_id(token) else {
        let advice = "run with --shapes and report the shape of the project token in an issue";
        return report.failed("verification", "the project token does not name its project", advice);
    };
    let verifier = TokenVerifier::for_project(client, project_id);
    let outcome = match verifier {
        Ok(verifier) => verifier.verify(token.secret()).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(claims) => {
            let left = claims.expires_at.duration_since(SystemTime::now()).unwrap_or(Duration::ZERO);
            report.passed(
                "verification",
                format!("the project token verifies, valid for {} s", left.as_secs()),
            );
        }
        Err(error) => report.failed("verification", &error.to_string(), advice(&error)),
    }
}

/// What to do about an error.
fn advice(error: &IamError) -> &'static str {
    match error.service_error().and_then(|error| error.name()) {
        Some("invalid_client") => {
            "check TOKEN_ID and that the public key of PRIVATE_KEY is registered for it; if the clock step failed, set the clock"
        }
        Some("invalid_request") => "check KEY_ID: it must be the registered id of the key, or unset",
        _ if error.is_connect() || error.is_timeout() => {
            "check the network, a proxy (HTTPS_PROXY), and API_GATEWAY_URL"
        }
        _ if error.is_token_rejected() => "run with --shapes and report the shapes in an issue",
        _ if error.is_unauthorized() => {
            "the service refuses the token: check that it belongs to this deployment"
        }
        _ if error.is_forbidden() => {
            "add the personal access token to the project, and give it a policy that allows this"
        }
        _ if error.is_not_found() => {
            "check PROJECT_ID, and that the personal access token is a principal of the project"
        }
        _ if error.is_server_error() || error.is_rate_limited() => {
            "the service has a problem: try again later"
        }
        _ => "see docs/guides/errors-and-retries.md",
    }
}

//! The doctor finds each fault of a set-up, says what to do about it, and prints no secret. It runs as a program, against a local
//! service on a real socket.
//!
//! `cargo test` builds the program; before `cargo test --test doctor`, run `cargo build --example doctor`.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking; clippy.toml only covers the functions marked as tests"
)]

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use affinidi_iam_local::{GatewayFailure, LocalIam};
use affinidi_tdk_iam_client::serde_json::json;

/// Longer than a run takes, on any machine.
const LIMIT: Duration = Duration::from_secs(60);

const ENCRYPTED_KEY: &str = include_str!("auth/keys/rsa-pbkdf2-sha256-aes256.pem");
const PASSPHRASE: &str = "not-the-passphrase-of-this-key";

/// The variables of a healthy set-up.
fn healthy(iam: &LocalIam) -> BTreeMap<&'static str, String> {
    iam.environment().into_iter().collect()
}

/// What became of a run.
struct Run {
    printed: String,
    code: Option<i32>,
}

impl Run {
    /// Runs the doctor with these variables and no others of its own; whatever it prints must hold no secret.
    fn of(variables: &BTreeMap<&'static str, String>, arguments: &[&str]) -> Self {
        let target = std::env::current_exe().unwrap();
        let target = target.parent().and_then(Path::parent).unwrap().join("examples");
        let mut command = Command::new(target.join(format!("doctor{}", std::env::consts::EXE_SUFFIX)));
        for name in [
            "TOKEN_ID",
            "PROJECT_ID",
            "PRIVATE_KEY",
            "PRIVATE_KEY_FILE",
            "PASSPHRASE_FILE",
            "PASSPHRASE",
            "KEY_ID",
            "TOKEN_ENDPOINT",
            "API_GATEWAY_URL",
            "AFFINIDI_TDK_ENVIRONMENT",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "ALL_PROXY",
        ] {
            command.env_remove(name).env_remove(name.to_lowercase());
        }
        command.args(arguments).envs(variables);
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let child = child.expect("the doctor is built: run `cargo build --example doctor`");
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || sender.send(child.wait_with_output()));
        let output = receiver.recv_timeout(LIMIT).expect("it ends in time").unwrap();
        let printed = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();

        for name in ["PRIVATE_KEY", "PASSPHRASE"] {
            let secret = variables.get(name).map_or("", String::as_str);
            for line in secret.lines().filter(|line| line.len() > 10 && !line.starts_with("-----")) {
                assert!(!printed.contains(line), "a part of {name} is printed:\n{printed}");
            }
        }
        // The first characters of every JSON Web Token: `{"` in base64url.
        assert!(!printed.contains("eyJ"), "a token or an assertion is printed:\n{printed}");
        Self { printed, code: output.status.code() }
    }

    /// The line of a step.
    fn line(&self, step: &str) -> &str {
        let of_step = |line: &&str| {
            line.get(9..)
                .is_some_and(|line| line.strip_prefix(step).is_some_and(|rest| rest.starts_with(' ')))
        };
        self.printed.lines().find(of_step).unwrap_or_else(|| panic!("no line of {step}:\n{}", self.printed))
    }

    /// Checks that `step` and no other failed, for this reason, with this advice, and that these steps were skipped.
    fn assert_failed(&self, step: &str, why: &str, advice: &str, skipped: &[&str]) {
        let (line, printed) = (self.line(step), &self.printed);
        assert!(line.starts_with("FAILED"), "{step} has not failed:\n{printed}");
        assert!(line.contains(why), "{step} has not failed because of {why:?}:\n{printed}");
        let after = printed.lines().skip_while(|other| *other != line).nth(1).unwrap_or_default();
        assert!(after.trim_start().starts_with("-> "), "no advice after {step}:\n{printed}");
        assert!(after.contains(advice), "no advice {advice:?} after {step}:\n{printed}");
        for step in skipped {
            assert!(self.line(step).starts_with("skipped"), "{step} was not skipped:\n{printed}");
        }
        let lines = |outcome: &str| printed.lines().filter(|line| line.starts_with(outcome)).count();
        assert_eq!(lines("FAILED"), 1, "another step failed:\n{printed}");
        assert_eq!(lines("skipped"), skipped.len(), "another step was skipped:\n{printed}");
        assert!(printed.ends_with("not healthy; steps that failed: 1\n"), "{printed}");
        assert_eq!(self.code, Some(1), "{printed}");
    }
}

#[tokio::test]
async fn a_healthy_setup_passes_every_step() {
    let iam = LocalIam::start().await.unwrap();
    let run = Run::of(&healthy(&iam), &[]);
    for (step, what) in [
        ("variables", "PRIVATE_KEY"),
        ("key", "signs ES256"),
        ("token endpoint", "responds"),
        ("clock", " s "),
        ("user token", "fetched, valid for 3600 s"),
        ("project token", "fetched, valid for 3600 s"),
        ("whoami", "token "),
        ("key set", "5 published, for ES256"),
        ("verification", "the project token is valid: token/"),
    ] {
        let line = run.line(step);
        assert!(line.starts_with("ok ") && line.contains(what), "no {what:?} in {line:?}:\n{}", run.printed);
    }
    assert!(run.printed.ends_with("healthy\n") && run.code == Some(0), "{}", run.printed);
    assert!(!run.printed.contains(&iam.seeds().token_id().to_string()), "ids are shortened");
}

#[tokio::test]
async fn a_setup_without_a_project_is_healthy_and_skips_what_needs_one() {
    let iam = LocalIam::start().await.unwrap();
    let mut variables = healthy(&iam);
    variables.remove("PROJECT_ID");
    let run = Run::of(&variables, &[]);
    assert!(run.line("project token").starts_with("skipped"), "{}", run.printed);
    assert!(run.line("project token").contains("set it to call"), "{}", run.printed);
    assert!(run.line("verification").starts_with("skipped"), "{}", run.printed);
    assert_eq!(run.code, Some(0), "{}", run.printed);
}

#[tokio::test]
async fn a_missing_variable_is_named() {
    let iam = LocalIam::start().await.unwrap();
    let mut variables = healthy(&iam);
    variables.insert("TOKEN_ID", String::new());
    let skipped = ["key", "user token", "project token", "whoami", "verification"];
    Run::of(&variables, &[]).assert_failed(
        "variables",
        "not set: TOKEN_ID",
        "the id and the private key",
        &skipped,
    );
}

#[tokio::test]
async fn an_environment_that_does_not_exist_fails_before_anything_is_sent() {
    let iam = LocalIam::start().await.unwrap();
    let mut variables = healthy(&iam);
    variables.insert("AFFINIDI_TDK_ENVIRONMENT", "staging".to_owned());
    let skipped = [
        "key",
        "token endpoint",
        "clock",
        "user token",
        "project token",
        "whoami",
        "key set",
        "verification",
    ];
    let run = Run::of(&variables, &[]);
    run.assert_failed("variables", "`staging`", "correct AFFINIDI_TDK_ENVIRONMENT", &skipped);
}

#[tokio::test]
async fn a_damaged_key_is_found_without_the_service() {
    let iam = LocalIam::start().await.unwrap();
    let mut variables = healthy(&iam);
    let damaged = iam.seeds().private_key_pem().replacen("MIG", "MI*", 1);
    assert_ne!(damaged, iam.seeds().private_key_pem());
    variables.insert("PRIVATE_KEY", damaged);
    let skipped = ["user token", "project token", "whoami", "verification"];
    Run::of(&variables, &[]).assert_failed("key", "damaged", "copy the PEM file", &skipped);
}

#[tokio::test]
async fn the_name_of_a_file_in_place_of_its_text_has_its_own_advice() {
    let iam = LocalIam::start().await.unwrap();
    let mut variables = healthy(&iam);
    variables.insert("PRIVATE_KEY", "/run/secrets/key.pem".to_owned());
    let skipped = ["user token", "project token", "whoami", "verification"];
    Run::of(&variables, &[]).assert_failed("key", "not a PEM-encoded", "not the file's name", &skipped);
}

#[tokio::test]
async fn a_key_in_a_file_is_examined_as_well() {
    let iam = LocalIam::start().await.unwrap();
    let path = std::env::temp_dir().join(format!("iam-doctor-{}.pem", std::process::id()));
    std::fs::write(&path, iam.seeds().private_key_pem()).unwrap();
    let mut variables = healthy(&iam);
    let pem = variables.remove("PRIVATE_KEY").unwrap();
    variables.insert("PRIVATE_KEY_FILE", path.to_str().unwrap().to_owned());
    let run = Run::of(&variables, &[]);
    assert!(run.line("key").starts_with("ok") && run.code == Some(0), "{}", run.printed);
    std::fs::remove_file(path).unwrap();
    let skipped = ["user token", "project token", "whoami", "verification"];
    Run::of(&variables, &[]).assert_failed("key", "cannot be read", "the name of a file", &skipped);
    variables.insert("PRIVATE_KEY", pem);
    let run = Run::of(&variables, &[]);
    assert!(
        run.line("variables").contains("PRIVATE_KEY and PRIVATE_KEY_FILE are both set"),
        "{}",
        run.printed
    );
}

#[tokio::test]
async fn a_wrong_passphrase_is_found_without_the_service() {
    let iam = LocalIam::start().await.unwrap();
    let mut variables = healthy(&iam);
    variables.insert("PRIVATE_KEY", ENCRYPTED_KEY.to_owned());
    variables.insert("PASSPHRASE", PASSPHRASE.to_owned());
    let skipped = ["user token", "project token", "whoami", "verification"];
    Run::of(&variables, &[]).assert_failed("key", "the passphrase does not open", "set PASSPHRASE", &skipped);
}

#[tokio::test]
async fn an_unknown_token_id_fails_at_the_user_token() {
    let iam = LocalIam::start().await.unwrap();
    let mut variables = healthy(&iam);
    variables.insert("TOKEN_ID", "3f1b7c52-0a7e-4c1d-9a53-2f3f6a1b8c11".to_owned());
    let skipped = ["project token", "whoami", "verification"];
    Run::of(&variables, &[]).assert_failed("user token", "invalid_client", "check TOKEN_ID", &skipped);
}

#[tokio::test]
async fn an_unregistered_key_id_fails_at_the_user_token() {
    let iam = LocalIam::start().await.unwrap();
    let mut variables = healthy(&iam);
    variables.insert("KEY_ID", "another-key".to_owned());
    let skipped = ["project token", "whoami", "verification"];
    Run::of(&variables, &[]).assert_failed("user token", "invalid_request", "check KEY_ID", &skipped);
}

#[tokio::test]
async fn an_endpoint_that_cannot_be_reached_has_advice_about_the_network() {
    let iam = LocalIam::start().await.unwrap();
    let mut variables = healthy(&iam);
    // Nobody listens on a port that was free a moment ago.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    variables.insert("TOKEN_ENDPOINT", format!("http://127.0.0.1:{port}/auth/oauth2/token"));
    let skipped = ["clock", "user token", "project token", "whoami", "verification"];
    Run::of(&variables, &[]).assert_failed("token endpoint", &port.to_string(), "firewall", &skipped);
}

#[tokio::test]
async fn an_address_that_is_no_token_endpoint_is_found() {
    let iam = LocalIam::start().await.unwrap();
    iam.fault("patToken").body("<html>Sign in</html>").status(200).unwrap();
    let skipped = ["user token", "project token", "whoami", "verification"];
    let run = Run::of(&healthy(&iam), &[]);
    run.assert_failed("token endpoint", "200", "a proxy responds in its place", &skipped);
}

#[tokio::test]
async fn a_clock_that_differs_is_found_even_if_the_service_tolerates_it() {
    let iam = LocalIam::start().await.unwrap();
    // The service is two minutes ahead, and dates its responses by its own clock.
    iam.clock().advance(Duration::from_secs(120));
    let run = Run::of(&healthy(&iam), &[]);
    let (line, printed) = (run.line("clock"), &run.printed);
    assert!(line.starts_with("FAILED") && line.contains("behind the service"), "{printed}");
    assert!(printed.contains("-> set the clock of this machine"), "{printed}");
    // The tokens are issued in the future, which receivers on this machine refuse.
    assert!(run.line("user token").starts_with("ok"), "{printed}");
    assert!(run.line("verification").starts_with("FAILED"), "{printed}");
    assert_eq!(run.code, Some(1), "{printed}");
}

#[tokio::test]
async fn a_clock_by_which_assertions_have_expired_is_the_first_advice() {
    let iam = LocalIam::start().await.unwrap();
    iam.clock().advance(Duration::from_secs(3600));
    let run = Run::of(&healthy(&iam), &[]);
    assert!(run.line("clock").starts_with("FAILED"), "{}", run.printed);
    assert!(run.line("user token").starts_with("FAILED"), "{}", run.printed);
    assert!(run.printed.contains("-> set the clock first"), "{}", run.printed);
}

#[tokio::test]
async fn a_project_that_the_token_does_not_belong_to_fails_at_the_project_token() {
    let iam = LocalIam::start().await.unwrap();
    let project = iam.add_project("foreign").unwrap();
    let mut variables = healthy(&iam);
    variables.insert("PROJECT_ID", project.id);
    let run = Run::of(&variables, &[]);
    run.assert_failed("project token", "403", "must be a principal of this project", &["verification"]);
}

#[tokio::test]
async fn a_key_set_that_is_not_available_fails_and_its_verification_is_skipped() {
    let iam = LocalIam::start().await.unwrap();
    iam.fault("getWellKnownJwks").status(503).unwrap();
    let run = Run::of(&healthy(&iam), &[]);
    run.assert_failed("key set", "503", "run this again later", &["verification"]);
}

#[tokio::test]
async fn a_403_of_a_gateway_has_advice_about_the_address() {
    let iam = LocalIam::start().await.unwrap();
    iam.fault("whoami").gateway(GatewayFailure::Firewall).unwrap();
    let run = Run::of(&healthy(&iam), &[]);
    run.assert_failed("whoami", "403", "check API_GATEWAY_URL", &[]);
}

#[tokio::test]
async fn shapes_name_claims_and_types_and_shorten_ids() {
    let iam = LocalIam::start().await.unwrap();
    let run = Run::of(&healthy(&iam), &["--shapes"]);
    for shape in [
        "createProjectScopedToken: 200",
        "aud: \"elements_api\"",
        "expiresIn: 3600",
        "error_description: string",
        "typ: \"JWT\"",
        "lifetime 3600 s",
        "kid: string",
        "getWellKnownJwks: 200",
        "  headers: ",
    ] {
        assert!(run.printed.contains(shape), "no {shape:?}:\n{}", run.printed);
    }
    for id in [iam.seeds().token_id(), iam.seeds().project_id(), iam.seeds().user_id()] {
        assert!(!run.printed.contains(&id.to_string()), "an id is printed:\n{}", run.printed);
    }
    assert_eq!(run.code, Some(0), "{}", run.printed);
}

#[tokio::test]
async fn a_secret_that_the_service_sends_back_is_not_printed() {
    let iam = LocalIam::start().await.unwrap();
    let secret = "c2VjcmV0LW9mLXRoZS1zZXJ2aWNl";
    let body =
        json!({"name": secret, "message": secret, "scope": secret, secret: {"sub": secret}, "alg": secret});
    iam.fault("getWellKnownJwks").body(body).serve().unwrap();
    let run = Run::of(&healthy(&iam), &["--shapes"]);
    assert!(!run.printed.contains(secret), "{}", run.printed);
}

#[test]
fn without_any_variable_a_local_service_is_examined() {
    let run = Run::of(&BTreeMap::new(), &[]);
    assert!(run.printed.starts_with("No variable is set"), "{}", run.printed);
    assert!(run.line("verification").starts_with("ok"), "{}", run.printed);
    assert_eq!(run.code, Some(0), "{}", run.printed);
}

#[test]
fn help_lists_every_variable_and_an_unknown_argument_fails() {
    let help = Run::of(&BTreeMap::new(), &["--help"]);
    for name in
        ["TOKEN_ID", "PRIVATE_KEY", "PASSPHRASE", "KEY_ID", "PROJECT_ID", "API_GATEWAY_URL", "TOKEN_ENDPOINT"]
    {
        assert!(help.printed.contains(name), "{name}");
    }
    assert_eq!(help.code, Some(0));
    assert_eq!(Run::of(&BTreeMap::new(), &["--shape"]).code, Some(2));
}

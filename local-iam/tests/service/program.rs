//! The program: its command line, its ready line, its end.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::database::Folder;
use crate::support::*;

struct Program {
    child: Child,
    ready: Value,
}

impl Program {
    fn start(arguments: &[&str]) -> Self {
        let mut child = command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line).unwrap_or_else(|_| panic!("no ready line but {line:?}"));
        Self { child, ready }
    }

    fn url(&self, name: &str) -> &str {
        self.ready[name].as_str().unwrap()
    }

    fn signal(&self, name: &str) {
        assert!(Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap().success());
    }

    async fn user_token(&self) -> String {
        let url = format!("{}/user-tokens", self.url("management_url"));
        let body: Value = post(&url, &json!({})).await.json().await.unwrap();
        body["accessToken"].as_str().unwrap().to_owned()
    }

    async fn create_project(&self) -> String {
        let request = reqwest::Client::new().post(format!("{}/v1/projects", self.url("iam_base_url")));
        let request =
            request.header("authorization", self.user_token().await).json(&json!({ "name": "kept" }));
        let body: Value = request.send().await.unwrap().json().await.unwrap();
        body["id"].as_str().unwrap().to_owned()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn unproven_behaviour_is_an_option() {
    for (arguments, status) in [(&[][..], 400), (&["--unproven"][..], 200)] {
        let program = Program::start(arguments);
        let endpoint = format!("{}/v1/consumer/oauth2/token", program.url("iam_base_url"));
        let consumer = Consumer::p256();
        let now = jsonwebtoken::get_current_timestamp();
        let claims = json!({
            "iss": consumer.did, "sub": consumer.did, "aud": endpoint,
            "jti": fresh_id(), "iat": now, "exp": now + 300,
        });
        let body = with(&input(&consumer.sign(&consumer.header(), &claims)), "scope", json!("openid"));
        assert_eq!(post(&endpoint, &body).await.status(), status, "{arguments:?}");
    }
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_affinidi-iam-local"));
    command.args(arguments);
    command
}

#[tokio::test]
async fn the_ready_line_has_all_a_client_needs_and_is_all_of_standard_output() {
    let mut program = Program::start(&["--port", "0"]);
    let base = program.url("iam_base_url").strip_suffix("/iam").unwrap().to_owned();
    assert_eq!(program.url("token_endpoint"), format!("{base}/auth/oauth2/token"));
    assert_eq!(program.url("management_url"), format!("{base}/__local/v1"));
    for id in ["user_id", "project_id", "token_id"] {
        uuid::Uuid::parse_str(program.url(id)).unwrap();
    }
    assert_eq!(reqwest::get(format!("{base}/healthz")).await.unwrap().status(), 200);
    program.signal("-TERM");
    assert!(program.child.wait().unwrap().success());
    let mut rest = String::new();
    program.child.stdout.take().unwrap().read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "");
}

#[tokio::test]
async fn signals_let_a_running_request_finish() {
    for signal in ["-TERM", "-INT"] {
        let mut program = Program::start(&[]);
        let faults = format!("{}/faults", program.url("management_url"));
        let rule = json!({ "operation": "getWellKnownJwks", "times": 1, "delayMilliseconds": 300 });
        post(&faults, &rule).await;
        let url = format!("{}/.well-known/jwks.json", program.url("iam_base_url"));
        let running = tokio::spawn(reqwest::get(url.clone()));
        // The rule counts the request when it arrives, and only then delays it.
        let counted = async || reqwest::get(&faults).await.unwrap().json::<Value>().await.unwrap();
        while counted().await["faults"][0]["times"] != 0 {}
        program.signal(signal);
        assert_eq!(running.await.unwrap().unwrap().status(), 200, "{signal}");
        assert!(program.child.wait().unwrap().success());
        assert!(reqwest::get(&url).await.unwrap_err().is_connect());
    }
}

#[tokio::test]
async fn what_was_acknowledged_survives_being_killed() {
    let folder = Folder::new();
    let file = folder.file();
    let arguments = ["--database", file.to_str().unwrap()];
    let mut ids = Vec::new();
    for _ in 0..3 {
        let mut program = Program::start(&arguments);
        for _ in 0..5 {
            ids.push(program.create_project().await);
        }
        program.signal("-KILL");
        program.child.wait().unwrap();
    }
    let program = Program::start(&arguments);
    let request = reqwest::Client::new().get(format!("{}/v1/projects", program.url("iam_base_url")));
    let list: Value = request
        .header("authorization", program.user_token().await)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let listed: Vec<_> =
        list["projects"].as_array().unwrap().iter().skip(1).map(|project| project["id"].clone()).collect();
    assert_eq!(listed, ids);
}

#[tokio::test]
async fn a_second_process_on_the_same_file_says_why_it_ends() {
    let folder = Folder::new();
    let file = folder.file();
    let arguments = ["--database", file.to_str().unwrap()];
    let _first = Program::start(&arguments);
    let second = command(&arguments).output().unwrap();
    assert!(!second.status.success());
    assert_eq!(second.stdout, b"");
    let message = String::from_utf8(second.stderr).unwrap();
    assert!(message.contains("another process is using it"), "{message}");
}

#[test]
fn help_names_every_option_and_wrong_ones_are_refused() {
    let help = command(&["--help"]).output().unwrap();
    assert!(help.status.success());
    let help = String::from_utf8(help.stdout).unwrap();
    for option in ["--listen", "--port", "--public-url", "--database", "--unproven", "--help", "--version"] {
        assert!(help.contains(option), "{option}");
    }
    for wrong in [
        &["--prot", "1"][..],
        &["--port", "many"],
        &["--port", "99999"],
        &["--port"],
        &["--listen", "localhost"],
        &["iam.sqlite"],
    ] {
        let output = command(wrong).output().unwrap();
        assert!(!output.status.success() && output.stdout.is_empty(), "{wrong:?}");
        let message = String::from_utf8(output.stderr).unwrap();
        assert!(message.contains("--help") && message.contains(wrong[0]), "{wrong:?}: {message}");
    }
}

#[tokio::test]
async fn the_ready_line_has_the_public_address() {
    let program = Program::start(&["--public-url", "https://iam.example.org"]);
    for (name, path) in [
        ("iam_base_url", "/iam"),
        ("token_endpoint", "/auth/oauth2/token"),
        ("management_url", "/__local/v1"),
        ("reference_url", "/"),
    ] {
        assert_eq!(program.url(name), format!("https://iam.example.org{path}"));
    }
    let refused = command(&["--public-url", "https://iam.example.org/iam"]).output().unwrap();
    assert!(!refused.status.success() && refused.stdout.is_empty());
    assert!(String::from_utf8(refused.stderr).unwrap().contains("have no path"));
}

#[test]
fn listening_beyond_this_machine_has_a_warning() {
    // No machine has this address (RFC 5737), so nothing is listened on.
    let output = command(&["--listen", "192.0.2.1", "--port", "8080"]).output().unwrap();
    assert!(!output.status.success());
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("WARNING") && message.contains("private keys"), "{message}");
    assert!(message.contains("cannot listen on 192.0.2.1:8080"), "{message}");
}

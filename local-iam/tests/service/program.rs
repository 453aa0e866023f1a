//! The program: its command line, its ready line, its end.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::task::JoinSet;

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
    assert_eq!(program.url("gateway_url"), base);
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

/// Creates projects until the program does not respond any more, and notes the id of each that it acknowledged.
async fn create_projects(url: String, token: String, acknowledged: Arc<Mutex<Vec<String>>>) {
    let client = reqwest::Client::new();
    loop {
        let request = client.post(&url).header("authorization", &token).json(&json!({ "name": "kept" }));
        let Ok(response) = request.send().await else { return };
        assert_eq!(response.status(), 200);
        let Ok(project) = response.json::<Value>().await else { return };
        acknowledged.lock().unwrap().push(project["id"].as_str().unwrap().to_owned());
    }
}

#[tokio::test]
async fn what_was_acknowledged_survives_being_killed_in_the_middle_of_writes() {
    let folder = Folder::new();
    let file = folder.file();
    let arguments = ["--database", file.to_str().unwrap()];
    let acknowledged = Arc::new(Mutex::new(Vec::new()));
    for round in 1..=3 {
        let mut program = Program::start(&arguments);
        let mut writers = JoinSet::new();
        for _ in 0..4 {
            let url = format!("{}/v1/projects", program.url("iam_base_url"));
            writers.spawn(create_projects(url, program.user_token().await, acknowledged.clone()));
        }
        while acknowledged.lock().unwrap().len() < 50 * round {
            tokio::task::yield_now().await;
        }
        program.signal("-KILL");
        program.child.wait().unwrap();
        while let Some(writer) = writers.join_next().await {
            writer.unwrap();
        }
    }
    let program = Program::start(&arguments);
    let (client, token) = (reqwest::Client::new(), program.user_token().await);
    let acknowledged = acknowledged.lock().unwrap().clone();
    for id in acknowledged {
        let url = format!("{}/v1/projects/{id}", program.url("iam_base_url"));
        assert_eq!(
            client.get(url).header("authorization", &token).send().await.unwrap().status(),
            200,
            "{id}"
        );
    }
    let db = rusqlite::Connection::open(file).unwrap();
    let check: String = db.pragma_query_value(None, "integrity_check", |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
}

#[tokio::test]
async fn a_second_process_on_the_same_file_says_why_it_ends() {
    let folder = Folder::new();
    let file = folder.file();
    let arguments = ["--database", file.to_str().unwrap()];
    let _first = Program::start(&arguments);
    let second = command(&arguments).output().unwrap();
    assert_eq!((second.status.code(), second.stdout.len()), (Some(1), 0));
    let message = String::from_utf8(second.stderr).unwrap();
    assert!(message.contains("another process is using it"), "{message}");
}

#[test]
fn help_names_every_option_and_wrong_ones_are_refused() {
    let help = command(&["--help"]).output().unwrap();
    assert!(help.status.success());
    let help = String::from_utf8(help.stdout).unwrap();
    let options = [
        "--listen",
        "--port",
        "--public-url",
        "--database",
        "--unproven",
        "--print-env",
        "--help",
        "--version",
    ];
    for option in options {
        assert!(help.contains(option), "{option}");
    }
    for wrong in [
        &["--prot", "1"][..],
        &["--port", "many"],
        &["--port", "99999"],
        &["--port", "-1"],
        &["--port"],
        &["--listen", "localhost"],
        &["--unproven=yes"],
        &["--public-url", "https://iam.example.org/iam"],
        &["--public-url", "iam.example.org"],
        &["--print-env"],
        &["--print-env", "--port", "8080", "--unproven"],
        &["iam.sqlite"],
    ] {
        let output = command(wrong).output().unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{wrong:?}");
        let message = String::from_utf8(output.stderr).unwrap();
        let named = match wrong {
            [option, value] if *option != "--prot" => format!("{option} {value:?}"),
            [option, ..] => option.split('=').next().unwrap().to_owned(),
            [] => unreachable!(),
        };
        assert!(message.contains("--help") && message.contains(&named), "{named:?}: {message}");
        assert_eq!(message.lines().count(), 1, "{message}");
    }
}

/// Runs lines in a shell whose search path begins with the program's folder.
fn shell(script: &str) -> std::process::Output {
    let folder = std::path::Path::new(env!("CARGO_BIN_EXE_affinidi-iam-local")).parent().unwrap();
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    Command::new("sh").args(["-euc", script]).env("PATH", path).output().unwrap()
}

#[tokio::test]
async fn the_printed_environment_is_that_of_a_client_of_the_running_service() {
    let program = Program::start(&[]);
    let port = program.url("gateway_url").rsplit(':').next().unwrap();
    let folder = Folder::new();
    let file = folder.file();
    let file = file.display();
    // Of another service: none of these may stay.
    let before = "export KEY_ID=other TOKEN_ENDPOINT=https://auth.example.org";
    let print = r#"printf '%s|' "$API_GATEWAY_URL" "$TOKEN_ENDPOINT" "$PROJECT_ID" "$TOKEN_ID" "$KEY_ID" "$PRIVATE_KEY""#;
    let ask = format!("affinidi-iam-local --port {port} --print-env");
    for script in [
        format!("{before}; eval \"$({ask})\"; {print}"),
        format!("{before}; {ask} >{file}; . {file}; {print}"),
    ] {
        let output = shell(&script);
        assert!(output.status.success(), "{output:?}");
        let printed = String::from_utf8(output.stdout).unwrap();
        let [gateway, endpoint, project, token, key_id, pem, ""] = printed.split('|').collect::<Vec<_>>()[..]
        else {
            panic!("{printed}")
        };
        assert_eq!(gateway, program.url("gateway_url"));
        assert_eq!((project, token, key_id), (program.url("project_id"), program.url("token_id"), token));
        let credential = affinidi_tdk_iam_client::auth::PersonalAccessToken::builder()
            .token_id(token)
            .key_id(key_id)
            .private_key_pem(pem)
            .project_id(project)
            .token_endpoint(endpoint)
            .base_url(format!("{gateway}/iam"));
        credential.build().unwrap().project_token().await.unwrap();
    }
}

#[test]
fn the_environment_of_a_service_that_is_being_started_is_waited_for() {
    // A port that was free a moment ago.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let script = format!(
        "affinidi-iam-local --port {port} --print-env & asking=$!
         affinidi-iam-local --port {port} >/dev/null & serving=$!
         wait $asking && code=0 || code=$?
         kill $serving; exit $code"
    );
    let output = shell(&script);
    assert!(output.status.success(), "{output:?}");
    assert!(String::from_utf8(output.stdout).unwrap().contains(&format!("\"http://127.0.0.1:{port}\"")));
}

#[test]
fn another_web_server_has_no_environment() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        use std::io::Write;
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    });
    let output = command(&["--port", &port.to_string(), "--print-env"]).output().unwrap();
    server.join().unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(
        message.contains(&format!("no service at http://127.0.0.1:{port}: it responded with status 404")),
        "{message}"
    );
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
    assert_eq!((refused.status.code(), refused.stdout.len()), (Some(2), 0));
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

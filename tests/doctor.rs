//! The doctor, as a program: healthy, and with each fault it names the failing step, what to do, and no secret.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::PathBuf;
use std::process::{Command, Stdio};

use affinidi_iam_local::LocalIam;

const ENCRYPTED: &str = include_str!("auth/keys/p256-pbkdf2-sha512-aes192.pem");

/// A set-up for the local service.
struct SetUp(Vec<(&'static str, String)>);

impl SetUp {
    fn of(iam: &LocalIam) -> Self {
        let seeds = iam.seeds();
        Self(vec![
            ("TOKEN_ID", seeds.token_id().to_string()),
            ("PROJECT_ID", seeds.project_id().to_string()),
            ("PRIVATE_KEY", seeds.private_key_pem().to_string()),
            ("TOKEN_ENDPOINT", iam.token_endpoint()),
            ("API_GATEWAY_URL", iam.base_url().trim_end_matches("/iam").to_owned()),
        ])
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.0.retain(|(other, _)| *other != name);
        self.0.push((name, value.to_owned()));
        self
    }

    fn without(mut self, name: &'static str) -> Self {
        self.0.retain(|(other, _)| *other != name);
        self
    }

    /// What the doctor prints, and its exit code.
    fn examined(&self, arguments: &[&str]) -> (String, i32) {
        let folder = std::env::current_exe().unwrap();
        let folder: PathBuf = folder.parent().unwrap().parent().unwrap().join("examples");
        let program = folder.join(format!("doctor{}", std::env::consts::EXE_SUFFIX));
        let mut command = Command::new(program);
        for name in
            ["PASSPHRASE", "KEY_ID", "AFFINIDI_TDK_ENVIRONMENT", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"]
        {
            command.env_remove(name).env_remove(name.to_lowercase());
        }
        for name in ["TOKEN_ID", "PROJECT_ID", "PRIVATE_KEY", "TOKEN_ENDPOINT", "API_GATEWAY_URL"] {
            command.env_remove(name);
        }
        command.args(arguments).envs(self.0.iter().cloned()).stdin(Stdio::null());
        let output = command.output().expect("the example is built: `cargo build --examples`");
        let printed =
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        for (name, secret) in &self.0 {
            if matches!(*name, "PRIVATE_KEY" | "PASSPHRASE") {
                let secrets = secret.lines().filter(|line| line.len() > 8 && !line.starts_with("-----"));
                secrets
                    .for_each(|secret| assert!(!printed.contains(secret), "{name} is printed:\n{printed}"));
            }
        }
        assert!(!printed.contains("eyJ"), "a token is printed:\n{printed}");
        (printed, output.status.code().unwrap())
    }

    /// Fails unless this step fails, with this in the text and this advice.
    async fn fails(self, step: &str, parts: &[&str]) {
        let (printed, code) = tokio::task::spawn_blocking(move || self.examined(&[])).await.unwrap();
        let mut lines = printed.lines();
        let line = lines.find(|line| line.starts_with(&format!("FAILED   {step}")));
        let found =
            format!("{}\n{}", line.unwrap_or_else(|| panic!("{step}:\n{printed}")), lines.next().unwrap());
        for part in parts {
            assert!(found.contains(part), "{part}:\n{printed}");
        }
        assert_eq!(code, 1, "{printed}");
    }
}

async fn manage(iam: &LocalIam, method: &str, path: &str, body: &str) {
    let request =
        reqwest::Client::new().request(method.parse().unwrap(), format!("{}{path}", iam.management_url()));
    let response =
        request.header("content-type", "application/json").body(body.to_owned()).send().await.unwrap();
    assert!(response.status().is_success(), "{}", response.text().await.unwrap());
}

#[tokio::test]
async fn a_healthy_set_up_passes_every_step_and_its_shapes_hold_no_values() {
    let iam = LocalIam::start().await.unwrap();
    let set_up = SetUp::of(&iam);
    let ids: Vec<_> = [0, 1].map(|n| set_up.0[n].1.clone()).into();
    let (printed, code) = tokio::task::spawn_blocking(move || set_up.examined(&["--shapes"])).await.unwrap();
    assert_eq!(code, 0, "{printed}");
    for step in
        ["key", "address", "token endpoint", "clock", "user token", "project token", "whoami", "key set"]
    {
        assert!(printed.contains(&format!("ok       {step}")), "{step}:\n{printed}");
    }
    assert!(printed.contains("ok       verification") && printed.contains("healthy"), "{printed}");
    let shapes = printed.split("shapes, without values").nth(1).unwrap();
    assert!(shapes.contains("scp: list of 1 string") && shapes.contains("lifetime 3600 s"), "{shapes}");
    assert!(ids.iter().all(|id| !shapes.contains(id)), "{shapes}");
}

#[tokio::test]
async fn a_fault_of_the_set_up_is_named_with_what_to_do() {
    let iam = LocalIam::start().await.unwrap();
    let set_up = || SetUp::of(&iam);
    set_up().without("PRIVATE_KEY").fails("variables", &["-> set PRIVATE_KEY"]).await;
    set_up()
        .with("AFFINIDI_TDK_ENVIRONMENT", "staging")
        .without("API_GATEWAY_URL")
        .fails("variables", &["`prod`"])
        .await;
    let damaged = iam.seeds().private_key_pem().to_string().replace("END", "EnD");
    set_up().with("PRIVATE_KEY", &damaged).fails("key", &["not a PEM-encoded", "whole PEM text"]).await;
    let encrypted = set_up().with("PRIVATE_KEY", ENCRYPTED).with("PASSPHRASE", "wrong-passphrase");
    encrypted.fails("key", &["passphrase does not open", "PASSPHRASE what opens it"]).await;
    let unknown = "00000000-0000-4000-8000-000000000009";
    set_up().with("TOKEN_ID", unknown).fails("user token", &["invalid_client", "check TOKEN_ID"]).await;
    set_up().with("KEY_ID", "another").fails("user token", &["invalid_request", "check KEY_ID"]).await;
    let closed = set_up().with("TOKEN_ENDPOINT", "http://127.0.0.1:1/token");
    closed.fails("token endpoint", &["127.0.0.1:1", "check the network"]).await;
    set_up().with("API_GATEWAY_URL", "ftp://127.0.0.1").fails("address", &["neither https nor http"]).await;
    set_up().with("PROJECT_ID", unknown).fails("project token", &["-> "]).await;
    let (printed, code) = set_up().examined(&["--verbose"]);
    assert!(code == 2 && printed.contains("unknown argument `--verbose`"), "{printed}");
}

#[tokio::test]
async fn a_fault_of_the_service_is_named_with_what_to_do() {
    let iam = LocalIam::start().await.unwrap();
    let set_up = || SetUp::of(&iam);
    manage(&iam, "PUT", "/clock", r#"{"offsetSeconds":7200}"#).await;
    set_up().fails("clock", &["ahead of this machine's", "set this machine's clock"]).await;
    manage(&iam, "PUT", "/clock", r#"{"offsetSeconds":0}"#).await;
    for (operation, status, step, advice) in [
        ("getWellKnownJwks", 404, "key set", "-> "),
        ("whoami", 403, "whoami", "-> add the personal access token"),
        ("createProjectScopedToken", 400, "project token", "-> "),
    ] {
        manage(&iam, "POST", "/faults", &format!(r#"{{"operation":"{operation}","status":{status}}}"#)).await;
        set_up().fails(step, &[advice]).await;
        manage(&iam, "DELETE", "/faults", "").await;
    }
}

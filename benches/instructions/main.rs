//! Counts what a call costs beside the same call written by hand with `reqwest` and `serde`.
//!
//! `benches/instructions/run.sh` drives it: one process serves, another calls under callgrind with two run lengths, and the
//! difference divided by the calls between them is the cost of one call.

use std::collections::VecDeque;
use std::error::Error;

use affinidi_tdk_iam_client::{Client, auth, models};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const TOKEN: &str = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ1c2VyIn0.2YotnFZFEjr1zCsicMWpAA2YotnFZFEjr1zCsicMWpAA";
const TOKEN_ANSWER: &str =
    r#"{"access_token":"2YotnFZFEjr1zCsicMWpAA","expires_in":3600,"token_type":"Bearer","scope":"consumer"}"#;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments: VecDeque<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    match arguments.make_contiguous() {
        [serve] if serve == "serve" => serve_forever().await,
        [call, who, base_url, calls] => run(call, who, base_url, calls.parse()?).await,
        _ => {
            println!("run benches/instructions/run.sh");
            Ok(())
        }
    }
}

async fn run(call: &str, who: &str, base_url: &str, calls: usize) -> Result<(), Box<dyn Error>> {
    match (call, who) {
        ("token", "sdk") => {
            let client = Client::builder().base_url(base_url).build()?;
            for _ in 0..calls {
                let input = models::ConsumerAuthTokenEndpointInput::new(
                    models::GrantType::ClientCredentials,
                    models::ClientAssertionType::JwtBearer,
                    TOKEN,
                )
                .with_client_id("did:key:zDnaeo4jEmLKHvTj5bMuB57cWYyM7Vcdj6VXsfr16rCKThvZk");
                let output = client.consumer_auth().consumer_auth_token_endpoint(input).await?;
                assert!(output.access_token.is_some());
            }
        }
        ("token", "hand") => {
            let client = hand_client()?;
            for _ in 0..calls {
                let input = TokenInput {
                    grant_type: "client_credentials".to_owned(),
                    client_id: Some("did:key:zDnaeo4jEmLKHvTj5bMuB57cWYyM7Vcdj6VXsfr16rCKThvZk".to_owned()),
                    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
                        .to_owned(),
                    client_assertion: TOKEN.to_owned(),
                };
                let response = client
                    .post(format!("{base_url}/v1/consumer/oauth2/token"))
                    .header(CONTENT_TYPE, "application/json")
                    .body(serde_json::to_vec(&input)?)
                    .send()
                    .await?
                    .error_for_status()?;
                let output: TokenOutput = serde_json::from_slice(&response.bytes().await?)?;
                assert!(output.access_token.is_some());
                std::hint::black_box(output);
            }
        }
        ("projects", "sdk") => {
            let token = auth::StaticToken::new(TOKEN);
            let client = Client::builder().base_url(base_url).user_token(token).build()?;
            for _ in 0..calls {
                let page = client.projects().list_project().limit(20).await?;
                assert_eq!(page.projects.len(), 20);
            }
        }
        ("projects", "hand") => {
            let client = hand_client()?;
            for _ in 0..calls {
                let response = client
                    .get(format!("{base_url}/v1/projects?limit=20"))
                    .header(AUTHORIZATION, TOKEN)
                    .send()
                    .await?
                    .error_for_status()?;
                let page: Page = serde_json::from_slice(&response.bytes().await?)?;
                assert_eq!(page.projects.len(), 20);
                std::hint::black_box(page);
            }
        }
        _ => return Err(format!("no such bench: {call} {who}").into()),
    }
    Ok(())
}

/// With the same promises: timeouts, a user agent, no redirects.
fn hand_client() -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .user_agent("by-hand/1.0")
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(std::time::Duration::from_secs(5))
        .timeout(std::time::Duration::from_secs(15))
        .build()
}

#[derive(Serialize)]
struct TokenInput {
    grant_type: String,
    client_id: Option<String>,
    client_assertion_type: String,
    client_assertion: String,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct TokenOutput {
    access_token: Option<String>,
    expires_in: Option<i64>,
    id_token: Option<String>,
    refresh_token: Option<String>,
    scope: Option<String>,
    token_type: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code)]
struct Page {
    projects: Vec<Project>,
    last_evaluated_key: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code)]
struct Project {
    id: String,
    name: String,
    owner_id: Option<String>,
    description: Option<String>,
    created_at: Option<String>,
    updated_at: Option<String>,
    identity_verification_enabled: Option<bool>,
}

/// Prints its base URL and answers every request until it is killed.
async fn serve_forever() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}/iam", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(async move { serve(stream).await.ok() });
    }
}

async fn serve(mut stream: TcpStream) -> std::io::Result<()> {
    let project = r#"{"id":"e30f4404-b898-45f1-903e-80af808ad60c","name":"demo","ownerId":"1a738036-f1f4-4a5d-b99e-15934f2e60f2","description":"Sign-in for the demo shop","createdAt":"2026-01-14T08:30:00.000Z","updatedAt":"2026-03-02T09:41:07.512Z","identityVerificationEnabled":false}"#;
    let projects = format!(r#"{{"projects":[{}]}}"#, [project; 20].join(","));
    let mut received = Vec::new();
    let mut buffer = [0; 16 * 1024];
    loop {
        let count = stream.read(&mut buffer).await?;
        if count == 0 {
            return Ok(());
        }
        received.extend_from_slice(buffer.get(..count).unwrap_or_default());
        let text = String::from_utf8_lossy(&received);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let head = head.to_ascii_lowercase();
        let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
        if body.len() < length.and_then(|length| length.parse().ok()).unwrap_or(0) {
            continue;
        }
        let answer = if head.starts_with("post") { TOKEN_ANSWER } else { &projects };
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length:";
        stream.write_all(format!("{head} {}\r\n\r\n{answer}", answer.len()).as_bytes()).await?;
        received.clear();
    }
}

//! A service with canned answers, in a process of its own so that nothing of it is measured.

use std::io::{self, BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::callers::PAGE;

/// How many projects a page of the whole collection has, and how many pages there are.
pub const LARGE_PAGE: usize = 100;
pub const PAGES: usize = 1000;

const CONSUMER_TOKEN: &str =
    r#"{"access_token":"2YotnFZFEjr1zCsicMWpAA","expires_in":3600,"token_type":"Bearer","scope":"consumer"}"#;
const USER_TOKEN: &str =
    r#"{"access_token":"SlAV32hkKG5tb7yQ8jXy4K","expires_in":3600,"token_type":"Bearer","scope":"openid"}"#;
const PROJECT_TOKEN: &str = r#"{"accessToken":"tGzv3JOkF0XG5Qx2TlKWIA","expiresIn":300,"scope":"openid"}"#;
const PROJECT: &str = r#"{"id":"e30f4404-b898-45f1-903e-80af808ad60c","name":"demo","ownerId":"1a738036-f1f4-4a5d-b99e-15934f2e60f2","description":"Sign-in for the demo shop","createdAt":"2026-01-14T08:30:00.000Z","updatedAt":"2026-03-02T09:41:07.512Z","identityVerificationEnabled":false}"#;

/// So late that a caller waits for the answer, as over a network: each call then takes the same steps.
const NETWORK: Duration = Duration::from_millis(1);
/// So late that everybody who asks at the same time has asked before the answer.
const CROWD: Duration = Duration::from_millis(50);

/// The process, which ends when this is dropped.
pub struct Server {
    process: Child,
    /// Scheme, host and port.
    pub origin: String,
    pub base_url: String,
}

impl Server {
    /// Starts this program again with the argument `serve`, whereupon it must call [`serve`].
    pub fn start() -> io::Result<Self> {
        let mut process =
            Command::new(std::env::current_exe()?).arg("serve").stdout(Stdio::piped()).spawn()?;
        let mut origin = String::new();
        if let Some(output) = process.stdout.take() {
            BufReader::new(output).read_line(&mut origin)?;
        }
        let origin = origin.trim_end().to_owned();
        Ok(Self { process, base_url: format!("{origin}/iam"), origin })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// Prints its origin and answers every request until it is killed.
pub async fn serve() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    let answers = Arc::new(Answers::default());
    loop {
        let (stream, _) = listener.accept().await?;
        let answers = answers.clone();
        tokio::spawn(async move { answers.to(stream).await.ok() });
    }
}

struct Answers {
    page: String,
    large_page: String,
    /// How many tokens of a personal access token were asked for since the last look.
    token_requests: AtomicU32,
}

impl Default for Answers {
    fn default() -> Self {
        let projects = |count| vec![PROJECT; count].join(",");
        Self {
            page: format!(r#"{{"projects":[{}]}}"#, projects(PAGE)),
            large_page: projects(LARGE_PAGE),
            token_requests: AtomicU32::default(),
        }
    }
}

impl Answers {
    async fn to(&self, mut stream: TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let mut received = Vec::new();
        let mut buffer = [0; 16 * 1024];
        loop {
            let count = stream.read(&mut buffer).await?;
            if count == 0 {
                return Ok(());
            }
            received.extend_from_slice(&buffer[..count]);
            let text = String::from_utf8_lossy(&received);
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            let lower = head.to_ascii_lowercase();
            let length = lower.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
            if body.len() < length.and_then(|length| length.parse().ok()).unwrap_or(0) {
                continue;
            }
            let target = head.split(' ').nth(1).unwrap_or_default();
            let answer = self.answer(target).await;
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length:";
            stream.write_all(format!("{head} {}\r\n\r\n{answer}", answer.len()).as_bytes()).await?;
            received.clear();
        }
    }

    async fn answer(&self, target: &str) -> String {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        match path {
            "/iam/v1/consumer/oauth2/token" => late(NETWORK, CONSUMER_TOKEN).await,
            "/iam/v1/projects" if query == format!("limit={PAGE}") => late(NETWORK, &self.page).await,
            "/iam/v1/projects" => self.large_page(query),
            "/oauth2/token" => self.count(USER_TOKEN).await,
            "/iam/v1/sts/create-project-scoped-token" => self.count(PROJECT_TOKEN).await,
            "/token-requests" => self.token_requests.swap(0, Ordering::Relaxed).to_string(),
            _ => "null".to_owned(),
        }
    }

    async fn count(&self, token: &str) -> String {
        self.token_requests.fetch_add(1, Ordering::Relaxed);
        late(CROWD, token).await
    }

    fn large_page(&self, query: &str) -> String {
        let cursor = query.split_once("exclusiveStartKey=").map_or("0", |(_, cursor)| cursor);
        let number = cursor.parse().unwrap_or(PAGES) + 1;
        let cursor =
            if number < PAGES { format!(r#","lastEvaluatedKey":"{number}""#) } else { String::new() };
        format!(r#"{{"projects":[{}]{cursor}}}"#, self.large_page)
    }
}

async fn late(delay: Duration, answer: &str) -> String {
    tokio::time::sleep(delay).await;
    answer.to_owned()
}

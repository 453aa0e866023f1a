//! A service with canned responses, in its own process so that nothing of it is measured.

use std::error::Error;
use std::io::{self, BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;

use crate::address::Address;
use crate::callers::PAGE;

/// How many projects a page of the whole collection has, and how many pages there are.
pub const LARGE_PAGE: usize = 100;
pub const PAGES: usize = 1000;

const CONSUMER_TOKEN: &str =
    r#"{"access_token":"2YotnFZFEjr1zCsicMWpAA","expires_in":3600,"token_type":"Bearer","scope":"consumer"}"#;
const USER_TOKEN: &str =
    r#"{"access_token":"SlAV32hkKG5tb7yQ8jXy4K","expires_in":3600,"token_type":"Bearer","scope":"openid"}"#;
const PROJECT_TOKEN: &str = r#"{"accessToken":"tGzv3JOkF0XG5Qx2TlKWIA","expiresIn":300,"scope":"openid"}"#;
const PRINCIPAL: &str = r#"{"principalId":"1a738036-f1f4-4a5d-b99e-15934f2e60f2","principalType":"user"}"#;
const PROJECT: &str = r#"{"id":"e30f4404-b898-45f1-903e-80af808ad60c","name":"demo","ownerId":"1a738036-f1f4-4a5d-b99e-15934f2e60f2","description":"Sign-in for the demo shop","createdAt":"2026-01-14T08:30:00.000Z","updatedAt":"2026-03-02T09:41:07.512Z","identityVerificationEnabled":false}"#;

/// So late that a caller waits for the response, as over a network: each call then takes the same steps.
const NETWORK: Duration = Duration::from_millis(1);
/// So late that everybody who asks at the same time has asked before the response.
const CROWD: Duration = Duration::from_millis(50);

/// The process, which is killed when this is dropped.
pub struct Server {
    process: Child,
    pub address: Address,
}

impl Server {
    /// Starts this program again with the argument `serve`, whereupon it must call [`serve`].
    pub fn start() -> Result<Self, Box<dyn Error>> {
        let mut process =
            Command::new(std::env::current_exe()?).arg("serve").stdout(Stdio::piped()).spawn()?;
        let mut address = String::new();
        if let Some(output) = process.stdout.take() {
            BufReader::new(output).read_line(&mut address)?;
        }
        Ok(Self { process, address: serde_json::from_str(&address)? })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// Prints its address and responds to every request until it is killed.
pub async fn serve() -> Result<(), Box<dyn Error>> {
    let (plain, tls) = (TcpListener::bind("127.0.0.1:0").await?, TcpListener::bind("127.0.0.1:0").await?);
    let identity = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()])?;
    let (host, tls_host) = (plain.local_addr()?.to_string(), tls.local_addr()?.to_string());
    let address = Address { host, tls_host, certificate: STANDARD.encode(identity.cert.der()) };
    println!("{}", serde_json::to_string(&address)?);

    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(identity.signing_key.serialize_der()));
    let acceptor = TlsAcceptor::from(Arc::new(tls_config(identity.cert.der().clone(), key)?));
    let responses: &'static Responses = Box::leak(Box::default());
    loop {
        tokio::select! {
            accepted = plain.accept() => {
                let stream = accepted?.0;
                tokio::spawn(async move {
                    stream.set_nodelay(true)?;
                    responses.to(stream).await
                });
            }
            accepted = tls.accept() => {
                let (stream, acceptor) = (accepted?.0, acceptor.clone());
                tokio::spawn(async move {
                    stream.set_nodelay(true)?;
                    responses.to(acceptor.accept(stream).await?).await
                });
            }
        }
    }
}

fn tls_config(
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
) -> Result<ServerConfig, rustls::Error> {
    ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate], key)
}

struct Responses {
    page: String,
    large_page: String,
    /// How many tokens of a personal access token were asked for since the last look.
    token_requests: AtomicUsize,
    /// How many requests are held back, and what releases them.
    held: AtomicUsize,
    release: Notify,
}

impl Default for Responses {
    fn default() -> Self {
        Self {
            page: page(PAGE),
            large_page: projects(LARGE_PAGE),
            token_requests: AtomicUsize::default(),
            held: AtomicUsize::default(),
            release: Notify::new(),
        }
    }
}

impl Responses {
    async fn to(&self, mut stream: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
        let mut received = Vec::new();
        let mut buffer = [0; 2 * 1024];
        loop {
            let count = stream.read(&mut buffer).await?;
            if count == 0 {
                return Ok(());
            }
            received.extend_from_slice(&buffer[..count]);
            let Some(target) = whole(&received) else { continue };
            let response = self.response(&target).await;
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length:";
            stream.write_all(format!("{head} {}\r\n\r\n{response}", response.len()).as_bytes()).await?;
            stream.flush().await?;
            received.clear();
        }
    }

    async fn response(&self, target: &str) -> String {
        if let Some(target) = target.strip_prefix("/held") {
            let released = self.release.notified();
            self.held.fetch_add(1, Ordering::Relaxed);
            released.await;
            self.held.fetch_sub(1, Ordering::Relaxed);
            return self.to_target(target).await;
        }
        if let Some(megabytes) = target.strip_prefix("/large/").and_then(|rest| rest.split('/').next()) {
            let bytes = 1_000_000 * megabytes.parse().unwrap_or(1);
            return late(NETWORK, &page(bytes / (PROJECT.len() + 1))).await;
        }
        self.to_target(target).await
    }

    async fn to_target(&self, target: &str) -> String {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        match path {
            "/iam/v1/consumer/oauth2/token" => late(NETWORK, CONSUMER_TOKEN).await,
            "/iam/v1/sts/whoami" => late(NETWORK, PRINCIPAL).await,
            "/iam/v1/projects" if query == format!("limit={PAGE}") => late(NETWORK, &self.page).await,
            "/iam/v1/projects" => self.large_page(query),
            "/oauth2/token" => self.count(USER_TOKEN).await,
            "/iam/v1/sts/create-project-scoped-token" => self.count(PROJECT_TOKEN).await,
            "/token-requests" => self.token_requests.swap(0, Ordering::Relaxed).to_string(),
            "/waiting" => self.held.load(Ordering::Relaxed).to_string(),
            "/release" => {
                self.release.notify_waiters();
                "0".to_owned()
            }
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

/// The target of a request, once all of it is there.
fn whole(received: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(received);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let lower = head.to_ascii_lowercase();
    let length = lower.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
    let length = length.and_then(|length| length.parse().ok()).unwrap_or(0);
    (body.len() >= length).then(|| head.split(' ').nth(1).unwrap_or_default().to_owned())
}

fn projects(count: usize) -> String {
    vec![PROJECT; count].join(",")
}

fn page(count: usize) -> String {
    format!(r#"{{"projects":[{}]}}"#, projects(count))
}

async fn late(delay: Duration, response: &str) -> String {
    tokio::time::sleep(delay).await;
    response.to_owned()
}

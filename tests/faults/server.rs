//! A server that does with a connection what a fault says.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use affinidi_tdk_iam_client::{Client, ClientBuilder, Error, RetryPolicy, auth, models};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// How long a call may take. What it says must hold on a busy machine, so it is far more than any fault needs.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);
pub(crate) const OK: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
/// Fits the answer of every operation used here.
pub(crate) const BODY: &str = r#"{"keys":[],"id":"1","name":"demo"}"#;

/// An answer that ends with the connection still open.
pub(crate) fn good_answer() -> String {
    answer("200 OK", "", BODY)
}

/// An answer with a true length. `headers` end in a line end each.
pub(crate) fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n{body}", body.len())
}

/// Takes the connection, after a request was read whole and counted; gives it back where it goes on.
pub(crate) type Fault = Arc<dyn Fn(TcpStream, usize) -> Outcome + Send + Sync>;
pub(crate) type Outcome = Pin<Box<dyn Future<Output = Option<TcpStream>> + Send>>;

/// `misbehave` is told the number of the request too, from 1.
pub(crate) fn fault<F, R>(misbehave: F) -> Fault
where
    F: Fn(TcpStream, usize) -> R + Send + Sync + 'static,
    R: Future<Output = Option<TcpStream>> + Send + 'static,
{
    Arc::new(move |stream, number| Box::pin(misbehave(stream, number)))
}

/// Reads every request whole, counts it, and then does what the fault says.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    requests: Arc<AtomicUsize>,
}

impl Server {
    pub(crate) async fn start(fault: Fault) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(AtomicUsize::new(0));
        let counter = requests.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (fault, counter) = (fault.clone(), counter.clone());
                tokio::spawn(async move {
                    let mut stream = Some(stream);
                    while let Some(mut open) = stream.take() {
                        if read_request(&mut open).await.is_some() {
                            let number = counter.fetch_add(1, Ordering::SeqCst) + 1;
                            stream = fault(open, number).await;
                        }
                    }
                });
            }
        });
        Self { address, requests }
    }

    pub(crate) fn builder(&self) -> ClientBuilder {
        builder(&format!("http://{}/iam", self.address))
    }

    pub(crate) fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    /// How many requests were read whole since the last time of asking.
    pub(crate) fn take_count(&self) -> usize {
        self.requests.swap(0, Ordering::SeqCst)
    }
}

/// Three attempts with next to nothing between them.
pub(crate) fn builder(base_url: &str) -> ClientBuilder {
    Client::builder()
        .base_url(base_url)
        .user_token(auth::StaticToken::new("token"))
        .timeout(DEADLINE)
        .retry_policy(RetryPolicy::new().initial_backoff(Duration::from_millis(5)))
}

pub(crate) async fn get(client: &Client) -> Result<(), Error> {
    client.well_known().get_well_known_jwks().await.map(drop)
}

/// A POST that is not idempotent: sent twice it makes two projects.
pub(crate) async fn post(client: &Client) -> Result<(), Error> {
    client.projects().create_project(models::CreateProjectInput::new("demo")).await.map(drop)
}

/// Reads one request to its end and says its method; `None` when the connection ends first.
pub(crate) async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut received = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let count = stream.read(&mut buffer).await.ok().filter(|count| *count > 0)?;
        received.extend_from_slice(buffer.get(..count)?);
        let text = String::from_utf8_lossy(&received).to_ascii_lowercase();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
        if body.len() >= length.and_then(|length| length.parse().ok()).unwrap_or(0) {
            return head.split(' ').next().map(str::to_owned);
        }
    }
}

/// Whether all of it was taken.
pub(crate) async fn write(stream: &mut (impl AsyncWrite + Unpin), bytes: impl AsRef<[u8]>) -> bool {
    stream.write_all(bytes.as_ref()).await.is_ok() && stream.flush().await.is_ok()
}

/// Closes so that the other side sees a reset.
pub(crate) fn reset(stream: TcpStream) {
    #[expect(deprecated, reason = "it blocks only where it lingers, and it lingers for no time")]
    stream.set_linger(Some(Duration::ZERO)).unwrap();
}

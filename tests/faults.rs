//! Servers that misbehave on real sockets: every call ends in a typed error within its deadline, and a POST that may have been
//! processed is sent once.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking and reads real time; clippy.toml only covers the functions marked as tests"
)]

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use affinidi_tdk_iam_client::{Client, ClientBuilder, Error, RetryPolicy, auth, models};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

const DEADLINE: Duration = Duration::from_secs(2);
/// What a busy machine may add.
const SLACK: Duration = Duration::from_secs(2);
const OK: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
/// Fits the answer of every operation used here.
const BODY: &str = r#"{"keys":[],"id":"1","name":"demo"}"#;

/// A server that reads every request whole, counts it, and then does with the connection what the fault says.
struct Server {
    address: SocketAddr,
    requests: Arc<AtomicUsize>,
}

impl Server {
    /// `fault` is told the number of the request, from 1, and says whether the connection goes on.
    async fn start<F, R>(fault: F) -> Self
    where
        F: Fn(TcpStream, usize) -> R + Clone + Send + Sync + 'static,
        R: Future<Output = Option<TcpStream>> + Send,
    {
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

    /// Little patience, short waits.
    fn builder(&self) -> ClientBuilder {
        Client::builder()
            .base_url(format!("http://{}/iam", self.address))
            .user_token(auth::StaticToken::new("token"))
            .attempt_timeout(Duration::from_millis(300))
            .timeout(DEADLINE)
            .retry_policy(RetryPolicy::new().first_backoff(Duration::from_millis(5)))
    }

    fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    fn take_count(&self) -> usize {
        self.requests.swap(0, Ordering::SeqCst)
    }
}

/// Reads one request to its end and says its method; `None` when the connection ends first.
async fn read_request(stream: &mut TcpStream) -> Option<String> {
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

async fn write(stream: &mut TcpStream, text: &str) -> bool {
    stream.write_all(text.as_bytes()).await.is_ok()
}

/// Closes so that the other side sees a reset.
fn reset(stream: TcpStream) {
    #[expect(deprecated, reason = "it blocks only where it lingers, and it lingers for no time")]
    stream.set_linger(Some(Duration::ZERO)).unwrap();
}

/// What the call of a GET and of a POST end with, and how often the server saw each.
async fn outcome(server: &Server) -> [(Error, usize); 2] {
    let client = server.client();
    let started = Instant::now();
    let get = client.well_known().get_well_known_jwks().await.unwrap_err();
    let gets = server.take_count();
    assert!(started.elapsed() < DEADLINE + SLACK, "{:?}", started.elapsed());
    let started = Instant::now();
    let post = client.projects().create_project(models::CreateProjectInput::new("demo")).await.unwrap_err();
    let posts = server.take_count();
    assert!(started.elapsed() < DEADLINE + SLACK, "{:?}", started.elapsed());
    [(get, gets), (post, posts)]
}

/// The error is of the kind; the GET was repeated as often as the policy allows, the POST was not.
async fn assert_repeated_unless_post(server: Server, kind: fn(&Error) -> bool) {
    let [(get, gets), (post, posts)] = outcome(&server).await;
    assert!(kind(&get), "{get:?}");
    assert!(kind(&post), "{post:?}");
    assert_eq!((gets, get.attempts()), (3, 3), "{get}");
    assert_eq!((posts, post.attempts()), (1, 1), "{post}");
}

/// The error is of the kind and neither was repeated.
async fn assert_not_repeated(server: Server, kind: fn(&Error) -> bool) {
    let [(get, gets), (post, posts)] = outcome(&server).await;
    assert!(kind(&get), "{get:?}");
    assert!(kind(&post), "{post:?}");
    assert_eq!((gets, posts), (1, 1));
}

#[tokio::test]
async fn a_reset_before_the_answer_is_an_interruption() {
    let server = Server::start(|stream, _| async move {
        reset(stream);
        None
    });
    assert_repeated_unless_post(server.await, Error::is_interrupted).await;
}

#[tokio::test]
async fn a_connection_closed_before_the_answer_is_an_interruption() {
    let server = Server::start(|_, _| async { None });
    assert_repeated_unless_post(server.await, Error::is_interrupted).await;
}

#[tokio::test]
async fn a_reset_in_the_body_is_an_interruption() {
    let server = Server::start(|mut stream, _| async move {
        write(&mut stream, &format!("{OK}content-length: 1000\r\n\r\n{BODY}")).await;
        sleep(Duration::from_millis(10)).await;
        reset(stream);
        None
    });
    assert_repeated_unless_post(server.await, Error::is_interrupted).await;
}

#[tokio::test]
async fn an_answer_that_never_begins_is_a_timeout() {
    let server = Server::start(|stream, _| async move {
        sleep(Duration::from_secs(1)).await;
        drop(stream);
        None
    });
    assert_repeated_unless_post(server.await, Error::is_timeout).await;
}

#[tokio::test]
async fn a_body_that_drips_is_a_timeout() {
    let server = Server::start(|mut stream, _| async move {
        write(&mut stream, &format!("{OK}content-length: 1000\r\n\r\n")).await;
        for _ in 0..40 {
            if !write(&mut stream, " ").await {
                break;
            }
            sleep(Duration::from_millis(20)).await;
        }
        None
    });
    assert_repeated_unless_post(server.await, Error::is_timeout).await;
}

#[tokio::test]
async fn headers_without_end_are_refused() {
    let server = Server::start(|mut stream, _| async move {
        let more = "x-more: and more and more and more and more\r\n".repeat(100);
        let mut open = write(&mut stream, OK).await;
        for _ in 0..1000 {
            open = open && write(&mut stream, &more).await;
        }
        None
    });
    assert_repeated_unless_post(server.await, Error::is_interrupted).await;
}

#[tokio::test]
async fn lengths_that_contradict_each_other_are_refused() {
    let server = Server::start(|mut stream, _| async move {
        write(&mut stream, &format!("{OK}content-length: 5\r\ncontent-length: 34\r\n\r\n{BODY}")).await;
        None
    });
    assert_repeated_unless_post(server.await, Error::is_interrupted).await;
}

#[tokio::test]
async fn a_length_that_is_too_long_is_an_interruption() {
    let server = Server::start(|mut stream, _| async move {
        write(&mut stream, &format!("{OK}content-length: 1000\r\n\r\n{BODY}")).await;
        None
    });
    assert_repeated_unless_post(server.await, Error::is_interrupted).await;
}

#[tokio::test]
async fn a_length_that_is_too_short_cuts_the_json() {
    let server = Server::start(|mut stream, _| async move {
        write(&mut stream, &format!("{OK}content-length: 7\r\n\r\n{BODY}")).await;
        None
    });
    assert_not_repeated(server.await, Error::is_decode).await;
}

#[tokio::test]
async fn broken_chunks_are_an_interruption() {
    let server = Server::start(|mut stream, _| async move {
        write(&mut stream, &format!("{OK}transfer-encoding: chunked\r\n\r\nzz\r\n{BODY}\r\n0\r\n\r\n")).await;
        None
    });
    assert_repeated_unless_post(server.await, Error::is_interrupted).await;
}

#[tokio::test]
async fn what_is_no_http_is_an_interruption() {
    let server = Server::start(|mut stream, _| async move {
        write(&mut stream, "SSH-2.0-OpenSSH_9.2\r\n").await;
        None
    });
    assert_repeated_unless_post(server.await, Error::is_interrupted).await;
}

#[tokio::test]
async fn of_a_body_of_300_megabytes_no_more_than_the_limit_is_taken() {
    const CHUNK: usize = 1 << 20;
    let sent = Arc::new(AtomicUsize::new(0));
    let counter = sent.clone();
    let server = Server::start(move |mut stream: TcpStream, _| {
        let sent = counter.clone();
        async move {
            let chunk = vec![b' '; CHUNK];
            write(&mut stream, &format!("{OK}transfer-encoding: chunked\r\n\r\n")).await;
            for _ in 0..300 {
                let head = format!("{CHUNK:x}\r\n");
                if !write(&mut stream, &head).await || stream.write_all(&chunk).await.is_err() {
                    break;
                }
                sent.fetch_add(CHUNK, Ordering::SeqCst);
                write(&mut stream, "\r\n").await;
            }
            None
        }
    });
    let server = server.await;
    let client = server.builder().attempt_timeout(DEADLINE).build().unwrap();
    let error = client.well_known().get_well_known_jwks().await.unwrap_err();
    assert!(error.is_body_too_large(), "{error:?}");
    assert_eq!(server.take_count(), 1);
    let sent = sent.load(Ordering::SeqCst) / CHUNK;
    assert!(sent < 40, "{sent} MiB were taken: 8 MiB and what the sockets hold");
}

#[tokio::test]
async fn a_burst_of_refusals_is_survived() {
    let server = Server::start(|mut stream, number| async move {
        let answer = match number % 3 {
            0 => format!("{OK}content-length: {}\r\n\r\n{BODY}", BODY.len()),
            _ => "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n".to_owned(),
        };
        write(&mut stream, &answer).await.then_some(stream)
    });
    let server = server.await;
    let client = server.client();
    for _ in 0..5 {
        client.well_known().get_well_known_jwks().await.unwrap();
    }
    assert_eq!(server.take_count(), 15);
}

#[tokio::test]
async fn a_connection_closed_at_reuse_costs_a_get_nothing_and_repeats_no_post() {
    let posts = Arc::new(AtomicUsize::new(0));
    let counter = posts.clone();
    // Every connection serves one request, and is reset when the second one came.
    let server = Server::start(move |mut stream: TcpStream, _| {
        let posts = counter.clone();
        async move {
            let answer = format!("{OK}content-length: {}\r\n\r\n{BODY}", BODY.len());
            if write(&mut stream, &answer).await
                && let Some(method) = read_request(&mut stream).await
            {
                posts.fetch_add(usize::from(method == "post"), Ordering::SeqCst);
                reset(stream);
            }
            None
        }
    });
    let server = server.await;
    let client = server.client();
    for _ in 0..10 {
        client.well_known().get_well_known_jwks().await.unwrap();
    }

    server.take_count();
    client.well_known().get_well_known_jwks().await.unwrap();
    let post = client.projects().create_project(models::CreateProjectInput::new("demo")).await;
    assert!(post.unwrap_err().is_interrupted());
    assert_eq!(posts.load(Ordering::SeqCst), 1, "the service may have processed it");
}

#[tokio::test]
async fn an_early_answer_ends_a_body_that_is_still_being_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let connections = Arc::new(AtomicUsize::new(0));
    let counter = connections.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counter.fetch_add(1, Ordering::SeqCst);
            let mut head = [0; 64];
            let _ = stream.read(&mut head).await;
            write(
                &mut stream,
                "HTTP/1.1 413 Content Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
            )
            .await;
            let _ = stream.shutdown().await;
            sleep(Duration::from_millis(100)).await;
        }
    });
    let server = Server { address, requests: Arc::default() };
    let input = models::CreateProjectInput::new("demo").with_description("x".repeat(16 << 20));
    let error = server.client().projects().create_project(input).await.unwrap_err();
    let refused = error.status().is_some_and(|status| status.as_u16() == 413);
    assert!(refused || error.is_interrupted() || error.is_timeout(), "{error:?}");
    assert_eq!(connections.load(Ordering::SeqCst), 1, "a POST is not sent twice");
}

#[tokio::test]
async fn a_name_that_does_not_resolve_is_a_connect_error() {
    let client = Client::builder().base_url("https://iam.invalid/iam").timeout(DEADLINE).build().unwrap();
    let error = client.projects().get_project("1").header("authorization", "t").unwrap().await.unwrap_err();
    assert!(error.is_connect(), "{error:?}");
    assert!(error.to_string().contains("iam.invalid"), "{error}");
}

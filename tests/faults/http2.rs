//! Requests that the peer states it did not process (RFC 9113, section 8.7), and those of which it does not.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use affinidi_tdk_iam_client::{Client, ClientBuilder, RetryPolicy};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::server::{BODY, builder, get, post};

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;

const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

const NO_ERROR: u32 = 0;
const INTERNAL_ERROR: u32 = 2;
const REFUSED_STREAM: u32 = 7;
const ENHANCE_YOUR_CALM: u32 = 11;

/// What the server does with the first request that it reads whole.
#[derive(Clone, Copy, Debug)]
enum Fault {
    /// Resets the stream with this error.
    Reset(u32),
    /// Says goodbye with this error, as if it processed the request or not, and closes.
    GoAway { error: u32, processed: bool },
}

async fn write_frame(stream: &mut (impl AsyncWrite + Unpin), kind: u8, flags: u8, id: u32, payload: &[u8]) {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(id.to_be_bytes());
    frame.extend(payload);
    stream.write_all(&frame).await.unwrap();
}

/// The next frame's type, flags and stream.
async fn read_frame(stream: &mut (impl AsyncRead + Unpin)) -> Option<(u8, u8, u32)> {
    let mut head = [0; 9];
    stream.read_exact(&mut head).await.ok()?;
    let [a, b, c, kind, flags, id @ ..] = head;
    let mut payload = vec![0; u32::from_be_bytes([0, a, b, c]) as usize];
    stream.read_exact(&mut payload).await.ok()?;
    Some((kind, flags, u32::from_be_bytes(id)))
}

/// Serves a connection; `requests` are those of all connections that were read whole.
async fn serve(mut stream: impl AsyncRead + AsyncWrite + Unpin, fault: Fault, requests: Arc<AtomicUsize>) {
    let mut preface = [0; 24];
    if stream.read_exact(&mut preface).await.is_err() {
        return;
    }
    write_frame(&mut stream, SETTINGS, 0, 0, &[]).await;
    while let Some((kind, flags, id)) = read_frame(&mut stream).await {
        if !matches!(kind, HEADERS | DATA) || flags & END_STREAM == 0 {
            continue;
        }
        if requests.fetch_add(1, Ordering::SeqCst) > 0 {
            // The first entry of the static table with `:status: 200` (RFC 7541, appendix A).
            write_frame(&mut stream, HEADERS, END_HEADERS, id, &[0x88]).await;
            write_frame(&mut stream, DATA, END_STREAM, id, BODY.as_bytes()).await;
            continue;
        }
        match fault {
            Fault::Reset(error) => write_frame(&mut stream, RST_STREAM, 0, id, &error.to_be_bytes()).await,
            Fault::GoAway { error, processed } => {
                let last = if processed { id } else { 0 };
                write_frame(&mut stream, GOAWAY, 0, 0, &[last.to_be_bytes(), error.to_be_bytes()].concat())
                    .await;
                let _ = stream.shutdown().await;
                return;
            }
        }
    }
}

/// Who speaks with the server, and how.
#[derive(Clone, Copy, Debug)]
enum Speaker {
    /// A client of the caller's that knows beforehand that it is HTTP/2.
    Reqwest,
    /// The transport on `hyper`, by TLS, with which it is negotiated.
    #[cfg(all(feature = "hyper", feature = "rustls"))]
    Hyper,
}

const SPEAKERS: &[Speaker] = &[
    Speaker::Reqwest,
    #[cfg(all(feature = "hyper", feature = "rustls"))]
    Speaker::Hyper,
];

struct Server {
    builder: ClientBuilder,
    requests: Arc<AtomicUsize>,
}

impl Server {
    async fn start(speaker: Speaker, fault: Fault) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(AtomicUsize::new(0));
        let counter = requests.clone();
        match speaker {
            Speaker::Reqwest => {
                tokio::spawn(async move {
                    while let Ok((stream, _)) = listener.accept().await {
                        tokio::spawn(serve(stream, fault, counter.clone()));
                    }
                });
                // Without TLS there is nothing by which the versions could be negotiated.
                let http = reqwest::Client::builder().http2_prior_knowledge().no_proxy();
                let http = http.retry(reqwest::retry::never()).build().unwrap();
                let builder = builder(&format!("http://{address}/iam")).http_client(http);
                Self { builder, requests }
            }
            #[cfg(all(feature = "hyper", feature = "rustls"))]
            Speaker::Hyper => {
                let authority = crate::tls_server::Authority::new("One");
                let acceptor = authority.acceptor("localhost", &[b"h2"]);
                tokio::spawn(async move {
                    while let Ok((stream, _)) = listener.accept().await {
                        let (acceptor, counter) = (acceptor.clone(), counter.clone());
                        tokio::spawn(async move {
                            if let Ok(stream) = acceptor.accept(stream).await {
                                serve(stream, fault, counter).await;
                            }
                        });
                    }
                });
                let transport = affinidi_tdk_iam_client::transport::HyperTransport::builder()
                    .root_certificates(authority.pem())
                    .build()
                    .unwrap();
                let builder = builder(&format!("https://localhost:{}/iam", address.port()));
                Self { builder: builder.transport(transport), requests }
            }
        }
    }

    fn client(&self, policy: RetryPolicy) -> Client {
        self.builder.clone().retry_policy(policy).build().unwrap()
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn a_post_that_the_peer_did_not_process_is_sent_again() {
    for &speaker in SPEAKERS {
        for fault in [Fault::Reset(REFUSED_STREAM), Fault::GoAway { error: NO_ERROR, processed: false }] {
            let server = Server::start(speaker, fault).await;
            post(&server.client(RetryPolicy::new())).await.unwrap();
            assert_eq!(server.requests(), 2, "{speaker:?} {fault:?}");

            let server = Server::start(speaker, fault).await;
            let error = post(&server.client(RetryPolicy::never())).await.unwrap_err();
            assert!(error.is_not_processed() && !error.is_connection_lost(), "{speaker:?} {error:?}");
            assert_eq!(server.requests(), 1, "{speaker:?} {fault:?}");
        }
    }
}

#[tokio::test]
async fn a_post_that_the_peer_may_have_processed_is_sent_once() {
    for &speaker in SPEAKERS {
        for fault in [
            Fault::Reset(INTERNAL_ERROR),
            Fault::GoAway { error: NO_ERROR, processed: true },
            Fault::GoAway { error: ENHANCE_YOUR_CALM, processed: true },
        ] {
            let server = Server::start(speaker, fault).await;
            let error = post(&server.client(RetryPolicy::new())).await.unwrap_err();
            assert!(
                error.is_connection_lost() && !error.is_not_processed(),
                "{speaker:?} {fault:?}: {error:?}"
            );
            assert_eq!((server.requests(), error.attempts()), (1, 1), "{speaker:?} {fault:?}");

            let server = Server::start(speaker, fault).await;
            get(&server.client(RetryPolicy::new())).await.unwrap();
            assert_eq!(server.requests(), 2, "{speaker:?} {fault:?}");
        }
    }
}

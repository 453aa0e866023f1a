//! A server on 127.0.0.1 that records what it receives, byte for byte, and answers whatever a test wants, however broken.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use affinidi_tdk_iam_client::{ClientBuilder, auth};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::operations::client_of;

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Recorded {
    pub(crate) method: String,
    /// The request target as it stood in the request line.
    pub(crate) target: String,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Recorded {
    /// The value of a header that must not occur twice.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(other, _)| other.eq_ignore_ascii_case(name));
        let value = values.next()?;
        assert!(values.next().is_none(), "{name} occurs twice");
        Some(&value.1)
    }

    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap()
    }

    /// The pairs of the query, decoded as forms are.
    pub(crate) fn query(&self) -> Vec<(String, String)> {
        let Some((_, query)) = self.target.split_once('?') else { return Vec::new() };
        let decode = |text: &str| percent_decode(&text.replace('+', " "));
        query
            .split('&')
            .map(|pair| pair.split_once('=').unwrap())
            .map(|(n, v)| (decode(n), decode(v)))
            .collect()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

pub(crate) fn percent_decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8().unwrap().into_owned()
}

/// An answer on the wire, complete and honest about its length.
pub(crate) fn answer(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut wire = format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
    if status == 204 {
        wire = format!("HTTP/1.1 {status} X\r\nconnection: close\r\n");
    }
    for (name, value) in headers {
        wire.push_str(&format!("{name}: {value}\r\n"));
    }
    [format!("{wire}\r\n").as_bytes(), body].concat()
}

pub(crate) fn json_answer(status: u16, body: &Value) -> Vec<u8> {
    answer(status, &[("content-type", "application/json")], body.to_string())
}

pub(crate) struct Server {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct State {
    answer: Vec<u8>,
    requests: Vec<Recorded>,
}

impl Server {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        let task = tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                // A client that hangs up is the client's affair; what it sent whole is recorded.
                tokio::spawn(serve(connection, Arc::clone(&shared)));
            }
        });
        Self { address, state, task }
    }

    /// A server that has its answer.
    pub(crate) async fn answering(answer: Vec<u8>) -> Self {
        let server = Self::start().await;
        server.will_answer(answer);
        server
    }

    /// What every request from now on gets, as bytes on the wire.
    pub(crate) fn will_answer(&self, answer: Vec<u8>) {
        self.state().answer = answer;
    }

    /// A client of this server with a token for every security scheme.
    pub(crate) fn client(&self) -> affinidi_tdk_iam_client::Client {
        with_all_tokens(self.builder()).build().unwrap()
    }

    /// A client of this server without tokens.
    pub(crate) fn builder(&self) -> ClientBuilder {
        client_of(&self.base_url())
    }

    pub(crate) fn base_url(&self) -> String {
        format!("http://{}/iam", self.address)
    }

    /// Everything received since the last time of asking.
    pub(crate) fn take_requests(&self) -> Vec<Recorded> {
        std::mem::take(&mut self.state().requests)
    }

    /// The one request received since the last time of asking.
    pub(crate) fn take_request(&self) -> Recorded {
        let [request] = <[Recorded; 1]>::try_from(self.take_requests()).expect("exactly one request");
        request
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The token that [`with_all_tokens`] supplies for a scheme.
pub(crate) fn token_of(scheme: &str) -> String {
    format!("opaque-{scheme}-dGhpcyBpcyBub3QgYSB0b2tlbg")
}

pub(crate) fn with_all_tokens(builder: ClientBuilder) -> ClientBuilder {
    let token = |scheme| auth::StaticToken::new(token_of(scheme));
    builder
        .user_token(token("UserTokenAuth"))
        .project_token(token("ProjectTokenAuth"))
        .consumer_token(token("ConsumerTokenAuth"))
}

/// One request, one answer, and the connection is closed.
async fn serve(mut connection: TcpStream, state: Arc<Mutex<State>>) -> io::Result<()> {
    let mut received = Vec::new();
    let request = loop {
        if connection.read_buf(&mut received).await? == 0 {
            return Ok(());
        }
        if let Some(request) = parse(&received) {
            break request;
        }
    };
    let answer = {
        let mut state = state.lock().unwrap();
        state.requests.push(request);
        state.answer.clone()
    };
    connection.write_all(&answer).await?;
    connection.shutdown().await
}

/// The request, once all of it has come.
fn parse(received: &[u8]) -> Option<Recorded> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut head = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(length) = head.parse(received).unwrap() else { return None };
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let mut request = Recorded {
        method: head.method?.to_owned(),
        target: head.path?.to_owned(),
        headers: head.headers.iter().map(|header| (header.name.to_owned(), text(header.value))).collect(),
        body: received[length..].to_vec(),
    };
    assert!(request.header("transfer-encoding").is_none(), "bodies are sent whole");
    let expected: usize = request.header("content-length").map_or(0, |value| value.parse().unwrap());
    request.body.truncate(expected);
    (request.body.len() == expected).then_some(request)
}

//! What can go wrong once a request has arrived whole. The service may have processed it, so a POST is sent once, whatever comes
//! then; only an answer that says that it was not processed is another matter.

use std::io::Write as _;
use std::time::{Duration, Instant};

use affinidi_tdk_iam_client::Error;
use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::net::TcpListener;
use tokio::time::sleep;

use crate::server::{BODY, DEADLINE, Fault, OK, Server, answer, fault, get, post, reset, write};

/// What a fault is called, what happens, what the error is, and how often a GET is sent.
type Case = (&'static str, Fault, fn(&Error) -> bool, usize);

/// Sends these bytes and closes. A whole answer has to say that it closes: a later request would be written to a connection
/// that is about to end, which is another fault (reuse.rs).
fn sends(bytes: impl Into<Vec<u8>>) -> Fault {
    let bytes = bytes.into();
    fault(move |mut stream, _| {
        let bytes = bytes.clone();
        async move {
            write(&mut stream, bytes).await;
            None
        }
    })
}

/// Sends these bytes and nothing more, and keeps the connection open.
fn stalls_after(bytes: &'static str) -> Fault {
    fault(move |mut stream, _| async move {
        write(&mut stream, bytes).await;
        sleep(Duration::from_secs(1)).await;
        drop(stream);
        None
    })
}

/// Answers with success and this body.
fn answers(body: impl Into<String>) -> Fault {
    sends(answer("200 OK", "content-type: application/json\r\nconnection: close\r\n", &body.into()))
}

/// Answers with a status and these headers.
fn refuses(status: &str, headers: &str) -> Fault {
    sends(answer(status, &format!("{headers}connection: close\r\n"), ""))
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

fn sends_gzip(body: &[u8]) -> Fault {
    let head =
        format!("{OK}content-encoding: gzip\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
    sends([head.as_bytes(), body].concat())
}

/// Answers that do not come to their end, for a second.
fn stalls() -> Vec<Case> {
    vec![
        ("stalled before the answer", stalls_after(""), Error::is_timeout, 3),
        ("stalled in the headers", stalls_after(OK), Error::is_timeout, 3),
        (
            "stalled in the body",
            stalls_after("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"),
            Error::is_timeout,
            3,
        ),
        (
            "a body that drips",
            fault(|mut stream, _| async move {
                write(&mut stream, format!("{OK}content-length: 1000\r\n\r\n")).await;
                for _ in 0..100 {
                    if !write(&mut stream, " ").await {
                        break;
                    }
                    sleep(Duration::from_millis(10)).await;
                }
                None
            }),
            Error::is_timeout,
            3,
        ),
    ]
}

/// Answers that are wrong.
fn faults() -> Vec<Case> {
    let broken: fn(&Error) -> bool = Error::is_connection_lost;
    let unreadable: fn(&Error) -> bool = Error::is_decode;
    let refused: fn(&Error) -> bool = Error::is_status;
    let too_short = format!("{OK}connection: close\r\ncontent-length: 7\r\n\r\n{BODY}");
    let nested = "[".repeat(100_000) + &"]".repeat(100_000);
    let nested_members = r#"{"keys":"#.repeat(100_000) + "1" + &"}".repeat(100_000);
    let bomb = gzip(&vec![b' '; 9 << 20]);
    assert!(bomb.len() < 16 << 10, "it is small on the wire: {}", bomb.len());
    vec![
        ("closed before the answer", sends(""), broken, 3),
        ("closed in the status line", sends("HTTP/1.1 2"), broken, 3),
        ("closed in the headers", sends(OK), broken, 3),
        ("closed in the body", sends(format!("{OK}content-length: 1000\r\n\r\n{BODY}")), broken, 3),
        (
            "reset before the answer",
            fault(|stream, _| async {
                reset(stream);
                None
            }),
            broken,
            3,
        ),
        (
            "reset in the body",
            fault(|mut stream, _| async {
                write(&mut stream, format!("{OK}content-length: 1000\r\n\r\n{BODY}")).await;
                sleep(Duration::from_millis(10)).await;
                reset(stream);
                None
            }),
            broken,
            3,
        ),
        (
            "headers without end",
            fault(|mut stream, _| async move {
                let more = "x-more: and more and more and more and more\r\n".repeat(100);
                let mut open = write(&mut stream, OK).await;
                for _ in 0..1000 {
                    open = open && write(&mut stream, &more).await;
                }
                None
            }),
            broken,
            3,
        ),
        ("no HTTP", sends("SSH-2.0-OpenSSH_9.2\r\n"), broken, 3),
        (
            "lengths that contradict each other",
            sends(format!("{OK}content-length: 5\r\ncontent-length: 34\r\n\r\n{BODY}")),
            broken,
            3,
        ),
        ("a length that is no number", sends(format!("{OK}content-length: many\r\n\r\n{BODY}")), broken, 3),
        ("a length that is too short", sends(too_short), unreadable, 1),
        (
            "a chunk without a size",
            sends(format!("{OK}transfer-encoding: chunked\r\n\r\nzz\r\n{BODY}\r\n0\r\n\r\n")),
            broken,
            3,
        ),
        (
            "a chunk larger than any number",
            sends(format!("{OK}transfer-encoding: chunked\r\n\r\n{}\r\n{BODY}", "f".repeat(17))),
            broken,
            3,
        ),
        (
            "chunks without end",
            sends(format!("{OK}transfer-encoding: chunked\r\n\r\n2\r\n{{}}\r\n")),
            broken,
            3,
        ),
        ("a body beyond the limit", answers(" ".repeat((8 << 20) + 1)), Error::is_body_too_large, 1),
        ("gzip that is large when unpacked", sends_gzip(&bomb), Error::is_body_too_large, 1),
        ("gzip that is cut off", sends_gzip(&gzip(BODY.as_bytes())[..20]), broken, 3),
        ("gzip that is none", sends_gzip(BODY.as_bytes()), unreadable, 1),
        (
            "an encoding that nobody asked for",
            sends(answer("200 OK", "content-encoding: br\r\nconnection: close\r\n", BODY)),
            unreadable,
            1,
        ),
        ("a web page", answers("<!doctype html><title>Sign in</title>"), unreadable, 1),
        ("nothing", answers(""), unreadable, 1),
        (
            "what is no UTF-8",
            sends([OK.as_bytes(), b"\r\n{\"keys\":[\"\xff\"],\"id\":\"\xff\"}"].concat()),
            unreadable,
            1,
        ),
        ("nesting without end", answers(nested), unreadable, 1),
        ("members within members without end", answers(nested_members), unreadable, 1),
        ("a number beyond all numbers", answers(r#"{"keys":1e999,"id":1e999}"#), unreadable, 1),
        (
            "a member twice",
            answers(r#"{"keys":[],"keys":[],"id":"1","id":"2","name":"demo"}"#),
            unreadable,
            1,
        ),
        ("JSON that goes on", answers(format!("{BODY}{BODY}")), unreadable, 1),
        ("a redirect", refuses("307 Temporary Redirect", "location: /iam/v1/projects\r\n"), refused, 1),
        ("a failure", refuses("500 Internal Server Error", ""), refused, 3),
        (
            "a failure that names a time",
            refuses("500 Internal Server Error", "retry-after: 0\r\n"),
            refused,
            3,
        ),
        ("a failure behind a gateway", refuses("502 Bad Gateway", "retry-after: 0\r\n"), refused, 3),
        ("a gateway without patience", refuses("504 Gateway Timeout", "retry-after: 0\r\n"), refused, 3),
        ("a request that took too long", refuses("408 Request Timeout", "retry-after: 0\r\n"), refused, 3),
        ("overload that names no time", refuses("503 Service Unavailable", ""), refused, 3),
        ("too many requests without a time", refuses("429 Too Many Requests", ""), refused, 3),
        (
            "too many requests, some time",
            refuses("429 Too Many Requests", "retry-after: soon\r\n"),
            refused,
            3,
        ),
        ("a request that is wrong", refuses("400 Bad Request", "retry-after: 0\r\n"), refused, 1),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_ends_in_its_error_and_a_post_that_may_have_been_processed_is_sent_once() {
    // Only who waits for nothing needs little patience; for the others it would depend on how busy the machine is.
    let stalls = stalls().into_iter().map(|case| (case, Duration::from_millis(200)));
    let faults = faults().into_iter().map(|case| (case, DEADLINE));
    for ((name, fault, kind, expected_gets), patience) in stalls.chain(faults) {
        let server = Server::start(fault).await;
        let client = server.builder().attempt_timeout(patience).build().unwrap();
        for (method, expected) in [("GET", expected_gets), ("POST", 1)] {
            let started = Instant::now();
            let outcome = if method == "GET" { get(&client).await } else { post(&client).await };
            let error = outcome.expect_err(name);
            assert!(kind(&error), "{method}, {name}: {error:?}");
            assert!(started.elapsed() < DEADLINE, "{method}, {name}: {:?}", started.elapsed());
            assert_eq!(server.take_count(), expected, "requests that arrived: {method}, {name}: {error}");
            assert_eq!(error.attempts(), u32::try_from(expected).unwrap(), "{method}, {name}: {error}");
        }
    }
}

#[tokio::test]
async fn a_post_that_the_service_says_it_did_not_process_is_sent_again() {
    for status in ["503 Service Unavailable", "429 Too Many Requests"] {
        let server = Server::start(refuses(status, "retry-after: 0\r\n")).await;
        let error = post(&server.client()).await.unwrap_err();
        assert_eq!((server.take_count(), error.attempts()), (3, 3), "{error}");
    }
}

#[tokio::test]
async fn a_redirect_to_another_host_reaches_nobody() {
    let other = Server::start(answers(BODY)).await;
    for status in ["301 X", "302 X", "303 X", "307 X", "308 X"] {
        let location = format!("location: http://localhost:{}/iam/\r\n", other.address.port());
        let server = Server::start(refuses(status, &location)).await;
        for error in [get(&server.client()).await.unwrap_err(), post(&server.client()).await.unwrap_err()] {
            assert!(error.status().is_some_and(|status| status.is_redirection()), "{error:?}");
            assert_eq!(error.attempts(), 1);
        }
        assert_eq!((server.take_count(), other.take_count()), (2, 0));
    }
}

/// On one thread, where the server lets the client read after each piece.
#[tokio::test]
async fn of_a_body_of_300_megabytes_no_more_than_the_limit_is_taken() {
    const PIECE: usize = 16 << 10;
    /// The default of `ClientBuilder::body_limit`.
    const LIMIT: usize = 8 << 20;
    /// What hyper reads ahead at most: 8 KiB and 100 pages of 4 KiB.
    const READ_AHEAD: usize = (8 << 10) + 100 * (4 << 10);
    /// What the server's socket takes and the client never sees: twice what was asked for, says socket(7).
    const SEND_BUFFER: usize = 2 * (64 << 10);

    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.set_send_buffer_size(u32::try_from(SEND_BUFFER / 2).unwrap()).unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener: TcpListener = socket.listen(8).unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        crate::server::read_request(&mut stream).await.unwrap();
        write(&mut stream, format!("{OK}content-length: {}\r\n\r\n", 300 << 20)).await;
        let mut sent = 0;
        while sent < 300 << 20 && write(&mut stream, [b' '; PIECE]).await {
            sent += PIECE;
            tokio::task::yield_now().await;
        }
        sent
    });
    let client = crate::server::builder(&format!("http://{address}/iam")).build().unwrap();
    let error = get(&client).await.unwrap_err();
    assert!(error.is_body_too_large(), "{error:?}");
    assert_eq!(error.attempts(), 1);
    let sent = server.await.unwrap();
    let most = LIMIT + READ_AHEAD + SEND_BUFFER + PIECE;
    assert!((LIMIT..=most).contains(&sent), "{sent} bytes were taken, and the most are {most}");
}

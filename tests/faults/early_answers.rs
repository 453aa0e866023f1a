//! Servers that do not wait for the end of the request. Each keeps its side of the connection until the call is over, so that
//! what the client sees does not depend on who is faster.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use affinidi_tdk_iam_client::{Client, Error, models};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::server::{answer, builder, reset, write};

/// More than the sockets take while nobody reads.
const LARGE: usize = 16 << 20;

/// Reads the beginning of every request, counts it, and does what `misbehave` says; the connections it gives back stay open.
async fn server<F, R>(misbehave: F) -> (Client, Arc<AtomicUsize>)
where
    F: Fn(TcpStream) -> R + Send + 'static,
    R: Future<Output = Option<TcpStream>> + Send,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = builder(&format!("http://{}/iam", listener.local_addr().unwrap())).build().unwrap();
    let requests = Arc::new(AtomicUsize::new(0));
    let counter = requests.clone();
    tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = [0; 64];
            stream.read_exact(&mut head).await.unwrap();
            counter.fetch_add(1, Ordering::SeqCst);
            open.extend(misbehave(stream).await);
        }
    });
    (client, requests)
}

async fn post_large(client: &Client) -> Error {
    let input = models::CreateProjectInput::new("demo").with_description("x".repeat(LARGE));
    client.projects().create_project(input).await.unwrap_err()
}

#[tokio::test]
async fn an_answer_that_comes_before_the_body_was_sent_is_the_answer() {
    let (client, requests) = server(|mut stream| async {
        write(&mut stream, answer("413 Content Too Large", "connection: close\r\n", "")).await;
        stream.shutdown().await.unwrap();
        Some(stream)
    })
    .await;
    let error = post_large(&client).await;
    assert_eq!(error.status().map(|status| status.as_u16()), Some(413), "{error:?}");
    assert_eq!((requests.load(Ordering::SeqCst), error.attempts()), (1, 1));
}

#[tokio::test]
async fn half_a_connection_closed_while_the_body_is_sent_is_an_interruption() {
    let (client, requests) = server(|mut stream| async {
        stream.shutdown().await.unwrap();
        Some(stream)
    })
    .await;
    let error = post_large(&client).await;
    assert!(error.is_connection_lost(), "{error:?}");
    assert_eq!((requests.load(Ordering::SeqCst), error.attempts()), (1, 1));
}

#[tokio::test]
async fn a_reset_while_the_body_is_sent_is_an_interruption() {
    let (client, requests) = server(|stream| async {
        reset(stream);
        None
    })
    .await;
    let error = post_large(&client).await;
    assert!(error.is_connection_lost(), "{error:?}");
    assert_eq!((requests.load(Ordering::SeqCst), error.attempts()), (1, 1));
}

/// The reset that follows may overtake the answer in the client's kernel: which of the two comes first is not in our hands.
#[tokio::test]
async fn an_answer_with_a_reset_behind_it_is_the_answer_or_an_interruption() {
    let (client, requests) = server(|mut stream| async {
        write(&mut stream, answer("413 Content Too Large", "connection: close\r\n", "")).await;
        reset(stream);
        None
    })
    .await;
    let error = post_large(&client).await;
    let answered = error.status().is_some_and(|status| status.as_u16() == 413);
    assert!(answered || error.is_connection_lost(), "{error:?}");
    assert_eq!((requests.load(Ordering::SeqCst), error.attempts()), (1, 1));
}

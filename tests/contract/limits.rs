//! Time, size and cancellation of a call.

#![allow(clippy::disallowed_methods, reason = "a test measures virtual time")]

use std::net::TcpListener;
use std::time::Duration;

use affinidi_tdk_iam_client::{Client, auth};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{Instant, timeout};

use crate::support::fakes::{Counting, Never};
use crate::support::operations::{callers, client_of};
use crate::support::printing::predicates;
use crate::support::server::{Server, json_answer, with_all_tokens};

#[tokio::test(start_paused = true)]
async fn an_attempt_without_an_answer_ends_at_its_timeout() {
    for (attempt, total, expected) in
        [(None, None, 15), (Some(3), None, 3), (None, Some(4), 4), (Some(5), Some(4), 4)]
    {
        let transport = Never::default();
        let mut builder = with_all_tokens(Client::builder()).transport(transport.clone());
        if let Some(seconds) = attempt {
            builder = builder.attempt_timeout(Duration::from_secs(seconds));
        }
        if let Some(seconds) = total {
            builder = builder.timeout(Duration::from_secs(seconds));
        }
        let start = Instant::now();
        // A POST that may have been processed: it is never sent twice, whatever the retry policy.
        let error = callers().find(|(operation, _)| operation.id == "createProject").unwrap().1;
        let error = error.send(&builder.build().unwrap()).await.unwrap_err();
        assert_eq!(predicates(&error), ["is_retryable", "is_timeout"]);
        assert_eq!(start.elapsed().as_secs(), expected, "{error}");
        assert_eq!(error.operation(), Some("createProject"));
        assert_eq!((transport.begun(), transport.given_up()), (1, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn the_timeout_of_a_call_wins_over_the_clients_for_every_operation() {
    let client = with_all_tokens(Client::builder()).transport(Never::default()).build().unwrap();
    let start = Instant::now();
    let error = client.sts().whoami().timeout(Duration::from_secs(2)).await.unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(start.elapsed().as_secs(), 2);
    for timeout in [Duration::ZERO, Duration::MAX] {
        let call = client.sts().whoami().timeout(timeout).send();
        assert!(call.await.unwrap_err().is_timeout());
    }
}

#[tokio::test(start_paused = true)]
async fn waiting_for_a_token_ends_with_the_call_and_nothing_is_sent() {
    for (timeout, expected) in [(None, 60), (Some(2), 2)] {
        let (transport, provider) = (Never::default(), Never::default());
        let client =
            Client::builder().transport(transport.clone()).user_token(provider.clone()).build().unwrap();
        let start = Instant::now();
        let mut call = client.sts().whoami();
        if let Some(seconds) = timeout {
            call = call.timeout(Duration::from_secs(seconds));
        }
        let error = call.await.unwrap_err();
        assert!(error.is_timeout(), "{error}");
        assert_eq!(start.elapsed().as_secs(), expected, "{error}");
        assert_eq!((provider.begun(), provider.given_up(), transport.begun()), (1, 1, 0));
    }
}

#[tokio::test(start_paused = true)]
async fn dropping_a_call_drops_what_it_waits_for() {
    let transport = Never::default();
    let client = with_all_tokens(Client::builder()).transport(transport.clone()).build().unwrap();
    for (operation, caller) in callers() {
        let before = (transport.begun(), transport.given_up());
        let call = caller.call(&client).outcome;
        timeout(Duration::from_millis(1), call).await.expect_err("the transport never answers");
        let after = (transport.begun(), transport.given_up());
        assert_eq!(after, (before.0 + 1, before.1 + 1), "{}", operation.id);
    }
}

#[tokio::test]
async fn nothing_is_sent_before_the_call_is_awaited() {
    let server = Server::start().await;
    let (client, provider) = (server.builder(), Counting::new("token"));
    let client = client.user_token(provider.clone()).build().unwrap();
    for (_, caller) in callers() {
        drop(caller.call(&client));
    }
    assert_eq!(provider.asked(), 0);
    assert!(server.take_requests().is_empty());
}

#[tokio::test]
async fn a_refused_connection_is_a_connect_error() {
    // A port that was free a moment ago.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let client = with_all_tokens(client_of(&format!("http://{address}"))).build().unwrap();
    let call =
        client.projects().create_project(affinidi_tdk_iam_client::models::CreateProjectInput::new("demo"));
    let error = call.timeout(Duration::from_secs(5)).await.unwrap_err();
    assert_eq!(predicates(&error), ["is_connect", "is_retryable"], "{error:?}");
    assert!(error.status().is_none() && error.headers().is_none() && error.body().is_none());
}

#[tokio::test]
async fn a_connection_that_is_not_made_in_time_is_a_connect_error_and_a_timeout() {
    // Its queue of connections is full: the kernel lets further ones wait.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let full = socket.listen(1).unwrap();
    let address = full.local_addr().unwrap();
    let mut queued = Vec::new();
    while let Ok(stream) = timeout(Duration::from_millis(50), TcpStream::connect(address)).await {
        queued.push(stream.unwrap());
        assert!(queued.len() < 10, "the queue does not fill");
    }

    let builder = client_of(&format!("http://{address}")).connect_timeout(Duration::from_millis(50));
    let call = builder.build().unwrap().well_known();
    let error = call.get_well_known_did().timeout(Duration::from_secs(5)).await.unwrap_err();
    assert_eq!(predicates(&error), ["is_connect", "is_retryable", "is_timeout"], "{error:?}");
}

#[tokio::test]
async fn a_real_answer_that_does_not_come_in_time_is_a_timeout() {
    // It accepts connections, by the kernel's backlog, and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = client_of(&format!("http://{}", silent.local_addr().unwrap())).build().unwrap();
    let error =
        client.well_known().get_well_known_did().timeout(Duration::from_millis(100)).await.unwrap_err();
    assert_eq!(predicates(&error), ["is_retryable", "is_timeout"], "{error:?}");
}

#[tokio::test]
async fn an_http_client_brought_along_is_the_one_that_sends() {
    let server = Server::answering(json_answer(200, &serde_json::json!({}))).await;
    let mine = reqwest::Client::builder().no_proxy().default_headers(
        [("x-mine", "1")]
            .into_iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect(),
    );
    let client = server.builder().http_client(mine.build().unwrap()).build().unwrap();
    client.well_known().get_well_known_did().await.unwrap();
    assert_eq!(server.take_request().header("x-mine"), Some("1"));

    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let impatient = reqwest::Client::builder().no_proxy().timeout(Duration::from_millis(50)).build().unwrap();
    let client = client_of(&format!("http://{}", silent.local_addr().unwrap()))
        .http_client(impatient)
        .build()
        .unwrap();
    let call =
        client.projects().create_project(affinidi_tdk_iam_client::models::CreateProjectInput::new("demo"));
    let error = call.header("authorization", "x").await.unwrap_err();
    assert_eq!(predicates(&error), ["is_retryable", "is_timeout"], "{error:?}");
}

#[tokio::test]
async fn every_future_is_small() {
    let client = with_all_tokens(Client::builder()).build().unwrap();
    for (operation, caller) in callers() {
        let size = caller.call(&client).size;
        assert!(size < 2048, "the future of {} has {size} bytes", operation.id);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn builders_and_calls_move_between_threads() {
    fn shared<T: Clone + Send + Sync + 'static>(_: &T) {}

    let server = Server::answering(json_answer(200, &serde_json::json!({ "projects": [] }))).await;
    let client = server.builder().user_token(auth::StaticToken::new("token")).build().unwrap();
    shared(&client);
    let calls: Vec<_> = (0..8)
        .map(|_| {
            let builder = client.projects().list_project();
            tokio::spawn(async move { builder.limit(1).await })
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    tokio::spawn(client.projects().list_project().into_future()).await.unwrap().unwrap();
    tokio::spawn(client.projects().list_project().with_response()).await.unwrap().unwrap();
    assert_eq!(server.take_requests().len(), 10);
}

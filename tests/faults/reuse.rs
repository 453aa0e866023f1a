//! Connections that are kept for the next request, and are not there any more when it comes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::server::{Server, fault, get, good_answer, post, read_request, reset, write};

/// Whether the close has arrived at the client when it sends again is up to the machine: over 200 rounds both will happen.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_closed_while_idle_costs_a_get_nothing_and_no_post_is_processed_twice() {
    let closed = Arc::new(Semaphore::new(0));
    let signal = closed.clone();
    let server = Server::start(fault(move |mut stream: TcpStream, _| {
        let signal = signal.clone();
        async move {
            write(&mut stream, good_answer()).await;
            drop(stream);
            signal.add_permits(1);
            None
        }
    }))
    .await;
    let client = server.client();
    for round in 0..200 {
        get(&client).await.unwrap();
        server.take_count();
        // In every other round the server has closed before the next request is written.
        if round % 2 == 0 {
            closed.acquire_many(1).await.unwrap().forget();
        }
        let outcome = if round % 4 < 2 { post(&client).await } else { get(&client).await };
        let processed = server.take_count();
        match outcome {
            Ok(()) => assert_eq!(processed, 1, "round {round}"),
            Err(error) => {
                assert!(round % 4 < 2, "a GET is repeated: {error:?}");
                assert!(error.is_connection_lost(), "{error:?}");
                assert_eq!((processed, error.attempts()), (0, 1), "round {round}");
            }
        }
        closed.forget_permits(usize::MAX >> 4);
    }
}

#[tokio::test]
async fn a_connection_reset_at_reuse_costs_a_get_nothing_and_repeats_no_post() {
    let posts = Arc::new(AtomicUsize::new(0));
    let counter = posts.clone();
    // Every connection serves one request, and is reset when the second one came.
    let server = Server::start(fault(move |mut stream: TcpStream, _| {
        let posts = counter.clone();
        async move {
            if write(&mut stream, good_answer()).await
                && let Some(method) = read_request(&mut stream).await
            {
                posts.fetch_add(usize::from(method == "post"), Ordering::SeqCst);
                reset(stream);
            }
            None
        }
    }))
    .await;
    let client = server.client();
    for _ in 0..10 {
        get(&client).await.unwrap();
    }

    // Whose connection has served its one request.
    let client = server.client();
    get(&client).await.unwrap();
    let error = post(&client).await.unwrap_err();
    assert!(error.is_connection_lost(), "{error:?}");
    assert_eq!((posts.load(Ordering::SeqCst), error.attempts()), (1, 1), "the service may have processed it");
}

#[tokio::test]
async fn an_idle_connection_is_closed_after_the_time_that_is_set() {
    let closed = Arc::new(Semaphore::new(0));
    let signal = closed.clone();
    let server = Server::start(fault(move |mut stream: TcpStream, _| {
        let signal = signal.clone();
        async move {
            write(&mut stream, good_answer()).await;
            assert!(read_request(&mut stream).await.is_none());
            signal.add_permits(1);
            None
        }
    }))
    .await;
    let client = server.builder().pool_idle_timeout(Duration::from_millis(100)).build().unwrap();
    get(&client).await.unwrap();
    // Less than the default.
    timeout(Duration::from_secs(10), closed.acquire()).await.unwrap().unwrap().forget();
}

#[tokio::test]
async fn of_the_connections_of_a_wave_no_more_than_set_stay_idle() {
    const WAVE: usize = 40;
    const KEPT: usize = 3;
    let (arrived, closed) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let all_arrived = Arc::new(tokio::sync::Barrier::new(WAVE));
    let (here, gone) = (arrived.clone(), closed.clone());
    let server = Server::start(fault(move |mut stream: TcpStream, number| {
        let (here, gone, all_arrived) = (here.clone(), gone.clone(), all_arrived.clone());
        async move {
            // No connection is used twice in the wave.
            if number <= WAVE {
                all_arrived.wait().await;
            }
            here.add_permits(1);
            write(&mut stream, good_answer()).await;
            match stream.peek(&mut [0]).await {
                Ok(count) if count > 0 => Some(stream),
                _ => {
                    gone.add_permits(1);
                    None
                }
            }
        }
    }))
    .await;
    let client = server.builder().pool_max_idle_per_host(KEPT).build().unwrap();
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..WAVE {
        let client = client.clone();
        calls.spawn(async move { get(&client).await.unwrap() });
    }
    calls.join_all().await;
    let excess = u32::try_from(WAVE - KEPT).unwrap();
    timeout(Duration::from_secs(10), closed.acquire_many(excess)).await.unwrap().unwrap().forget();
    // Those that stay serve the next calls.
    for _ in 0..10 {
        get(&client).await.unwrap();
    }
    assert_eq!(closed.available_permits(), 0, "{KEPT} are kept");
    assert_eq!(arrived.available_permits(), WAVE + 10);
}

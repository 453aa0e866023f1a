//! Calls that nobody waits for any longer.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::server::{DEADLINE, Server, fault, get, read_request};

const PLACES: u32 = 8;

#[tokio::test]
async fn dropping_calls_in_flight_frees_their_connections_and_their_places() {
    let (arrived, gone) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let signals = (arrived.clone(), gone.clone());
    // Never answers, and sees when the client goes.
    let server = Server::start(fault(move |mut stream, _| {
        let (arrived, gone) = signals.clone();
        async move {
            arrived.add_permits(1);
            assert!(read_request(&mut stream).await.is_none());
            gone.add_permits(1);
            None
        }
    }))
    .await;
    let client = server.builder().max_concurrent_requests(8).build().unwrap();
    let all = |signal: Arc<Semaphore>| async move {
        timeout(DEADLINE, signal.acquire_many(PLACES)).await.unwrap().unwrap().forget();
    };
    for _ in 0..3 {
        let mut calls = JoinSet::new();
        for _ in 0..PLACES {
            let client = client.clone();
            calls.spawn(async move { get(&client).await });
        }
        all(arrived.clone()).await;
        timeout(Duration::from_millis(20), get(&client)).await.expect_err("every place is taken");
        assert_eq!(arrived.available_permits(), 0, "no place was there for one more");
        calls.abort_all();
        all(gone.clone()).await;
    }
}

//! More calls over HTTP/2 than one connection has streams.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use affinidi_tdk_iam_client::{ClientBuilder, Error, RetryPolicy};
use bytes::Bytes;
use futures_util::future::join_all;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::server::{BODY, builder, get};
use crate::tls_server::Authority;

/// Responds by HTTP/2 when it may.
struct Server {
    address: SocketAddr,
    authority: Authority,
    connections: Arc<AtomicUsize>,
    requests: Arc<AtomicUsize>,
    /// How many requests are held until they may be responded to.
    held: Arc<AtomicUsize>,
    may_respond: Arc<Semaphore>,
    /// One for each connection that says goodbye (RFC 9113, section 6.8).
    goodbyes: Arc<Semaphore>,
}

impl Server {
    async fn start(streams: u32) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            authority: Authority::new("One"),
            connections: Arc::default(),
            requests: Arc::default(),
            held: Arc::default(),
            may_respond: Arc::new(Semaphore::new(0)),
            goodbyes: Arc::new(Semaphore::new(0)),
        };
        let acceptor = server.authority.acceptor("localhost", &[b"h2"]);
        let (connections, requests) = (server.connections.clone(), server.requests.clone());
        let held = server.held.clone();
        let (may_respond, goodbyes) = (server.may_respond.clone(), server.goodbyes.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                let (connections, requests) = (connections.clone(), requests.clone());
                let (may_respond, goodbyes) = (may_respond.clone(), goodbyes.clone());
                let held = held.clone();
                tokio::spawn(async move {
                    let Ok(stream) = acceptor.accept(stream).await else { return };
                    let mut builder = h2::server::Builder::new();
                    builder.max_concurrent_streams(streams);
                    let Ok(mut connection) = builder.handshake::<_, Bytes>(stream).await else { return };
                    connections.fetch_add(1, Ordering::SeqCst);
                    let mut says_goodbye = false;
                    loop {
                        let accepted = tokio::select! {
                            accepted = connection.accept() => accepted,
                            permit = goodbyes.acquire(), if !says_goodbye => {
                                permit.unwrap().forget();
                                says_goodbye = true;
                                connection.graceful_shutdown();
                                continue;
                            }
                        };
                        let Some(Ok((_, mut respond))) = accepted else { return };
                        let number = requests.fetch_add(1, Ordering::SeqCst);
                        let is_held = number < held.load(Ordering::SeqCst);
                        let may_respond = may_respond.clone();
                        tokio::spawn(async move {
                            if is_held {
                                may_respond.acquire().await.unwrap().forget();
                            }
                            if let Ok(mut body) = respond.send_response(http::Response::new(()), false) {
                                let _ = body.send_data(Bytes::from_static(BODY.as_bytes()), true);
                            }
                        });
                    }
                });
            }
        });
        server
    }

    fn builders(&self, connections: usize) -> Vec<(&'static str, ClientBuilder)> {
        self.builders_with(connections, DEADLINE)
    }

    /// A client on each transport, with so many connections at most.
    fn builders_with(&self, connections: usize, connect: Duration) -> Vec<(&'static str, ClientBuilder)> {
        let client = || builder(&format!("https://localhost:{}/iam", self.address.port()));
        let trusted = self.authority.certificate();
        let by_reqwest = client()
            .configure_http(move |http| http.tls_certs_only([trusted.clone()]))
            .connect_timeout(connect)
            .http2_max_connections_per_host(connections);
        #[cfg(feature = "hyper")]
        let by_hyper = client().transport(
            affinidi_tdk_iam_client::transport::HyperTransport::builder()
                .root_certificates(self.authority.pem())
                .connect_timeout(connect)
                .http2_max_connections_per_host(connections)
                .build()
                .unwrap(),
        );
        vec![
            ("reqwest", by_reqwest),
            #[cfg(feature = "hyper")]
            ("hyper", by_hyper),
        ]
    }

    /// Waits until so many requests are in flight.
    async fn until_requests(&self, count: usize) {
        let late = Instant::now() + DEADLINE;
        while self.requests.load(Ordering::SeqCst) < count {
            assert!(
                Instant::now() < late,
                "{} of {count} requests came",
                self.requests.load(Ordering::SeqCst)
            );
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Forgets what came, and holds the next requests.
    fn hold(&self, requests: usize) {
        self.held.store(requests, Ordering::SeqCst);
        self.requests.store(0, Ordering::SeqCst);
        self.connections.store(0, Ordering::SeqCst);
    }
}

const DEADLINE: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_calls_than_one_connection_has_streams_are_all_in_flight_at_once() {
    let server = Server::start(128).await;
    for (name, builder) in server.builders(100) {
        server.hold(1000);
        let client = builder.build().unwrap();
        let mut calls = JoinSet::new();
        for _ in 0..1000 {
            let client = client.clone();
            calls.spawn(async move { get(&client).await });
        }
        // None of them is over before all have come.
        server.until_requests(1000).await;
        server.may_respond.add_permits(1000);
        let outcomes = calls.join_all().await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_err()).count(), 0, "{name}: {outcomes:?}");
        // The connections are kept for the next calls.
        let before = server.connections.load(Ordering::SeqCst);
        for outcome in join_all((0..200).map(|_| get(&client))).await {
            outcome.unwrap();
        }
        assert_eq!(server.connections.load(Ordering::SeqCst), before, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_for_which_no_stream_comes_free_in_time_was_not_sent_and_says_so() {
    let server = Server::start(100).await;
    for (name, builder) in server.builders_with(2, Duration::from_millis(500)) {
        server.hold(200);
        let client = builder.retry_policy(RetryPolicy::never()).build().unwrap();
        let mut calls = JoinSet::new();
        for _ in 0..201 {
            let client = client.clone();
            calls.spawn(async move { get(&client).await });
        }
        let error: Error = calls.join_next().await.unwrap().unwrap().unwrap_err();
        assert!(error.is_timeout() && error.is_connect(), "{name}: {error}");
        assert!(error.to_string().contains("streams") && error.to_string().contains("not sent"), "{error}");
        server.until_requests(200).await;
        server.may_respond.add_permits(200);
        while let Some(outcome) = calls.join_next().await {
            outcome.unwrap().unwrap();
        }
        assert_eq!(server.requests.load(Ordering::SeqCst), 200, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_the_service_closes_in_order_serves_its_calls_to_their_end() {
    let server = Server::start(100).await;
    for (name, builder) in server.builders(100) {
        server.hold(10);
        let client = builder.build().unwrap();
        let mut calls = JoinSet::new();
        for _ in 0..10 {
            let client = client.clone();
            calls.spawn(async move { get(&client).await });
        }
        server.until_requests(10).await;
        let connections = server.connections.load(Ordering::SeqCst);
        server.goodbyes.add_permits(connections);
        while server.goodbyes.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        // Calls that come now go elsewhere, and the ten are served all the same, none of them twice.
        let late = Instant::now() + DEADLINE;
        let mut others = 0;
        while server.connections.load(Ordering::SeqCst) == connections {
            get(&client).await.unwrap_or_else(|error| panic!("{name}: {error}"));
            others += 1;
            assert!(Instant::now() < late, "{name}");
        }
        server.may_respond.add_permits(10);
        while let Some(outcome) = calls.join_next().await {
            outcome.unwrap().unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        assert_eq!(server.requests.load(Ordering::SeqCst), 10 + others, "{name}");
    }
}

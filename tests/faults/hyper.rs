//! What the transport on `hyper` does by itself: trust, connections that several calls wait for, and who is not polled.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use affinidi_tdk_iam_client::transport::HyperTransport;
use affinidi_tdk_iam_client::{Client, Error, RetryPolicy};
use futures_util::FutureExt as _;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::server::{Server, builder, fault, get, good_answer, write};
use crate::tls_server::{self, Authority};

fn client(base_url: &str, transport: HyperTransport) -> Client {
    builder(base_url).transport(transport).retry_policy(RetryPolicy::never()).build().unwrap()
}

async fn keeps_connections() -> Server {
    Server::start(fault(|mut stream, _| async move {
        write(&mut stream, good_answer()).await;
        Some(stream)
    }))
    .await
}

#[tokio::test]
async fn only_a_trusted_authority_is_sent_to() {
    let authority = Authority::new("One");
    let server = tls_server::Server::start(&authority, "localhost", |_| ()).await;
    let error = get(&client(&server.base_url, HyperTransport::new().unwrap())).await.unwrap_err();
    assert!(error.is_certificate() && error.is_connect(), "{error}");
    let other = HyperTransport::builder().root_certificates(Authority::new("Other").pem()).build().unwrap();
    assert!(get(&client(&server.base_url, other)).await.unwrap_err().is_certificate());
    assert_eq!(server.requests.load(Ordering::SeqCst), 0);

    let both = HyperTransport::builder().root_certificates(Authority::new("Other").pem());
    let both = both.root_certificates(authority.pem()).build().unwrap();
    get(&client(&server.base_url, both)).await.unwrap();
    assert_eq!(server.requests.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused() {
    let authority = Authority::new("One");
    let server = tls_server::Server::start(&authority, "other.example", |_| ()).await;
    let trusting = HyperTransport::builder().root_certificates(authority.pem()).build().unwrap();
    let error = get(&client(&server.base_url, trusting)).await.unwrap_err();
    assert!(error.is_certificate(), "{error}");
}

#[test]
fn root_certificates_that_are_none_are_a_configuration_error() {
    for text in ["", "no PEM", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let error: Error = HyperTransport::builder().root_certificates(text).build().unwrap_err();
        assert!(error.is_configuration(), "{text}: {error}");
    }
}

#[tokio::test]
async fn calls_one_after_the_other_share_a_connection() {
    let authority = Authority::new("One");
    let server = tls_server::Server::start(&authority, "localhost", |_| ()).await;
    let transport = HyperTransport::builder().root_certificates(authority.pem()).build().unwrap();
    let client = client(&server.base_url, transport);
    for _ in 0..10 {
        get(&client).await.unwrap();
    }
    let counts = [&server.connections, &server.requests].map(|count| count.load(Ordering::SeqCst));
    assert_eq!(counts, [1, 10]);
}

#[tokio::test]
async fn a_call_that_is_not_polled_any_more_holds_up_no_other() {
    let server = keeps_connections().await;
    let client = client(&format!("http://{}/iam", server.address), HyperTransport::new().unwrap());
    // Each asks for a connection, and is then left where it is.
    let mut idlers: Vec<_> = (0..20).map(|_| Box::pin(get(&client))).collect();
    for idler in &mut idlers {
        assert!(idler.as_mut().now_or_never().is_none());
    }
    for _ in 0..5 {
        tokio::time::timeout(Duration::from_secs(10), get(&client)).await.unwrap().unwrap();
    }
    drop(idlers);
}

#[tokio::test]
async fn calls_that_go_away_leave_their_connections_to_others() {
    let server = keeps_connections().await;
    let transport = HyperTransport::new().unwrap();
    let client = client(&format!("http://{}/iam", server.address), transport);
    for _ in 0..100 {
        let mut call = Box::pin(get(&client));
        assert!(call.as_mut().now_or_never().is_none());
    }
    get(&client).await.unwrap();
}

#[tokio::test]
async fn all_calls_learn_that_nobody_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    for scheme in ["http", "https"] {
        let client = client(&format!("{scheme}://{address}/iam"), HyperTransport::new().unwrap());
        let start = Instant::now();
        let mut calls = JoinSet::new();
        for _ in 0..50 {
            let client = client.clone();
            calls.spawn(async move { get(&client).await });
        }
        for outcome in calls.join_all().await {
            let error = outcome.unwrap_err();
            assert!(error.is_connect() && !error.is_timeout(), "{error}");
            assert!(error.to_string().contains("refused"), "{error}");
        }
        assert!(start.elapsed() < Duration::from_secs(10));
    }
}

#[tokio::test]
async fn a_peer_that_never_shakes_hands_costs_the_time_for_connecting() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("https://localhost:{}/iam", listener.local_addr().unwrap().port());
    let transport = HyperTransport::builder().connect_timeout(Duration::from_millis(300)).build().unwrap();
    let error = get(&client(&base_url, transport)).await.unwrap_err();
    assert!(error.is_connect() && error.is_timeout(), "{error}");
    assert!(error.to_string().contains("300ms"), "{error}");
}

#[test]
fn a_runtime_that_is_gone_takes_its_connections_with_it() {
    let server_runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let server_runtime = server_runtime.unwrap();
    let server = server_runtime.block_on(keeps_connections());
    let client = client(&format!("http://{}/iam", server.address), HyperTransport::new().unwrap());
    for _ in 0..3 {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            get(&client).await.unwrap();
            // Left behind while it is being made.
            assert!(Box::pin(get(&client)).as_mut().now_or_never().is_none());
        });
    }
}

//! Connections that do not come about: nothing is sent, so a POST is treated as a GET is.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use affinidi_tdk_iam_client::Error;
use tokio::net::TcpListener;

use crate::server::{builder, get, post, reset};

/// What a GET and a POST end with.
async fn errors(base_url: &str) -> [Error; 2] {
    let client = builder(base_url).build().unwrap();
    [get(&client).await.unwrap_err(), post(&client).await.unwrap_err()]
}

#[tokio::test]
async fn a_refused_connection_is_tried_again() {
    // A port that was free a moment ago.
    let address = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    for error in errors(&format!("http://{address}/iam")).await {
        assert!(error.is_connect() && error.is_retryable() && !error.is_certificate(), "{error:?}");
        assert_eq!(error.attempts(), 3);
        assert!(error.to_string().contains(&address.to_string()), "{error}");
    }
}

#[tokio::test]
async fn a_name_that_does_not_resolve_is_a_connect_error() {
    for error in errors("https://iam.invalid/iam").await {
        assert!(error.is_connect() && !error.is_certificate(), "{error:?}");
        assert!(error.to_string().contains("iam.invalid"), "{error}");
    }
}

#[tokio::test]
async fn a_handshake_that_breaks_is_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let connections = Arc::new(AtomicUsize::new(0));
    let counter = connections.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            counter.fetch_add(1, Ordering::SeqCst);
            reset(stream);
        }
    });
    for error in errors(&format!("https://{address}/iam")).await {
        assert!(error.is_connect() && error.is_retryable() && !error.is_certificate(), "{error:?}");
        assert_eq!(error.attempts(), 3, "{error}");
    }
    assert_eq!(connections.load(Ordering::SeqCst), 6);
}

#[cfg(feature = "rustls")]
mod certificates {
    use affinidi_tdk_iam_client::Client;
    use rcgen::date_time_ymd;

    use super::*;
    use crate::tls_server::{Authority, Server};

    /// A client that trusts nobody else.
    fn client(authority: &Authority, server: &Server) -> Client {
        let trusted = authority.certificate();
        let http = reqwest::Client::builder().tls_backend_rustls().no_proxy();
        let http = http.tls_certs_only([trusted]).build().unwrap();
        builder(&server.base_url).http_client(http).build().unwrap()
    }

    /// The certificate is not accepted; nothing was sent, and it was tried once.
    async fn assert_not_accepted(server: &Server, client: &Client, cause: &str) {
        for outcome in [get(client).await, post(client).await] {
            let error = outcome.unwrap_err();
            assert!(error.is_certificate() && error.is_connect(), "{error:?}");
            assert!(!error.is_retryable() && error.attempts() == 1, "{error:?}");
            let text = error.to_string();
            for part in
                ["certificate was refused", "nothing was sent", "`ClientBuilder::configure_http`", cause]
            {
                assert!(text.contains(part), "{part}: {text}");
            }
        }
        assert_eq!(server.connections.swap(0, Ordering::SeqCst), 2, "one for each call");
        assert_eq!(server.requests.load(Ordering::SeqCst), 0);
    }

    #[tokio::test]
    async fn a_certificate_for_the_name_from_a_trusted_authority_is_accepted() {
        let authority = Authority::new("One");
        let server = Server::start(&authority, "localhost", |_| ()).await;
        let client = client(&authority, &server);
        get(&client).await.unwrap();
        post(&client).await.unwrap();
        assert_eq!(server.requests.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn a_certificate_for_another_name_is_not_accepted() {
        let authority = Authority::new("One");
        let server = Server::start(&authority, "iam.example.org", |_| ()).await;
        assert_not_accepted(&server, &client(&authority, &server), "iam.example.org").await;
    }

    #[tokio::test]
    async fn a_certificate_from_an_authority_that_is_not_trusted_is_not_accepted() {
        let server = Server::start(&Authority::new("One"), "localhost", |_| ()).await;
        assert_not_accepted(&server, &client(&Authority::new("Another"), &server), "UnknownIssuer").await;
        // Nor by the authorities that the operating system trusts.
        let client = builder(&server.base_url).build().unwrap();
        assert_not_accepted(&server, &client, "UnknownIssuer").await;
    }

    #[tokio::test]
    async fn a_certificate_that_has_expired_is_not_accepted() {
        let authority = Authority::new("One");
        let server = Server::start(&authority, "localhost", |params| {
            params.not_before = date_time_ymd(2020, 1, 1);
            params.not_after = date_time_ymd(2021, 1, 1);
        });
        let server = server.await;
        assert_not_accepted(&server, &client(&authority, &server), "expired").await;
    }
}

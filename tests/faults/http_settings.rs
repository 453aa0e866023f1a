//! What a caller sets of the HTTP client by `configure_http`, and what stays as it is all the same.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::time::Duration;

use affinidi_tdk_iam_client::transport::ReqwestTransport;
use affinidi_tdk_iam_client::{Client, models};
use reqwest::dns::{Name, Resolve, Resolving};
use reqwest::redirect;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;

use crate::server::{OK, Server, answer, builder, fault, get, good_answer, write};
use crate::tls_server::{self, Authority};

#[tokio::test]
async fn an_authority_set_by_configure_http_is_trusted() {
    let authority = Authority::new("One");
    let server = tls_server::Server::start(&authority, "localhost", |_| ()).await;
    let (merged, only) = (authority.certificate(), authority.certificate());
    for client in [
        builder(&server.base_url).configure_http(move |http| http.tls_certs_merge([merged.clone()])),
        builder(&server.base_url).configure_http(move |http| http.tls_certs_only([only.clone()])),
    ] {
        get(&client.build().unwrap()).await.unwrap();
    }
    assert_eq!(server.requests.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_client_certificate_set_by_configure_http_is_shown() {
    let authority = Authority::new("One");
    let server = tls_server::Server::for_clients_of(&authority, "localhost").await;
    let (trusted, identity) = (authority.certificate(), authority.identity());
    let trusting = move |http: reqwest::ClientBuilder| http.tls_certs_only([trusted.clone()]);
    let without = builder(&server.base_url).configure_http(trusting.clone()).build().unwrap();
    get(&without).await.unwrap_err();
    assert_eq!(server.requests.load(Ordering::SeqCst), 0);

    let with = builder(&server.base_url);
    let with = with.configure_http(move |http| trusting(http).identity(identity.clone())).build().unwrap();
    get(&with).await.unwrap();
}

#[tokio::test]
async fn a_redirect_is_not_followed_whatever_configure_http_sets() {
    let elsewhere = Server::start(fault(|mut stream, _| async move {
        write(&mut stream, good_answer()).await;
        None
    }));
    let elsewhere = elsewhere.await;
    let location = format!("location: http://{}/\r\n", elsewhere.address);
    let server = Server::start(fault(move |mut stream, _| {
        let redirect = answer("307 Temporary Redirect", &location, "");
        async move {
            write(&mut stream, redirect).await;
            Some(stream)
        }
    }));
    let server = server.await;
    let client = server.builder().configure_http(|http| http.redirect(redirect::Policy::limited(10)));
    let input = models::ConsumerAuthTokenEndpointInput::new(
        models::GrantType::ClientCredentials,
        models::ClientAssertionType::JwtBearer,
        "a.b.c".to_owned(),
    );
    let error =
        client.build().unwrap().consumer_auth().consumer_auth_token_endpoint(input).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(307), "{error}");
    assert_eq!((server.take_count(), elsewhere.take_count()), (1, 0));
}

#[tokio::test]
async fn a_proxy_set_by_configure_http_is_used_except_to_this_machine() {
    // It takes one request, and says its first line.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = format!("http://{}", listener.local_addr().unwrap());
    let requests = tokio::spawn(async move {
        let mut lines = Vec::new();
        for response in ["HTTP/1.1 502 No\r\ncontent-length: 0\r\n\r\n".to_owned(), good_answer()] {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut buffer = [0; 4096];
            let length = stream.read(&mut buffer).await.unwrap();
            let text = String::from_utf8_lossy(&buffer[..length]).into_owned();
            lines.push(text.lines().next().unwrap_or_default().to_owned());
            write(&mut stream, response).await;
        }
        lines
    });
    let local = Server::start(fault(|mut stream, _| async move {
        write(&mut stream, good_answer()).await;
        Some(stream)
    }));
    let local = local.await;

    let configured = |base_url: &str| {
        let proxy = proxy.clone();
        builder(base_url)
            .allow_plain_http_to_any_host()
            .retry_policy(affinidi_tdk_iam_client::RetryPolicy::never())
            .configure_http(move |http| http.proxy(reqwest::Proxy::all(&proxy).unwrap()))
            .build()
            .unwrap()
    };
    get(&configured(&format!("http://{}/iam", local.address))).await.unwrap();
    let error = get(&configured("https://iam.example.org/iam")).await.unwrap_err();
    assert!(error.is_connect() && error.to_string().contains("tunnel error"), "{error}");
    get(&configured("http://iam.example.org/iam")).await.unwrap();
    let expected = [
        "CONNECT iam.example.org:443 HTTP/1.1",
        "GET http://iam.example.org/iam/.well-known/jwks.json HTTP/1.1",
    ];
    assert_eq!(requests.await.unwrap(), expected);
    assert_eq!(local.take_count(), 1);
}

/// Knows no name.
struct Nobody;

impl Resolve for Nobody {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move { Err(format!("{} was looked up", name.as_str()).into()) })
    }
}

#[tokio::test]
async fn name_resolution_set_by_configure_http_is_used_except_for_this_machine() {
    let server = Server::start(fault(|mut stream, _| async move {
        write(&mut stream, good_answer()).await;
        Some(stream)
    }));
    let server = server.await;
    let (address, port) = (server.address, server.address.port());
    let configured = |host: &str| {
        let client = builder(&format!("http://{host}:{port}/iam")).allow_plain_http_to_any_host();
        let client = client.configure_http(move |http| {
            http.no_proxy().dns_resolver(Nobody).resolve("known.example.org", address)
        });
        client.build().unwrap()
    };
    get(&configured("known.example.org")).await.unwrap();
    get(&configured("localhost")).await.unwrap();
    get(&configured("api.localhost")).await.unwrap();
    let error = get(&configured("other.example.org")).await.unwrap_err();
    assert!(error.is_connect() && error.to_string().contains("was looked up"), "{error}");
}

#[tokio::test]
async fn connections_are_kept_as_the_builder_says_and_counted_as_configure_http_says() {
    let authority = Authority::new("One");
    let server = tls_server::Server::start(&authority, "localhost", |_| ()).await;
    let idle = Duration::from_nanos(1);
    for (idle_connections, expected) in [(1, 1), (0, 2)] {
        let trusted = authority.certificate();
        let client = builder(&server.base_url).configure_http(move |http| {
            let http = http.tls_certs_only([trusted.clone()]).connect_timeout(idle).pool_idle_timeout(idle);
            http.pool_max_idle_per_host(idle_connections)
        });
        let client = client.build().unwrap();
        get(&client).await.unwrap();
        get(&client).await.unwrap();
        assert_eq!(server.connections.swap(0, Ordering::SeqCst), expected, "with {idle_connections} kept");
    }
}

#[tokio::test]
async fn the_user_agent_is_that_of_the_builder() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}/iam", listener.local_addr().unwrap());
    let received = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut buffer = [0; 4096];
        let length = stream.read(&mut buffer).await.unwrap();
        write(&mut stream, format!("{OK}content-length: 11\r\n\r\n{{\"keys\":[]}}")).await;
        String::from_utf8_lossy(&buffer[..length]).into_owned()
    });
    let client = builder(&base_url).user_agent("shop/1.4").configure_http(|http| http.user_agent("other"));
    get(&client.build().unwrap()).await.unwrap();
    let received = received.await.unwrap();
    assert!(received.contains("user-agent: shop/1.4\r\n") && !received.contains("other"), "{received}");
}

#[test]
fn a_setting_that_cannot_be_used_is_a_configuration_error() {
    type Configure = fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder;
    let settings: [Configure; 3] = [
        |http| http.user_agent("\n"),
        |http| {
            http.tls_version_min(reqwest::tls::Version::TLS_1_3)
                .tls_version_max(reqwest::tls::Version::TLS_1_2)
        },
        // Where native TLS is built in as well, this fails before it is set.
        |http| match reqwest::Certificate::from_der(b"no certificate") {
            Ok(certificate) => http.tls_certs_merge([certificate]),
            Err(_) => http.user_agent("\n"),
        },
    ];
    for set in settings {
        for base_url in ["https://iam.example.org/iam", "http://127.0.0.1:1/iam"] {
            let error = builder(base_url).configure_http(set).build().unwrap_err();
            assert!(error.is_configuration() && error.to_string().contains("`configure_http`"), "{error}");
        }
    }
}

#[test]
fn configure_http_beside_another_http_client_is_a_configuration_error() {
    for client in [
        Client::builder().http_client(reqwest::Client::new()).configure_http(|http| http),
        Client::builder().configure_http(|http| http).transport(ReqwestTransport::default()),
    ] {
        let error = client.build().unwrap_err();
        assert!(error.is_configuration(), "{error}");
        for part in ["`configure_http`", "`http_client`", "`transport`"] {
            assert!(error.to_string().contains(part), "{part}: {error}");
        }
    }
}

#[test]
fn a_panic_in_configure_http_is_passed_on_by_build() {
    let client = Client::builder().configure_http(|_| panic!("no settings"));
    catch_unwind(AssertUnwindSafe(|| client.build())).unwrap_err();
}

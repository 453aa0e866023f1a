//! What people get wrong at first: each error names the mistake, and what to do about it.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use affinidi_iam_local::LocalIam;
use affinidi_tdk_iam_client::auth::{
    Algorithm, PersonalAccessToken, PersonalAccessTokenBuilder, StaticToken, TokenVerifier,
};
use affinidi_tdk_iam_client::models::{CreateProjectInput, PrincipalType};
use affinidi_tdk_iam_client::transport::{
    ReqwestTransport, Transport, TransportError, TransportFuture, TransportRequest,
};
use affinidi_tdk_iam_client::{Client, Error, RetryPolicy};
use tokio::net::TcpListener;

const PROJECT: &str = "9de103a4-35d7-4b0f-8aa2-9dcd8ee4b321";

macro_rules! key {
    ($name:literal) => {
        include_str!(concat!("auth/keys/", $name, ".pem"))
    };
}

/// The text of an error, which must hold all of `parts`.
#[track_caller]
fn says(error: &Error, parts: &[&str]) {
    let text = error.to_string();
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in: {text}");
    }
}

#[track_caller]
fn refused<T>(outcome: Result<T, Error>, parts: &[&str]) {
    let error = outcome.err().expect("it is a mistake");
    assert!(error.is_configuration(), "{error}");
    says(&error, parts);
}

fn pat(pem: &str) -> PersonalAccessTokenBuilder {
    PersonalAccessToken::builder().token_id("t").private_key_pem(pem)
}

/// The machine user that the local service knows.
fn seeded(iam: &LocalIam) -> PersonalAccessTokenBuilder {
    let seeds = iam.seeds();
    PersonalAccessToken::builder()
        .token_id(seeds.token_id())
        .private_key_pem(seeds.private_key_pem())
        .token_endpoint(iam.token_endpoint())
        .base_url(iam.base_url())
}

/// A server that responds to every request with `response`, in plain text.
async fn server(response: &'static str) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut request = [0; 2048];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(response.as_bytes()).await;
            });
        }
    });
    address.to_string()
}

#[test]
fn a_private_key_that_cannot_be_used_says_which_one_can() {
    refused(pat("/run/secrets/key.pem").build(), &["the name of a file", "`private_key_file`"]);
    refused(pat(key!("rsa-pbkdf2-sha256-aes256")).build(), &["encrypted", "`passphrase`", "PASSPHRASE"]);
    let p384 = pat(key!("refused-p384")).build().unwrap_err();
    says(&p384, &["on another curve", "on P-256"]);
    assert!(!p384.to_string().contains("secp256k1"), "{p384}");
    let algorithm = pat(key!("p256")).algorithm(Algorithm::Rs256).build();
    refused(algorithm, &["RS256", "ES256", "leave `algorithm` out"]);
}

#[test]
fn a_base_url_that_cannot_be_read_shows_itself_and_the_reason() {
    for url in ["127.0.0.1:8080/iam", "localhost", ""] {
        refused(
            Client::builder().base_url(url).build(),
            &[&format!("the base URL `{url}`"), "`https://`", "`http://`"],
        );
    }
    refused(Client::builder().base_url("localhost:8080/iam").build(), &["`localhost:8080/iam`", "`http://`"]);
    let endpoint = pat(key!("p256")).token_endpoint("localhost");
    let client = Client::builder().personal_access_token(endpoint.build().unwrap()).build();
    refused(client, &["the token endpoint `localhost`", "relative URL without a base"]);
}

#[test]
fn the_address_of_a_local_service_alone_names_the_other_one_that_is_needed() {
    let credential = pat(key!("p256")).build().unwrap();
    let client = Client::builder().base_url("http://127.0.0.1:8080/iam").personal_access_token(credential);
    refused(client.build(), &["token_endpoint", "TOKEN_ENDPOINT"]);
}

#[tokio::test]
async fn a_project_id_that_is_not_a_uuid_is_refused_before_anything_is_sent() {
    let parts = ["`my project` is not the id of a project", "UUID", "PROJECT_ID"];
    refused(pat(key!("p256")).project_id("my project").build(), &parts);
    let iam = LocalIam::start().await.unwrap();
    let credential = seeded(&iam).build().unwrap().for_project("my project");
    refused(credential.project_token().await, &parts);
    refused(credential.project_tokens(), &parts);
    refused(credential.iota_token("c", "did:example:c", None).await, &parts);
    let client = Client::builder().base_url(iam.base_url());
    refused(client.clone().personal_access_token(credential.clone()).build(), &parts);
    let client = client.build().unwrap();
    refused(client.with_personal_access_token(credential), &parts);
    assert!(iam.requests().is_empty());
}

#[tokio::test]
async fn a_project_that_the_machine_user_does_not_belong_to_is_named() {
    let iam = LocalIam::start().await.unwrap();
    let credential = seeded(&iam).project_id(PROJECT).build().unwrap();
    let client =
        Client::builder().base_url(iam.base_url()).personal_access_token(credential).build().unwrap();
    let error = client.projects().list_principals_of_project().await.unwrap_err();
    says(&error, &["fetching the project token", "403", PROJECT, iam.base_url()]);
}

#[tokio::test]
async fn a_credential_without_a_project_names_what_sets_it() {
    let iam = LocalIam::start().await.unwrap();
    let credential = seeded(&iam).build().unwrap();
    let client =
        Client::builder().base_url(iam.base_url()).personal_access_token(credential).build().unwrap();
    let error = client.projects().list_principals_of_project().await.unwrap_err();
    says(&error, &["PROJECT_ID", "`ClientBuilder::project_token`"]);
}

#[tokio::test]
async fn clocks_that_are_far_apart_are_named_as_the_reason() {
    for (offset, direction) in [(3600, " s behind the service's"), (-3600, " s ahead of the service's")] {
        let iam = LocalIam::start().await.unwrap();
        iam.clock().set_offset(offset);
        let client = Client::builder().base_url(iam.base_url());
        let client = client.personal_access_token(seeded(&iam).build().unwrap()).build().unwrap();
        let error = client.sts().whoami().await.unwrap_err();
        says(&error, &["client_assertion", "this machine's clock is ", direction]);
    }
}

#[tokio::test]
async fn an_address_with_a_wrong_path_is_in_the_error() {
    let iam = LocalIam::start().await.unwrap();
    let gateway = iam.base_url().strip_suffix("/iam").unwrap();
    for base_url in [gateway.to_owned(), format!("{}/v1", iam.base_url())] {
        let client = Client::builder().base_url(&base_url);
        let client = client.user_token(StaticToken::new(iam.user_token().unwrap())).build().unwrap();
        let error = client.projects().list_project().await.unwrap_err();
        says(&error, &["listProject", "check the base URL", &base_url]);
        assert_eq!(error.base_url().unwrap().as_str().trim_end_matches('/'), base_url);
    }
    let credential = seeded(&iam).token_endpoint(gateway).build().unwrap();
    let client =
        Client::builder().base_url(iam.base_url()).personal_access_token(credential).build().unwrap();
    let error = client.sts().whoami().await.unwrap_err();
    says(&error, &["whoami", "fetching the user token", &format!("({gateway}/)")]);
}

#[tokio::test]
async fn errors_hold_the_base_url_and_neither_path_parameters_nor_a_query() {
    let iam = LocalIam::start().await.unwrap();
    let client = Client::builder().base_url(iam.base_url());
    let client = client.user_token(StaticToken::new(iam.user_token().unwrap())).build().unwrap();
    let error = client.tokens().get_token(PROJECT.parse().unwrap()).await.unwrap_err();
    let text = error.to_string();
    assert!(text.ends_with(&format!("({})", iam.base_url())), "{text}");
    assert!(!text.contains(PROJECT) && !format!("{error:?}").contains("tokens/"), "{text}");
}

#[cfg(feature = "rustls-no-provider")]
#[tokio::test]
async fn https_to_a_port_for_http_says_so_and_is_not_retried() {
    let iam = LocalIam::start().await.unwrap();
    for address in [
        iam.base_url().strip_prefix("http://").unwrap().to_owned(),
        server("SSH-2.0-OpenSSH_9.2p1\r\n").await + "/iam",
    ] {
        let client = Client::builder().base_url(format!("https://{address}")).build().unwrap();
        let error = client.well_known().get_well_known_jwks().await.unwrap_err();
        says(&error, &["does not speak TLS", "`http`", &address]);
        assert!(error.is_connect() && !error.is_retryable());
        assert_eq!(error.attempts(), 1);
    }
}

#[tokio::test]
async fn a_port_where_nothing_listens_is_named_with_its_attempts() {
    let free = TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap();
    let policy = RetryPolicy::new().initial_backoff(Duration::from_millis(1));
    let client =
        Client::builder().base_url(format!("http://{free}/iam")).retry_policy(policy).build().unwrap();
    let error = client.well_known().get_well_known_jwks().await.unwrap_err();
    says(&error, &["no connection could be made: ", &format!("(http://{free}/iam, after 3 attempts in ")]);
}

#[tokio::test]
async fn another_web_server_is_named_by_its_address() {
    let page =
        "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\nconnection: close\r\n\r\n<html>";
    let address = server(page).await;
    let client = Client::builder().base_url(format!("http://{address}/iam")).build().unwrap();
    let error = client.well_known().get_well_known_jwks().await.unwrap_err();
    says(&error, &["200 OK", "text/html", &format!("(http://{address}/iam)")]);
}

#[tokio::test]
async fn a_verifier_that_gets_more_than_a_token_says_what_to_leave_out() {
    let iam = LocalIam::start().await.unwrap();
    let client = Client::builder().base_url(iam.base_url()).build().unwrap();
    let verifier = TokenVerifier::for_project(&client, PROJECT).unwrap();
    for text in ["Bearer a.b.c", "bearer a.b.c", ""] {
        let error = verifier.verify(text).await.unwrap_err();
        assert!(error.is_token_rejected(), "{error}");
        says(&error, &["not a signed JSON Web Token", "`Bearer`"]);
    }
}

#[tokio::test]
async fn what_the_service_says_twice_is_printed_once() {
    let iam = LocalIam::start().await.unwrap();
    let user = StaticToken::new(iam.user_token().unwrap());
    let client = Client::builder().base_url(iam.base_url()).project_token(user.clone()).user_token(user);
    let client = client.build().unwrap();
    let policies = client.policies().get_policies(PROJECT, PrincipalType::Token).await.unwrap_err();
    says(&policies, &["of another kind than the operation takes"]);
    let name = client.projects().create_project(CreateProjectInput::new("")).await.unwrap_err();
    for error in [policies, name] {
        assert!(!error.to_string().contains(".;"), "{error}");
    }
}

#[tokio::test]
async fn an_empty_identifier_says_which_and_why() {
    let client = Client::builder().project_token(StaticToken::new("t")).build().unwrap();
    let error = client.policies().get_policies("", PrincipalType::User).await.unwrap_err();
    assert!(error.is_invalid_input());
    says(&error, &["`principalId` is empty", "another operation"]);
}

#[test]
fn a_call_outside_of_tokio_says_what_it_needs() {
    use std::future::IntoFuture;
    use std::task::{Context, Poll, Waker};
    let client = Client::builder().user_token(StaticToken::new("t")).build().unwrap();
    let mut call = client.sts().whoami().into_future();
    match call.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Err(error)) => refused::<()>(Err(error), &["tokio", "#[tokio::main]"]),
        other => panic!("{other:?}"),
    }
    let credential = pat(key!("p256")).build().unwrap();
    let mut token = Box::pin(credential.user_token());
    match token.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Err(error)) => says(&error, &["tokio", "#[tokio::main]"]),
        other => panic!("{other:?}"),
    }
}

/// Prints what the transport says, as a middleware would.
#[derive(Clone)]
struct Printing(ReqwestTransport, std::sync::Arc<std::sync::Mutex<String>>);

impl Transport for Printing {
    fn send(&self, request: TransportRequest) -> TransportFuture<'_> {
        Box::pin(async move {
            let outcome = self.0.send(request).await;
            *self.1.lock().unwrap() =
                outcome.as_ref().err().map(TransportError::to_string).unwrap_or_default();
            outcome
        })
    }
}

#[tokio::test]
async fn the_error_of_a_transport_prints_its_cause() {
    let free = TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap();
    let printing = Printing(ReqwestTransport::default(), std::sync::Arc::default());
    let client = Client::builder().base_url(format!("http://{free}/iam")).transport(printing.clone());
    client.build().unwrap().well_known().get_well_known_jwks().await.unwrap_err();
    let printed = printing.1.lock().unwrap().clone();
    assert!(printed.starts_with("no connection could be made: Connection refused"), "{printed}");
}

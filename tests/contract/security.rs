//! Which token goes where, and that none goes anywhere else.

use affinidi_tdk_iam_client::auth::{AuthorizationFormat, StaticToken};
use affinidi_tdk_iam_client::transport::TransportResponse;
use affinidi_tdk_iam_client::{Client, http};

use crate::requests::example_answer;
use crate::support::contract::OPERATIONS;
use crate::support::fakes::{Canned, Counting};
use crate::support::operations::{Caller, callers, client_of};
use crate::support::server::{Server, token_of, with_all_tokens};

/// The builder method that supplies the tokens of a scheme.
fn builder_method(scheme: &str) -> &'static str {
    match scheme {
        "UserTokenAuth" => "ClientBuilder::user_token",
        "ProjectTokenAuth" => "ClientBuilder::project_token",
        "ConsumerTokenAuth" => "ClientBuilder::consumer_token",
        other => panic!("the contract has a scheme {other} that these tests do not know"),
    }
}

fn canned() -> Canned {
    Canned::new(TransportResponse::new(http::StatusCode::OK, "{}"))
}

#[tokio::test]
async fn a_token_goes_only_to_operations_of_its_scheme() {
    let transport = canned();
    let (user, project, consumer) =
        (Counting::new("user"), Counting::new("project"), Counting::new("consumer"));
    let client = Client::builder().transport(transport.clone());
    let client =
        client.user_token(user.clone()).project_token(project.clone()).consumer_token(consumer.clone());
    let client = client.build().unwrap();
    for (operation, caller) in callers() {
        let before = [user.asked(), project.asked(), consumer.asked()];
        let _ = caller.send(&client).await;
        let request = transport.requests.lock().unwrap().pop().unwrap();
        let asked = [user.asked() - before[0], project.asked() - before[1], consumer.asked() - before[2]];
        let (expected, token) = match operation.security() {
            None => ([0, 0, 0], None),
            Some("UserTokenAuth") => ([1, 0, 0], Some("user")),
            Some("ProjectTokenAuth") => ([0, 1, 0], Some("project")),
            Some(_) => ([0, 0, 1], Some("consumer")),
        };
        assert_eq!(asked, expected, "{}", operation.id);
        let sent = request.headers.get("authorization").map(|value| value.to_str().unwrap());
        assert_eq!(sent.map(|value| value.trim_start_matches("Bearer ")), token, "{}", operation.id);
        assert!(
            request.headers.get("authorization").is_none_or(http::HeaderValue::is_sensitive),
            "{}",
            operation.id
        );
    }
}

#[tokio::test]
async fn a_missing_token_is_an_error_that_names_the_builder_method_and_nothing_is_sent() {
    for (operation, caller) in callers() {
        let Some(scheme) = operation.security() else { continue };
        let transport = canned();
        let client = Client::builder().transport(transport.clone()).build().unwrap();
        let error = caller.send(&client).await.unwrap_err();
        assert!(error.is_missing_token(), "{}: {error}", operation.id);
        assert!(error.to_string().contains(builder_method(scheme)), "{}: {error}", operation.id);
        assert_eq!(error.operation(), Some(operation.id));
        assert_eq!(transport.sent(), 0, "{}", operation.id);
    }
}

#[tokio::test]
async fn text_that_cannot_be_a_token_is_an_error_and_nothing_is_sent() {
    for text in ["", " ", "a b", "\"quoted\"\n", "a\r\nx-b: 1", "é", "\0"] {
        let transport = canned();
        let client = Client::builder()
            .transport(transport.clone())
            .user_token(StaticToken::new(text))
            .build()
            .unwrap();
        let error = client.sts().whoami().await.unwrap_err();
        assert!(error.is_configuration(), "{text:?}: {error}");
        assert_eq!(transport.sent(), 0, "{text:?}");
    }
}

#[tokio::test]
async fn an_authorization_header_of_the_caller_wins_and_no_provider_is_asked() {
    let transport = canned();
    let provider = Counting::new("of-the-client");
    let client = Client::builder().transport(transport.clone()).user_token(provider.clone());
    let client = client.project_token(provider.clone()).consumer_token(provider.clone()).build().unwrap();
    for (operation, caller) in callers() {
        let _ = caller.with_header("Authorization", "Basic b2YtdGhlLWNhbGxlcg==").send(&client).await;
        let request = transport.requests.lock().unwrap().pop().unwrap();
        let values: Vec<_> = request.headers.get_all("authorization").iter().collect();
        assert_eq!(values, ["Basic b2YtdGhlLWNhbGxlcg=="], "{}", operation.id);
    }
    assert_eq!(provider.asked(), 0);
}

#[test]
fn authorization_cannot_be_a_default_header() {
    for name in ["authorization", "Authorization", "AUTHORIZATION"] {
        let error = Client::builder().default_header(name, "s3cr3t-value").build().unwrap_err();
        assert!(error.is_invalid_input());
        assert!(error.to_string().contains("user_token"), "{error}");
        assert!(!format!("{error} {error:?}").contains("s3cr3t-value"));
    }
}

#[tokio::test]
async fn the_form_of_authorization_is_as_chosen() {
    let server = Server::start().await;
    for (form, of_contract) in [
        (AuthorizationFormat::Contract, None),
        (AuthorizationFormat::Raw, Some("")),
        (AuthorizationFormat::Bearer, Some("Bearer ")),
    ] {
        let client = with_all_tokens(server.builder()).authorization_format(form).build().unwrap();
        for (operation, caller) in callers() {
            server.will_answer(example_answer(operation));
            caller.send(&client).await.unwrap();
            let expected = operation.security().map(|scheme| {
                let by_contract =
                    operation.authorization_format().map_or_else(String::new, |form| format!("{form} "));
                let prefix = of_contract.map_or(by_contract, str::to_owned);
                format!("{prefix}{}", token_of(scheme))
            });
            assert_eq!(
                server.take_request().header("authorization"),
                expected.as_deref(),
                "{form:?} {}",
                operation.id
            );
        }
    }
}

#[tokio::test]
async fn a_failing_provider_ends_the_call_with_its_error_and_nothing_is_sent() {
    use affinidi_tdk_iam_client::auth::{AccessToken, TokenFuture, TokenProvider};

    struct Failing;

    impl TokenProvider for Failing {
        fn token(&self) -> TokenFuture<'_> {
            Box::pin(async { AccessToken::new("") })
        }
    }

    let transport = canned();
    let client = Client::builder().transport(transport.clone()).user_token(Failing).build().unwrap();
    let error = client.sts().whoami().await.unwrap_err();
    assert!(error.is_configuration());
    assert_eq!(error.operation(), Some("whoami"));
    assert_eq!(transport.sent(), 0);
}

#[tokio::test]
async fn a_token_in_memory_is_sent_without_asking_for_a_future() {
    use affinidi_tdk_iam_client::auth::{AccessToken, TokenFuture, TokenProvider};

    struct InMemory(AccessToken);

    impl TokenProvider for InMemory {
        fn token(&self) -> TokenFuture<'_> {
            Box::pin(async { Err(affinidi_tdk_iam_client::Error::credential("this one has nothing")) })
        }

        fn cached(&self) -> Option<AccessToken> {
            Some(self.0.clone())
        }
    }

    let server = Server::start().await;
    server.will_answer(example_answer(&OPERATIONS["whoami"]));
    let provider = std::sync::Arc::new(InMemory(AccessToken::new("in-memory").unwrap()));
    let client = server.builder().user_token(provider).build().unwrap();
    client.sts().whoami().await.unwrap();
    assert_eq!(server.take_request().header("authorization"), Some("in-memory"));
}

#[tokio::test]
async fn plain_http_to_another_machine_is_refused_unless_allowed_in_words() {
    assert!(client_of("http://192.0.2.1/iam").build().unwrap_err().is_configuration());
    let client =
        client_of("http://192.0.2.1/iam").allow_plain_http_to_any_host().transport(canned()).build().unwrap();
    Caller::of(&OPERATIONS["getWellKnownDid"]).send(&client).await.unwrap();
}

#[test]
fn a_call_to_this_machine_never_goes_through_a_proxy() {
    // The environment of a running process cannot be changed safely, so this very program runs once more.
    let mut again = std::process::Command::new(std::env::current_exe().unwrap());
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        again.env(name, "http://127.0.0.1:1");
    }
    let output =
        again.args(["--exact", "requests::every_request_conforms_to_the_contract"]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}

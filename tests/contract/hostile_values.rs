//! Values that try to be more than a value: they arrive as what they are, or nothing is sent.

use affinidi_tdk_iam_client::Client;
use serde_json::json;

use crate::requests::example_answer;
use crate::support::contract::{OPERATIONS, Operation, of_all_contracts};
use crate::support::operations::{Caller, callers};
use crate::support::server::{Server, answer, json_answer, percent_decode};

/// Text that a path must not give a meaning to.
const HOSTILE: [&str; 27] = [
    "...",
    "..;",
    ".. ",
    "/",
    "//",
    "../projects",
    "a/../../b",
    "..\\..",
    "%2e%2e",
    "%2E.",
    "%2f",
    "%",
    "%zz",
    "?a=b",
    "#fragment",
    "a b+c",
    "line\r\nend: x",
    "\t",
    "\0",
    "\u{7f}",
    "ключ-鍵-🔑",
    "\u{202e}\u{feff}",
    "did:web:example.org:a?versionId=1#key-1",
    "http://127.0.0.1:1/",
    "{projectId}",
    "{principalId}",
    "~user;a=1,b=2!$&'()*@",
];

/// The path parameter that takes any text, if the operation has one.
fn free_parameter(operation: &'static Operation) -> Option<&'static serde_json::Value> {
    operation.parameters("path").find(|parameter| parameter["schema"].get("format").is_none())
}

fn cases() -> impl Iterator<Item = (&'static Operation, bool, Caller)> {
    callers().filter_map(|(operation, caller)| {
        Some((operation, free_parameter(operation)?["x-greedy"] == true, caller))
    })
}

/// What a server receives as path when `value` stands in the one parameter.
async fn received(
    server: &Server,
    client: &Client,
    operation: &Operation,
    caller: Caller,
    value: &str,
) -> String {
    server.will_answer(example_answer(operation));
    caller.with_path(value).send(client).await.unwrap_or_else(|error| panic!("{value:?}: {error}"));
    server.take_request().path().to_owned()
}

#[tokio::test]
async fn a_path_parameter_arrives_as_one_segment_whatever_it_holds() {
    let server = Server::start().await;
    let client = server.client();
    let mut operations = 0;
    for (operation, greedy, _) in cases() {
        operations += 1;
        for value in HOSTILE.iter().filter(|value| !greedy || !value.contains('/')) {
            let path = received(&server, &client, operation, Caller::of(operation), value).await;
            let template: Vec<_> = operation.template.split('/').collect();
            let segments: Vec<_> =
                path.strip_prefix(operation.contract.service).unwrap().split('/').collect();
            assert_eq!(segments.len(), template.len(), "{}: {value:?} arrived as {path}", operation.id);
            for (segment, part) in segments.iter().zip(template) {
                let expected = if part.starts_with('{') { value } else { part };
                assert_eq!(percent_decode(segment), expected, "{}: {path}", operation.id);
            }
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%/".contains(&byte);
            assert!(path.bytes().all(plain), "{}: {path} has reserved characters", operation.id);
        }
    }
    assert_eq!(operations, of_all_contracts(17, 4));
}

#[tokio::test]
async fn a_greedy_parameter_keeps_its_slashes_and_nothing_else() {
    let server = Server::start().await;
    let client = server.client();
    for (operation, _, caller) in cases().filter(|(_, greedy, _)| *greedy) {
        let value = "a/%2e%2e/..%2f/b c/?d#e/\\/é/{proxy}";
        let path = received(&server, &client, operation, caller, value).await;
        let prefix =
            format!("{}{}", operation.contract.service, operation.template.strip_suffix("{proxy}").unwrap());
        assert_eq!(
            path.strip_prefix(&prefix),
            Some("a/%252e%252e/..%252f/b%20c/%3Fd%23e/%5C/%C3%A9/%7Bproxy%7D"),
            "{}",
            operation.id
        );
    }
}

#[tokio::test]
async fn a_value_that_would_make_another_path_is_refused_and_nothing_is_sent() {
    let server = Server::start().await;
    let client = server.client();
    for (operation, greedy, _) in cases() {
        let more = ["/", "a//b", "/a", "a/", "a/./b", "a/../b", "../x", "a/.."];
        for value in ["", ".", ".."].into_iter().chain(more.into_iter().filter(|_| greedy)) {
            let error = Caller::of(operation).with_path(value).send(&client).await.unwrap_err();
            assert!(error.is_invalid_input(), "{}: {value:?}: {error}", operation.id);
            assert_eq!(error.operation(), Some(operation.id));
            let parameter = free_parameter(operation).unwrap()["name"].as_str().unwrap();
            assert!(error.to_string().contains(parameter), "{error}");
        }
    }
    assert!(server.take_requests().is_empty());
}

#[tokio::test]
async fn a_query_value_arrives_as_it_was_given() {
    let server = Server::answering(answer(200, &[], "")).await;
    let api = server.client().default_api();
    for value in
        HOSTILE.into_iter().chain(["", "&a=b", "a&limit=1", "=", "a+b c", "x\r\nhost: y", "%26", "é"])
    {
        api.v1_idp_proxy_get("x")
            .query("first", value)
            .query(value, "second")
            .query("first", "again")
            .await
            .unwrap();
        let request = server.take_request();
        let expected = [("first", value), (value, "second"), ("first", "again")];
        assert_eq!(request.query(), expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(request.path(), "/iam/v1/idp/x");
    }

    let list = server.client().projects();
    for cursor in HOSTILE {
        server.will_answer(json_answer(200, &json!({ "projects": [] })));
        list.list_project().exclusive_start_key(cursor).await.unwrap();
        assert_eq!(server.take_request().query(), [("exclusiveStartKey".to_owned(), cursor.to_owned())]);
    }
}

#[tokio::test]
async fn a_limit_out_of_bounds_is_refused_and_nothing_is_sent() {
    let server = Server::answering(json_answer(200, &json!({ "projects": [] }))).await;
    let projects = server.client().projects();
    for limit in [0, 101, u32::MAX] {
        let error = projects.list_project().limit(limit).await.unwrap_err();
        assert!(error.is_invalid_input() && error.to_string().contains("between 1 and 100"), "{error}");
    }
    assert!(server.take_requests().is_empty());
    for limit in [1, 100] {
        projects.list_project().limit(limit).await.unwrap();
        assert_eq!(server.take_request().query(), [("limit".to_owned(), limit.to_string())]);
    }
}

#[tokio::test]
async fn a_header_that_could_split_a_request_is_refused_and_nothing_is_sent() {
    let server = Server::start().await;
    let client = server.client();
    for (name, value) in [
        ("x-a", "1\r\nx-b: 2"),
        ("x-a", "1\n"),
        ("x-a", "\0"),
        ("x-a", "\u{7f}"),
        ("x-a", "é"),
        ("x-a\r\nx-b", "1"),
        ("x a", "1"),
        ("x-a:", "1"),
        ("", "1"),
        ("host", "example.org"),
        ("Content-Length", "0"),
        ("transfer-encoding", "chunked"),
        ("connection", "upgrade"),
    ] {
        let error = client.sts().whoami().header(name, value).await.unwrap_err();
        assert!(error.is_invalid_input(), "{name}: {value:?}");
        assert!(Client::builder().default_header(name, value).build().unwrap_err().is_invalid_input());
    }
    assert!(Client::builder().user_agent("a\nb").build().unwrap_err().is_invalid_input());
    let body = client.default_api().v1_idp_proxy_post("x").body("text/plain\r\nx-b: 2", "body");
    assert!(body.await.unwrap_err().is_invalid_input());
    assert!(server.take_requests().is_empty());
}

#[tokio::test]
async fn a_header_of_the_call_wins_over_a_default_one() {
    let server = Server::start().await;
    let operation = &OPERATIONS["whoami"];
    server.will_answer(example_answer(operation));
    let builder = server.builder().user_token(affinidi_tdk_iam_client::auth::StaticToken::new("t"));
    let client = builder.default_header("X-A", "default").default_header("x-b", "kept");
    let client = client.user_agent("mine/1").build().unwrap();
    Caller::of(operation)
        .with_header("x-a", "of the call")
        .with_header("accept", "*/*")
        .send(&client)
        .await
        .unwrap();
    let request = server.take_request();
    assert_eq!(request.header("x-a"), Some("of the call"));
    assert_eq!(request.header("x-b"), Some("kept"));
    assert_eq!(request.header("accept"), Some("*/*"));
    assert_eq!(request.header("user-agent"), Some("mine/1"));
}

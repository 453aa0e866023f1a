//! Every request conforms to the contract.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::contract::{OPERATIONS, Operation, of_all_contracts};
use crate::support::operations::{BODY, MEDIA_TYPE, PAIR, called, callers};
use crate::support::schema::{assert_conforms, conforms};
use crate::support::server::{Recorded, Server, answer, json_answer, percent_decode, token_of};

#[test]
fn every_operation_of_the_contract_is_called_by_these_tests() {
    let known: BTreeSet<_> = OPERATIONS.keys().copied().collect();
    assert_eq!(known.len(), of_all_contracts(35, 6));
    assert_eq!(called().collect::<BTreeSet<_>>(), known);
}

#[tokio::test]
async fn every_request_conforms_to_the_contract() {
    let server = Server::start().await;
    let client = server.client();
    for (operation, caller) in callers() {
        server.will_answer(example_answer(operation));
        caller.send(&client).await.unwrap_or_else(|error| panic!("{}: {error}", operation.id));
        let request = server.take_request();
        assert_eq!(request.method, operation.method, "{}", operation.id);
        check_path(operation, &request);
        check_query(operation, &request);
        check_body(operation, &request);
        check_authorization(operation, &request);
        check_common_headers(operation, &request);
    }
}

pub(crate) fn example_answer(operation: &Operation) -> Vec<u8> {
    match operation.success() {
        (status, Some(content)) if !operation.is_proxy() => json_answer(status, &content["example"]),
        (status, _) => answer(status, &[], ""),
    }
}

fn check_path(operation: &Operation, request: &Recorded) {
    let path = request.path().strip_prefix(operation.contract.service).unwrap();
    let mut segments = path.split('/');
    for part in operation.template.split('/') {
        let Some(name) = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) else {
            assert_eq!(segments.next(), Some(part), "{}: {path}", operation.id);
            continue;
        };
        let parameter = operation.parameter(name);
        let value: Vec<_> = match parameter["x-greedy"].as_bool() {
            Some(true) => segments.by_ref().map(percent_decode).collect(),
            _ => segments.next().map(percent_decode).into_iter().collect(),
        };
        let value = Value::from(value.join("/"));
        assert_conforms(operation.id, &parameter["schema"], &value);
        assert_eq!(value, parameter["example"], "{}: {name}", operation.id);
    }
    assert_eq!(segments.next(), None, "{}: {path} is longer than its template", operation.id);
}

fn check_query(operation: &Operation, request: &Recorded) {
    let pairs = request.query();
    if operation.is_proxy() {
        return assert_eq!(pairs, [(PAIR.0.to_owned(), PAIR.1.to_owned())], "{}", operation.id);
    }
    for (name, text) in &pairs {
        let parameter = operation.parameter(name);
        assert_eq!(parameter["in"], "query", "{}: {name}", operation.id);
        // In a query a number is written as its digits, so what the text means is for the schema to say.
        let text = Value::from(text.as_str());
        let meanings = [text.as_str().unwrap().parse().unwrap_or_default(), text];
        let value = meanings.iter().find(|value| conforms(&parameter["schema"], value));
        assert_eq!(value, Some(&parameter["example"]), "{}: {name}", operation.id);
    }
    let sent: BTreeSet<_> = pairs.iter().map(|(name, _)| name.as_str()).collect();
    let declared: BTreeSet<_> = operation.parameters("query").map(|p| p["name"].as_str().unwrap()).collect();
    assert_eq!(sent, declared, "{}", operation.id);
    assert_eq!(sent.len(), pairs.len(), "{}: a parameter occurs twice", operation.id);
}

fn check_body(operation: &Operation, request: &Recorded) {
    match operation.body() {
        None => {
            assert_eq!(request.body, b"", "{}", operation.id);
            assert_eq!(request.header("content-type"), None, "{}", operation.id);
        }
        Some(("*/*", _)) => {
            assert_eq!(request.body, BODY, "{}", operation.id);
            assert_eq!(request.header("content-type"), Some(MEDIA_TYPE), "{}", operation.id);
        }
        Some((media_type, content)) => {
            assert_eq!(request.header("content-type"), Some(media_type), "{}", operation.id);
            assert_conforms(operation.id, &content["schema"], &request.json());
            assert_eq!(request.json(), content["example"], "{}", operation.id);
        }
    }
}

fn check_authorization(operation: &Operation, request: &Recorded) {
    let expected = operation.security().map(|scheme| match operation.authorization_format() {
        Some(prefix) => format!("{prefix} {}", token_of(scheme)),
        None => token_of(scheme),
    });
    assert_eq!(request.header("authorization"), expected.as_deref(), "{}", operation.id);
}

fn check_common_headers(operation: &Operation, request: &Recorded) {
    let user_agent = request.header("user-agent").unwrap();
    assert!(user_agent.starts_with("affinidi-tdk-iam-client/"), "{}: {user_agent}", operation.id);
    assert_eq!(request.header("accept-encoding"), Some("gzip"), "{}", operation.id);
    assert!(request.header("accept").is_some(), "{}", operation.id);
    assert_eq!(request.header("cookie"), None, "{}", operation.id);
    assert_eq!(request.header("referer"), None, "{}", operation.id);
}

//! Every answer of success that conforms to the contract becomes a model that still conforms to it.

use serde_json::{Value, json};

use crate::requests::example_answer;
use crate::support::contract::OPERATIONS;
use crate::support::operations::{Caller, callers};
use crate::support::schema::assert_conforms;
use crate::support::server::{Server, answer};

#[tokio::test]
async fn every_answer_of_the_contract_decodes_and_writes_back() {
    let server = Server::start().await;
    let client = server.client();
    for (operation, caller) in callers().filter(|(operation, _)| !operation.is_proxy()) {
        server.will_answer(example_answer(operation));
        let response = caller.send(&client).await.unwrap_or_else(|error| panic!("{}: {error}", operation.id));
        let (status, content) = operation.success();
        assert_eq!(response.status().as_u16(), status, "{}", operation.id);
        match content {
            Some(content) => {
                assert_conforms(operation.id, &content["schema"], &content["example"]);
                assert_conforms(operation.id, &content["schema"], response.get_ref());
                assert_eq!(response.into_inner(), content["example"], "{}", operation.id);
            }
            None => assert_eq!(response.into_inner(), Value::Null, "{}", operation.id),
        }
    }
}

#[tokio::test]
async fn a_proxy_hands_back_whatever_came_unless_it_is_an_error() {
    let server = Server::start().await;
    let client = server.client();
    for (operation, caller) in callers().filter(|(operation, _)| operation.is_proxy()) {
        for status in [200, 201, 202, 302] {
            let headers = [("content-type", "text/csv"), ("location", "http://127.0.0.1:1/")];
            server.will_answer(answer(status, &headers, "a;b\r\n"));
            let response = caller.send(&client).await.unwrap();
            assert_eq!(response.status().as_u16(), status, "{}", operation.id);
            assert_eq!(response.headers()["content-type"], "text/csv", "{}", operation.id);
            assert_eq!(response.into_inner(), "a;b\r\n", "{}", operation.id);
        }
        server.will_answer(answer(418, &[], "a;b\r\n"));
        let error = caller.send(&client).await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), 418, "{}", operation.id);
        assert_eq!(error.body(), Some(&b"a;b\r\n"[..]), "{}", operation.id);
    }
}

#[tokio::test]
async fn status_headers_and_trace_id_come_with_the_value() {
    let server = Server::start().await;
    for header in ["x-trace-id", "X-Amzn-Trace-Id", "x-amzn-requestid", "Apigw-Requestid", "x-request-id"] {
        let body = json!({ "principalId": "p", "principalType": "user" }).to_string();
        server.will_answer(answer(200, &[(header, "trace-7"), ("x-other", "kept")], body));
        let response = Caller::of(&OPERATIONS["whoami"]).send(&server.client()).await.unwrap();
        assert_eq!(response.trace_id(), Some("trace-7"), "{header}");
        assert_eq!(response.headers()["x-other"], "kept");
    }
}

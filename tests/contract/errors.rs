//! Every error of the contract, and those seen beyond it, by status and name.

use std::time::Duration;

use affinidi_tdk_iam_client::Error;
use serde_json::{Value, json};

use crate::support::contract::{OPERATIONS, of_all_contracts};
use crate::support::operations::{Caller, callers};
use crate::support::printing::predicates;
use crate::support::server::{Server, answer, json_answer};

/// What the service says in real life: the contract's text with something in its placeholder.
const MESSAGE: &str = "Not found: token 7ed414e7-68e7-4c27-b35a-8ac58f0a007d (attempt 2). ";

/// What an error with this status and name is.
fn expected_predicates(status: u16, name: Option<&str>) -> Vec<&'static str> {
    let mut expected = vec!["is_status"];
    expected.extend(match status {
        400 => Some("is_bad_request"),
        401 => Some("is_unauthorized"),
        403 if matches!(
            name,
            Some("UnauthorizedError" | "InvalidJwtTokenError" | "NoAuthorizationError")
        ) =>
        {
            Some("is_unauthorized")
        }
        403 => Some("is_forbidden"),
        404 => Some("is_not_found"),
        409 => Some("is_conflict"),
        429 => Some("is_rate_limited"),
        500..=599 => Some("is_server_error"),
        _ => None,
    });
    if matches!(status, 408 | 429 | 500 | 502 | 503 | 504) {
        expected.push("is_retryable");
    }
    expected.sort_unstable();
    expected
}

/// Fails unless the error says all that `body` says.
fn check(operation: &str, error: &Error, status: u16, body: &Value) {
    let name = body["name"].as_str();
    assert_eq!(error.operation(), Some(operation));
    assert_eq!(error.status().unwrap().as_u16(), status, "{operation}");
    assert_eq!(predicates(error), expected_predicates(status, name), "{operation}: {body}");
    assert_eq!(error.body(), Some(body.to_string().as_bytes()), "{operation}");
    assert_eq!(error.headers().unwrap()["content-type"], "application/json", "{operation}");
    let trace_id = body["traceId"].as_str().or(body["debugId"].as_str());
    assert_eq!(error.trace_id(), trace_id, "{operation}: {body}");

    let service = error.service_error().unwrap();
    assert_eq!(service.name(), name, "{operation}");
    assert_eq!(service.message(), body["message"].as_str(), "{operation}");
    assert_eq!(service.trace_id(), trace_id, "{operation}");
    let details: Vec<_> =
        service.details().iter().map(|d| [Some(d.issue()), d.field(), d.value(), d.location()]).collect();
    let expected: Vec<_> = body["details"].as_array().into_iter().flatten().collect();
    let expected: Vec<_> = expected
        .iter()
        .map(|d| ["issue", "field", "value", "location"].map(|member| d[member].as_str()))
        .collect();
    assert_eq!(details, expected, "{operation}");

    let text = error.to_string();
    for part in [operation, name.unwrap(), MESSAGE, &status.to_string()] {
        assert!(text.contains(part), "{operation}: {part} is missing in {text}");
    }
}

#[tokio::test]
async fn every_error_of_every_operation_is_known_by_status_and_name() {
    let server = Server::start().await;
    let client = server.client();
    let mut errors = 0;
    for (operation, caller) in callers() {
        for (status, example) in operation.errors() {
            let mut body = example.clone();
            body["message"] = MESSAGE.into();
            let mut renamed = body.clone();
            renamed["name"] = "ErrorOfALaterVersion".into();
            let mut gateway = body.clone();
            gateway["debugId"] = gateway.as_object_mut().unwrap().remove("traceId").unwrap();
            let mut detailed = body.clone();
            detailed["details"] = json!([
                { "issue": "must be a UUID", "field": "projectId", "value": "42", "location": "path" },
                { "issue": "something else" },
            ]);
            for body in [body, renamed, gateway, detailed] {
                server.will_answer(json_answer(status, &body));
                check(operation.id, &caller.send(&client).await.unwrap_err(), status, &body);
                errors += 1;
            }
        }
    }
    assert_eq!(errors, 4 * of_all_contracts(71, 13), "the number of errors of the contracts");
}

#[tokio::test]
async fn errors_beyond_the_contract_are_understood_for_every_operation() {
    let server = Server::start().await;
    let client = server.client();
    for (operation, caller) in callers() {
        for (status, name) in [
            (400, "NotSupportedError"),
            (401, "UnauthorizedError"),
            (408, "RequestTimeoutError"),
            (409, "AlreadyExistsError"),
            (409, "QuotaExceededError"),
            (429, "TooManyRequestsError"),
            (502, "BadGatewayError"),
            (503, "ServiceUnavailableError"),
            (504, "GatewayTimeoutError"),
            (501, "NotImplementedError"),
        ] {
            let body = json!({ "name": name, "message": MESSAGE, "debugId": "9e107d9d372bb682", "httpStatusCode": status });
            server.will_answer(json_answer(status, &body));
            check(operation.id, &caller.send(&client).await.unwrap_err(), status, &body);
        }
    }
}

#[tokio::test]
async fn an_oauth_error_has_a_name_and_a_message() {
    let server = Server::start().await;
    for id in ["consumerAuthTokenEndpoint", "createProjectScopedToken"] {
        for (status, name) in [(400, "invalid_grant"), (401, "invalid_client"), (400, "invalid_scope")] {
            let body =
                json!({ "error": name, "error_description": "The assertion is expired", "error_uri": "x" });
            server.will_answer(json_answer(status, &body));
            let error = Caller::of(&OPERATIONS[id]).send(&server.client()).await.unwrap_err();
            let service = error.service_error().unwrap();
            assert_eq!((service.name(), service.message()), (Some(name), Some("The assertion is expired")));
            assert_eq!(predicates(&error), expected_predicates(status, Some(name)), "{id}");
        }
        server.will_answer(json_answer(400, &json!({ "error": "invalid_request" })));
        let error = Caller::of(&OPERATIONS[id]).send(&server.client()).await.unwrap_err();
        assert_eq!(error.service_error().unwrap().message(), None);
    }
}

#[tokio::test]
async fn a_rate_limit_without_a_body_says_how_long_to_wait_in_both_forms() {
    let server = Server::start().await;
    let date = [("date", "Mon, 23 Nov 2026 10:00:00 GMT"), ("retry-after", "Mon, 23 Nov 2026 10:00:07 GMT")];
    let seconds = [("retry-after", "7"), ("x-amzn-requestid", "trace-7")];
    for (headers, wait) in [(&date[..], Some(7)), (&seconds[..], Some(7)), (&[][..], None)] {
        server.will_answer(answer(429, headers, ""));
        let error =
            Caller::of(&OPERATIONS["createProjectScopedToken"]).send(&server.client()).await.unwrap_err();
        assert_eq!(predicates(&error), expected_predicates(429, None));
        assert_eq!(error.retry_after(), wait.map(Duration::from_secs));
        assert!(error.service_error().is_none());
        assert_eq!(error.body(), Some(&b""[..]));
    }
    server.will_answer(answer(429, &seconds, ""));
    let error = Caller::of(&OPERATIONS["whoami"]).send(&server.client()).await.unwrap_err();
    assert_eq!(error.trace_id(), Some("trace-7"), "from the headers, where the body has none");
}

#[tokio::test]
async fn members_of_an_unforeseen_type_do_not_hide_the_rest_of_an_error() {
    let server = Server::start().await;
    for body in [
        json!({ "name": "NotFoundError", "message": 7, "traceId": null, "details": "none", "httpStatusCode": "404" }),
        json!({ "name": "NotFoundError", "details": [1, null, {}, { "issue": 1 }] }),
    ] {
        server.will_answer(json_answer(404, &body));
        let error = Caller::of(&OPERATIONS["getProject"]).send(&server.client()).await.unwrap_err();
        assert!(error.is_not_found());
        let service = error.service_error().unwrap();
        assert_eq!(
            (service.name(), service.message(), service.details()),
            (Some("NotFoundError"), None, &[][..])
        );
    }
}

//! Errors as they come: from the service, from the authorizer, and from the gateway.

use std::time::Duration;

use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use super::{assert_fields, assert_uuid};
use crate::api::{Api, Reply};
use crate::support::*;

const PRINCIPALS: &str = "/v1/projects/principals";

/// Asserts a body with nothing but a message, and the gateway's headers.
fn assert_gateway(reply: &Reply, status: u16, message: &str) {
    assert_eq!((reply.status, &reply.body), (status, &json!({ "message": message })), "{reply:?}");
    assert_trace_headers(&reply.headers);
}

fn assert_trace_headers(headers: &HeaderMap) {
    assert_uuid(&json!(headers["x-amzn-requestid"].to_str().unwrap()));
    assert!(headers["x-amzn-trace-id"].to_str().unwrap().starts_with("Root=1-"));
    assert!(!headers["x-amz-apigw-id"].is_empty());
    assert!(!headers.contains_key("x-trace-id"));
}

/// The response at a path of the gateway, whether it is in the contract or not.
async fn at(api: &Api, method: &str, path: &str) -> Reply {
    let url = format!("{}{path}", gateway(&api.iam));
    let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
    let response = reqwest::Client::new().request(method, url).send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Reply { status, headers, body: response.json().await.unwrap() }
}

/// B: the service's errors have these fields. Two messages name what they are about; all others are constants.
#[tokio::test]
async fn errors_of_the_service() {
    let api = Api::start().await;
    let user = api.user();
    let invalid = api.call("GET", "/v1/projects?limit=0", &user).await;
    let not_found = api.call("GET", "/v1/projects/none", &user).await;
    let stranger = api.project_token(&user, "none").await;
    let own = format!("{PRINCIPALS}/{}?principalType=user", api.iam.seeds().user_id());
    let own = api.call("DELETE", &own, &api.project().await).await;
    let unsigned = api.call_with("POST", "/v1/consumer/oauth2/token", "", forged(&api)).await;
    for (reply, status, name, message) in [
        (invalid, 400, "InvalidParameterError", "Invalid parameter: limit."),
        (not_found, 404, "NotFoundError", "Not found: projectId."),
        (
            stranger,
            403,
            "PrincipalDoesNotBelongToProjectError",
            "Principal does not belong to the given project",
        ),
        (
            own,
            409,
            "PrincipalCannotBeDeletedError",
            "Cannot delete own record from the project with the same principalId",
        ),
        (unsigned, 403, "UnauthorizedError", "Unauthorized"),
    ] {
        let mut body = reply.body.clone();
        let details = body.as_object_mut().unwrap().remove("details");
        assert_fields(&body, &["name", "message", "httpStatusCode", "traceId"]);
        assert_eq!((reply.status, &body["httpStatusCode"]), (status, &json!(status)));
        assert_eq!((&body["name"], &body["message"]), (&json!(name), &json!(message)));
        for detail in details.iter().filter_map(Value::as_array).flatten() {
            assert_fields(detail, &["issue", "field", "location"]);
        }
    }
}

/// A consumer token request that somebody else signed.
fn forged(api: &Api) -> Value {
    let consumer = Consumer::p256();
    input(&Consumer::p256().sign(&consumer.header(), &consumer.claims(&api.iam)))
}

/// B, its status C: an expired project or consumer token is a 403 whose body says 401.
#[tokio::test]
async fn expired_tokens_at_the_authorizer() {
    let api = Api::start().await;
    let (project, consumer) = (api.project().await, api.consumer(&Consumer::p256()).await);
    api.clock.advance(Duration::from_secs(3600));
    let grantee = "/v1/authz/vfs/access/did:key:z6Mk";
    for reply in [api.call("GET", PRINCIPALS, &project).await, api.call("DELETE", grantee, &consumer).await] {
        assert_eq!(reply.status, 403);
        assert_fields(&reply.body, &["name", "message", "httpStatusCode", "traceId", "details"]);
        assert_eq!(
            (&reply.body["name"], &reply.body["httpStatusCode"]),
            (&json!("InvalidJwtTokenError"), &json!(401))
        );
        assert_eq!(reply.body["details"], json!([{ "issue": "jwt-expired" }]));
    }
}

/// B, its status C: a principal without the right is refused by the authorizer.
#[tokio::test]
async fn no_right() {
    let api = Api::start().await;
    let (id, user) = api.other_user().await;
    let input = json!({ "principalId": id, "principalType": "user" });
    api.call_with("POST", PRINCIPALS, &api.project().await, input).await.ok();
    let output = api.project_token(&user, &api.iam.seeds().project_id().to_string()).await.ok();
    let reply = api.call("GET", PRINCIPALS, output["accessToken"].as_str().unwrap()).await;
    assert_fields(&reply.body, &["name", "message", "httpStatusCode", "traceId"]);
    assert_eq!(reply.body["message"], "Principal can not execute action on given resource");
    reply.refused(403, "ActionForbiddenError", None);
}

/// B: the authorizer judges project and consumer tokens before the body and the query are looked at.
#[tokio::test]
async fn the_authorizer_is_asked_before_the_body() {
    let api = Api::start().await;
    for (method, path) in [
        ("POST", PRINCIPALS),
        ("DELETE", "/v1/projects/principals/x"),
        ("PUT", "/v1/policies/principals/x?principalType=user"),
        ("POST", "/v1/authz/vfs/access"),
    ] {
        let bad = json!({ "nonsense": 1 });
        api.call_with(method, path, "", bad.clone()).await.refused(403, "NoAuthorizationError", None);
        api.call_with(method, path, "a.b.c", bad).await.refused(403, "InvalidJwtTokenError", None);
    }
}

/// B: user operations have no authorizer, so the body is judged before the token.
#[tokio::test]
async fn without_an_authorizer_the_body_is_judged_before_the_token() {
    let api = Api::start().await;
    for token in ["", "a.b.c"] {
        let reply = api.call_with("POST", "/v1/projects", token, json!({ "name": 5 })).await;
        reply.refused(400, "BadRequestError", Some("name"));
    }
    let good = json!({ "name": "demo" });
    api.call_with("POST", "/v1/projects", "", good.clone()).await.refused(403, "NoAuthorizationError", None);
    api.call_with("POST", "/v1/projects", "a.b.c", good).await.refused(401, "InvalidJwtTokenError", None);
}

/// B: no token.
#[tokio::test]
async fn no_token() {
    let api = Api::start().await;
    for path in ["/v1/sts/whoami", PRINCIPALS] {
        let reply = api.call("GET", path, "").await;
        let debug_id = reply.headers["x-amz-apigw-id"].to_str().unwrap();
        let expected = json!({
            "name": "NoAuthorizationError",
            "code": "APIERR-2",
            "debugId": debug_id,
            "message": "No JWT token is present in request headers",
        });
        assert_eq!((reply.status, &reply.body), (403, &expected));
        assert_trace_headers(&reply.headers);
    }
}

/// B: a body that does not fit the schema has no `traceId` and no `httpStatusCode`.
#[tokio::test]
async fn a_body_that_does_not_fit_the_schema() {
    let api = Api::start().await;
    for body in [json!({}), json!({ "name": 5 }), json!({ "name": "demo", "colour": "red" }), json!([])] {
        let reply = api.call_with("POST", "/v1/projects", &api.user(), body).await;
        assert_fields(&reply.body, &["name", "code", "debugId", "message", "details"]);
        assert_eq!(
            (&reply.body["name"], &reply.body["code"]),
            (&json!("BadRequestError"), &json!("APIERR-1"))
        );
        assert_eq!(reply.body["debugId"], reply.headers["x-amz-apigw-id"].to_str().unwrap());
        for detail in reply.body["details"].as_array().unwrap() {
            assert_fields(detail, &["issue"]);
        }
        assert_eq!(reply.status, 400);
        assert_trace_headers(&reply.headers);
    }
}

/// C: a required query parameter is missing.
#[tokio::test]
async fn a_required_query_parameter_is_missing() {
    let api = Api::start().await;
    let reply = api.call("DELETE", &format!("{PRINCIPALS}/x"), &api.project().await).await;
    assert_gateway(&reply, 400, "Missing required request parameters: [principalType]");
}

/// C: an unknown path or method.
#[tokio::test]
async fn an_unknown_path_or_method() {
    let api = Api::start().await;
    for (method, path) in [
        ("GET", "/iam"),
        ("GET", "/iam/"),
        ("GET", "/iam/v1/none"),
        ("GET", "/iam/v1/consumer/oauth2/token"),
        ("GET", "/iam/v1/consumer/oauth2/token/"),
        ("PATCH", "/iam/v1/projects"),
        ("GET", "/iam//v1/projects"),
        ("GET", "/cid/v1/none"),
    ] {
        assert_gateway(&at(&api, method, path).await, 403, "Missing Authentication Token");
    }
}

/// C: throttling, quotas, slow and broken functions, and the firewall, which a fault rule plays. No `Retry-After`.
#[tokio::test]
async fn failures_of_the_gateway() {
    let api = Api::start().await;
    for (name, status, message) in [
        ("throttled", 429, "Too Many Requests"),
        ("quota", 429, "Limit Exceeded"),
        ("timeout", 504, "Endpoint request timed out"),
        ("badGateway", 502, "Internal server error"),
        ("failure", 500, "Internal server error"),
        ("firewall", 403, "Forbidden"),
    ] {
        let rule = json!({ "operation": "whoami", "times": 1, "gateway": name });
        let rule = api.manage("POST", "/faults", rule).await;
        assert_eq!(rule["gateway"], name);
        let reply = api.call("GET", "/v1/sts/whoami", &api.user()).await;
        assert_gateway(&reply, status, message);
        assert_eq!(reply.headers["content-type"], "application/json");
        assert!(!reply.headers.contains_key("retry-after"));
    }
    api.call("GET", "/v1/sts/whoami", &api.user()).await.ok();
}

/// B: names beyond the contract. When the service sends them is not known, so only a fault rule does here.
#[tokio::test]
async fn names_beyond_the_contract_can_be_played_by_fault_rules() {
    let api = Api::start().await;
    for (name, status) in
        [("NotSupportedError", 400), ("QuotaExceededError", 409), ("ResourceLimitExceededError", 409)]
    {
        let body = json!({ "name": name, "message": name, "httpStatusCode": status, "traceId": "t" });
        let rule = json!({ "operation": "whoami", "times": 1, "status": status, "body": body });
        api.manage("POST", "/faults", rule).await;
        // Not by `call`, which checks bodies against the contract's schemas.
        let response = reqwest::get(format!("{}/v1/sts/whoami", api.iam.base_url())).await.unwrap();
        assert_eq!(response.status().as_u16(), status);
        assert_eq!(response.json::<Value>().await.unwrap(), body);
    }
}

/// C: a body over 10 MB.
#[tokio::test]
async fn a_body_over_ten_megabytes() {
    let api = Api::start().await;
    let padded = |length: usize| json!({ "name": "demo", "description": "x".repeat(length) });
    api.call_with("POST", "/v1/projects", &api.user(), padded(9 << 20)).await.ok();
    let reply = api.call_with("POST", "/v1/projects", &api.user(), padded(10 << 20)).await;
    assert_gateway(&reply, 413, "Request Too Long");
}

/// C: another media type. A request that names none is read as JSON.
#[tokio::test]
async fn another_media_type() {
    let api = Api::start().await;
    let request = || api.request("POST", "/v1/projects", &api.user()).body(r#"{"name":"demo"}"#);
    let text = request().header("content-type", "text/plain");
    let reply = api.send("POST", "/v1/projects", text).await;
    assert_gateway(&reply, 415, "Unsupported Media Type");
    for media_type in ["application/json", "application/json; charset=utf-8"] {
        api.send("POST", "/v1/projects", request().header("content-type", media_type)).await.ok();
    }
    api.send("POST", "/v1/projects", request()).await.ok();
}

/// B: access that was granted is not granted again.
#[tokio::test]
async fn access_granted_again() {
    let api = Api::start().await;
    let token = api.consumer(&Consumer::p256()).await;
    let input = json!({ "granteeDid": Consumer::p256().did, "rights": ["vfs-read"] });
    api.call_with("POST", "/v1/authz/vfs/access", &token, input.clone()).await.ok();
    let again = api.call_with("POST", "/v1/authz/vfs/access", &token, input).await;
    again.refused(409, "AlreadyExistsError", None);
}

/// C: responses of the gateway have its trace headers, whether they succeed or fail.
#[tokio::test]
async fn trace_headers() {
    let api = Api::start().await;
    let first = api.call("GET", "/v1/sts/whoami", &api.user()).await;
    let second = api.call("GET", "/v1/projects/none", &api.user()).await;
    assert_eq!(second.body["traceId"], second.headers["x-amzn-requestid"].to_str().unwrap());
    for header in ["x-amzn-requestid", "x-amz-apigw-id", "x-amzn-trace-id"] {
        assert_ne!(first.headers[header], second.headers[header]);
    }
    for reply in [first, second, at(&api, "GET", "/cid/.well-known/jwks.json").await] {
        assert_trace_headers(&reply.headers);
    }
}

/// C: OAuth endpoints have the errors of RFC 6749.
#[tokio::test]
async fn oauth_errors() {
    let api = Api::start().await;
    let response = reqwest::Client::new().post(api.iam.token_endpoint()).form(&[("scope", "openid")]).send();
    let response = response.await.unwrap();
    assert_eq!(response.status(), 400);
    let body: Value = response.json().await.unwrap();
    assert_fields(&body, &["error", "error_description"]);
    assert_eq!(body["error"], "invalid_request");
}

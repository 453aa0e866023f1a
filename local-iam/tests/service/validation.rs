//! What holds for every operation of the contract.

use serde_json::json;

use crate::api::Api;

/// Every operation that needs a token, with a path that it accepts.
const SECURED: [(&str, &str); 21] = [
    ("POST", "/v1/sts/create-project-scoped-token"),
    ("GET", "/v1/sts/whoami"),
    ("GET", "/v1/projects"),
    ("POST", "/v1/projects"),
    ("GET", "/v1/projects/principals"),
    ("POST", "/v1/projects/principals"),
    ("DELETE", "/v1/projects/principals/x?principalType=user"),
    ("GET", "/v1/projects/x"),
    ("PATCH", "/v1/projects/x"),
    ("GET", "/v1/policies/principals/x?principalType=user"),
    ("PUT", "/v1/policies/principals/x?principalType=user"),
    ("GET", "/v1/tokens"),
    ("POST", "/v1/tokens"),
    ("GET", "/v1/tokens/6ccd0a2e-e135-4037-b399-00039b362034"),
    ("PATCH", "/v1/tokens/6ccd0a2e-e135-4037-b399-00039b362034"),
    ("DELETE", "/v1/tokens/6ccd0a2e-e135-4037-b399-00039b362034"),
    ("GET", "/v1/accounts/passkeys"),
    ("GET", "/v1/accounts/providers"),
    ("POST", "/v1/authz/vfs/access"),
    ("PUT", "/v1/authz/vfs/access/did:key:z6Mk"),
    ("DELETE", "/v1/authz/vfs/access/did:key:z6Mk"),
];

#[tokio::test]
async fn every_operation_of_the_contract_is_served() {
    let api = Api::start().await;
    let mut count = 0;
    for (method, path) in crate::contract::operations() {
        let request = api.request(&method.to_uppercase(), &path.replace(['{', '}'], ""), "");
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        assert!(!matches!(status, 404 | 405), "{method} {path} responds with {status}");
        let text = response.text().await.unwrap();
        assert!(!text.contains("Missing Authentication Token"), "{method} {path} is unknown to the gateway");
        count += 1;
    }
    assert_eq!(count, 35);
}

#[tokio::test]
async fn every_secured_operation_asks_for_a_token() {
    let api = Api::start().await;
    for (method, path) in SECURED {
        let reply = api.call(method, path, "").await;
        // Without an authorizer in front, the body is judged before the token.
        let is_user = !path.starts_with("/v1/authz") && !path.contains("principals");
        if is_user && !matches!(method, "GET" | "DELETE") {
            reply.refused(400, "BadRequestError", Some("body"));
        } else {
            reply.refused(403, "NoAuthorizationError", None);
        }
    }
}

#[tokio::test]
async fn every_operation_with_a_body_wants_a_json_object() {
    let api = Api::start().await;
    let (user, project) = (api.user(), api.project().await);
    let consumer = api.consumer(&crate::support::Consumer::p256()).await;
    for (method, path) in SECURED.into_iter().filter(|(method, _)| !matches!(*method, "GET" | "DELETE")) {
        let token = match path {
            _ if path.starts_with("/v1/authz") => &consumer,
            _ if path.contains("principals") => &project,
            _ => &user,
        };
        let request = || api.request(method, path, token);
        let text = request().header("content-type", "text/plain").body("{}");
        assert_eq!(api.send(method, path, text).await.status, 415);
        let broken = request().header("content-type", "application/json").body("{");
        api.send(method, path, broken).await.refused(400, "BadRequestError", Some("body"));
        api.call_with(method, path, token, json!([])).await.refused(400, "BadRequestError", Some("body"));
    }
}

#[tokio::test]
async fn a_path_that_is_no_text_is_refused() {
    let api = Api::start().await;
    let reply = api.call("GET", "/v1/projects/%ff", &api.user()).await;
    reply.refused(400, "InvalidParameterError", Some("projectId"));
}

#[tokio::test]
async fn the_proxies_respond_with_what_they_would_pass_on() {
    let api = Api::start().await;
    for gateway in ["auth", "idp"] {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let path = format!("/v1/{gateway}/oauth2/a%20b?x=1&x=2");
            let request = api.request(method, &path, "").header("content-type", "text/plain").body("hello");
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), 200);
            let echo: serde_json::Value = response.json().await.unwrap();
            let expected = json!({
                "method": method, "path": "oauth2/a b", "query": "x=1&x=2",
                "contentType": "text/plain", "body": "hello",
            });
            assert_eq!(echo, expected);
        }
    }
}

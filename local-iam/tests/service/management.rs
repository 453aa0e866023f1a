//! The management API.

use serde_json::{Value, json};

use crate::api::{Api, text};
use crate::pat_token::Machine;
use crate::support::*;

#[tokio::test]
async fn users_projects_and_tokens_are_seeded() {
    let api = Api::start().await;
    let id = uuid::Uuid::from_u128(7).to_string();
    let user = api.manage("POST", "/users", json!({ "id": id })).await;
    assert_eq!(user, json!({ "id": id, "ari": format!("ari:iam:::user/{id}") }));
    let minted = api.manage("POST", "/user-tokens", json!({ "userId": id, "expiresIn": 60 })).await;
    let token = text(&minted, "accessToken");
    let who = api.call("GET", "/v1/sts/whoami", &token).await.ok();
    assert_eq!(who["principalId"], id);

    let project = api.manage("POST", "/projects", json!({ "name": "seeded", "ownerId": id })).await;
    assert_eq!(api.call("GET", "/v1/projects", &token).await.ok()["projects"], json!([project]));
    let input = json!({
        "name": "machine", "ownerId": id, "projectIds": [project["id"]],
        "authenticationMethod": Machine::es256().method(),
    });
    let pat = api.manage("POST", "/tokens", input).await;
    assert_eq!(api.call("GET", "/v1/tokens", &token).await.ok()["tokens"], json!([pat]));
    let path = format!("/v1/tokens/{}/projects", text(&pat, "id"));
    assert_eq!(api.call("GET", &path, &token).await.ok()["projects"][0]["id"], project["id"]);
    api.clock.advance(std::time::Duration::from_secs(60));
    api.call("GET", "/v1/sts/whoami", &token).await.refused(401, "InvalidJwtTokenError", None);
}

#[tokio::test]
async fn a_consumer_token_is_minted_for_any_did() {
    let api = Api::start().await;
    let minted = api.manage("POST", "/consumer-tokens", json!({ "did": Consumer::p256().did })).await;
    let input = json!({ "granteeDid": Consumer::p256().did, "rights": ["vfs-read"] });
    api.call_with("POST", "/v1/authz/vfs/access", &text(&minted, "accessToken"), input).await.ok();
}

#[tokio::test]
async fn seeding_the_same_id_twice_or_for_nobody_is_refused() {
    let api = Api::start().await;
    let seeds = api.iam.seeds();
    let url = api.iam.management_url();
    for (path, body, status) in [
        ("users", json!({ "id": seeds.user_id() }), 409),
        ("projects", json!({ "name": "again", "id": seeds.project_id() }), 409),
        ("projects", json!({ "name": "again", "ownerId": uuid::Uuid::nil() }), 400),
        ("user-tokens", json!({ "userId": uuid::Uuid::nil() }), 400),
        ("users", json!({ "id": "not a uuid" }), 400),
        ("user-tokens", json!({ "expiresIn": "60" }), 400),
        ("user-tokens", json!({ "expiresIn": 0 }), 400),
    ] {
        let response = post(&format!("{url}/{path}"), &body).await;
        assert_eq!(response.status(), status, "{path} {body}");
    }
}

#[tokio::test]
async fn the_seeds_hand_out_the_private_key() {
    let api = Api::start().await;
    let seeds = api.manage("GET", "/seeds", Value::Null).await;
    assert_eq!(seeds["tokenId"], json!(api.iam.seeds().token_id()));
    assert_eq!(seeds["privateKeyPem"], api.iam.seeds().private_key_pem());
}

#[tokio::test]
async fn a_rotated_key_signs_and_the_old_one_still_verifies() {
    let api = Api::start().await;
    let old = api.user();
    let kid = api.manage("POST", "/signing-keys", json!({})).await["kid"].clone();
    let keys = api.call("GET", "/.well-known/jwks.json", "").await.ok();
    assert_eq!((keys["keys"].as_array().unwrap().len(), &keys["keys"][0]["kid"]), (5, &kid));
    let new = api.user();
    let project = api.project().await;
    assert_eq!(jsonwebtoken::decode_header(&project).unwrap().kid.as_deref(), kid.as_str());
    assert_ne!(
        jsonwebtoken::decode_header(&old).unwrap().kid,
        jsonwebtoken::decode_header(&new).unwrap().kid
    );
    for token in [&old, &new] {
        api.call("GET", "/v1/sts/whoami", token).await.ok();
    }
    api.manage("POST", "/signing-keys", json!({ "keepOthers": false })).await;
    assert_eq!(api.call("GET", "/.well-known/jwks.json", "").await.ok()["keys"].as_array().unwrap().len(), 5);
    for token in [&old, &new] {
        api.call("GET", "/v1/sts/whoami", token).await.refused(401, "InvalidJwtTokenError", None);
    }
    let reply = api.call("GET", "/v1/projects/principals", &project).await;
    reply.refused(403, "InvalidJwtTokenError", None);
    api.call("GET", "/v1/sts/whoami", &api.user()).await.ok();
}

#[tokio::test]
async fn the_clock_is_moved() {
    let api = Api::start().await;
    let token = api.user();
    let clock = api.manage("PUT", "/clock", json!({ "offsetSeconds": 3600 })).await;
    assert_eq!(clock, json!({ "now": NOW + 3600, "offsetSeconds": 3600 }));
    api.call("GET", "/v1/sts/whoami", &token).await.refused(401, "InvalidJwtTokenError", None);
    api.manage("PUT", "/clock", json!({ "offsetSeconds": 0 })).await;
    api.call("GET", "/v1/sts/whoami", &token).await.ok();
}

#[tokio::test]
async fn the_last_requests_are_shown_without_secrets() {
    let api = Api::start().await;
    let user = api.user();
    let who = api.call("GET", "/v1/sts/whoami?debug=1", &user).await;
    let consumer = Consumer::p256();
    let input = consumer.input(&api.iam);
    api.call_with("POST", "/v1/consumer/oauth2/token", "", input.clone()).await.ok();
    Machine::seeded(&api).user_token(&api).await;
    let shown = api.manage("GET", "/requests", Value::Null).await;
    let requests = shown["requests"].as_array().unwrap();
    assert_eq!(requests.len(), 3, "{shown}");
    assert_eq!(requests[0]["operation"], "whoami");
    assert_eq!(requests[0]["query"], json!({ "debug": "1" }));
    assert_eq!(requests[0]["headers"]["authorization"], "[REDACTED]");
    assert_eq!(requests[0]["traceId"], who.headers["x-amzn-requestid"].to_str().unwrap());
    assert_eq!(requests[1]["body"]["grant_type"], "client_credentials");
    assert_eq!(requests[1]["body"]["client_assertion"], "[REDACTED]");
    assert_eq!(requests[2]["body"]["client_assertion"], "[REDACTED]");
    for secret in [&user, input["client_assertion"].as_str().unwrap()] {
        assert!(!shown.to_string().contains(secret));
    }
    for _ in 0..101 {
        api.call("GET", "/v1/sts/whoami", &user).await.ok();
    }
    assert_eq!(api.manage("GET", "/requests", Value::Null).await["requests"].as_array().unwrap().len(), 100);
    api.manage("DELETE", "/requests", Value::Null).await;
    assert_eq!(api.manage("GET", "/requests", Value::Null).await, json!({ "requests": [] }));
}

#[tokio::test]
async fn a_web_page_under_another_name_is_kept_out() {
    let api = Api::start().await;
    let url = format!("{}/seeds", api.iam.management_url());
    for (host, status) in [
        ("attacker.example", 403),
        ("127.0.0.1.attacker.example", 403),
        ("localhost:1", 200),
        ("[::1]", 200),
        ("", 403),
    ] {
        let response = reqwest::Client::new().get(&url).header("host", host).send().await.unwrap();
        assert_eq!(response.status(), status, "{host:?}");
    }
    let form = reqwest::Client::new().post(format!("{}/users", api.iam.management_url())).body("{}");
    assert_eq!(
        form.send().await.unwrap().status(),
        400,
        "a body without the JSON media type needs no preflight"
    );
}

#[tokio::test]
async fn the_management_api_lists_its_operations() {
    let api = Api::start().await;
    let listed = api.manage("GET", "", Value::Null).await;
    let operations = listed["operations"].as_array().unwrap();
    for (method, path) in [("GET", ""), ("GET", "/seeds"), ("PUT", "/clock"), ("DELETE", "/faults/{faultId}")]
    {
        let path = format!("/__local/v1{path}");
        let is_it = |known: &&Value| known["method"] == method && known["path"] == path;
        let summary = operations.iter().find(is_it).map(|known| known["summary"].as_str().unwrap());
        assert!(
            summary.is_some_and(|line| !line.is_empty() && !line.contains('\n')),
            "{method} {path}: {listed}"
        );
    }
    let bodies: Vec<_> = operations.iter().filter(|known| known["path"] == "/__local/v1/projects").collect();
    assert_eq!(bodies[0]["body"], json!(["name", "id?", "ownerId?", "description?"]));

    // None is listed that is not there, and README has all.
    let readme = include_str!("../../README.md");
    for operation in operations {
        let (method, path) = (text(operation, "method"), text(operation, "path"));
        let url = format!("{}{path}", api.iam.gateway_url());
        let request = reqwest::Client::new().request(method.parse().unwrap(), url);
        let status = request.json(&json!({})).send().await.unwrap().status().as_u16();
        assert!(status < 300 || status == 400 || path.contains('{'), "{method} {path}: {status}");
        let row = format!("| `{method} {path}` |").replace("/__local/v1/", "/");
        assert!(readme.contains(&row), "README.md has no row {row}");
    }
}

//! The service controlled from Rust. What a method does is what the management API does, so each is checked from the other side.

use std::time::{Duration, UNIX_EPOCH};

use affinidi_iam_local::{Error, GatewayFailure, NewPersonalAccessToken, NewProject};
use affinidi_tdk_iam_client::{auth, models};
use serde_json::{Value, json};

use crate::api::{Api, text};
use crate::pat_token::Machine;
use crate::support::*;

fn assert_invalid<T: std::fmt::Debug>(result: Result<T, Error>, named: &str) {
    let error = result.unwrap_err();
    assert!(error.is_invalid_input() && error.to_string().contains(named), "no {named:?} in {error}");
}

#[tokio::test]
async fn a_fault_rule_from_rust_is_the_one_of_the_management_api() {
    let api = Api::start().await;
    let second = Duration::from_secs(1);
    let iam = &api.iam;
    let made = [
        iam.fault("listProject").times(2).status(429),
        iam.fault("listProject").header("Retry-After", "1").body("busy").skip(3).status(503),
        iam.fault("listProject").gateway(GatewayFailure::BadGateway),
        iam.fault("listProject").times(1).afterwards().reset(),
        iam.fault("listProject").truncate(),
        iam.fault("listProject").delay(second).serve(),
        iam.fault("listProject").body(json!({ "projects": [] })).serve(),
    ];
    let posted = [
        json!({ "times": 2, "status": 429 }),
        json!({ "headers": { "Retry-After": "1" }, "body": "busy", "skip": 3, "status": 503 }),
        json!({ "gateway": "badGateway" }),
        json!({ "times": 1, "connection": "reset", "afterwards": true }),
        json!({ "connection": "truncate" }),
        json!({ "delayMilliseconds": 1000 }),
        json!({ "body": { "projects": [] } }),
    ];
    for rule in &posted {
        api.manage("POST", "/faults", with(rule, "operation", json!("listProject"))).await;
    }
    let shown = api.manage("GET", "/faults", Value::Null).await;
    let without_id = |rule: &Value| with(rule, "id", Value::Null);
    let rules: Vec<_> = shown["faults"].as_array().unwrap().iter().map(without_id).collect();
    let (from_rust, over_http) = rules.split_at(made.len());
    assert_eq!(from_rust, over_http);
    assert!(made.iter().all(|rule| rule.as_ref().unwrap().operation() == "listProject"));
    iam.clear_faults();
    assert_eq!(api.manage("GET", "/faults", Value::Null).await, json!({ "faults": [] }));
}

#[tokio::test]
async fn a_fault_rule_is_in_force_at_once_and_counts_and_can_be_removed() {
    let api = Api::start().await;
    let user = api.user();
    let status = async || api.request("GET", "/v1/projects", &user).send().await.unwrap().status().as_u16();
    let twice = api.iam.fault("listProject").times(2).status(429).unwrap();
    let always = api.iam.fault("*").gateway(GatewayFailure::Firewall).unwrap();
    let listed = || api.iam.faults().iter().map(|rule| rule.operation().to_owned()).collect::<Vec<_>>();
    assert_eq!(listed(), ["listProject", "*"]);
    assert_eq!((twice.remaining(), always.remaining()), (Some(2), None));
    assert_eq!((status().await, twice.remaining()), (429, Some(1)));
    assert_eq!((status().await, twice.remaining()), (429, Some(0)));
    assert_eq!(status().await, 403);
    always.clone().remove();
    assert_eq!(
        (status().await, always.remaining(), listed()),
        (200, Some(0), vec!["listProject".to_owned()])
    );
    drop(api.iam.fault("listProject").status(503).unwrap());
    assert_eq!(status().await, 503, "a rule stays when its value is dropped");
}

#[tokio::test]
async fn a_fault_rule_that_tests_nothing_is_refused_with_the_reason() {
    let api = Api::start().await;
    let iam = &api.iam;
    assert_invalid(iam.fault("listProjectz").status(429), "did you mean `listProject`?");
    assert_invalid(iam.fault("createFault").status(429), "must be an operationId");
    assert_invalid(iam.fault("whoami").status(42), "`status` must be a whole number from 200 to 599");
    assert_invalid(iam.fault("whoami").times(0).status(500), "`times` must be");
    assert_invalid(iam.fault("whoami").times(u64::MAX).status(500), "`times` must be");
    assert_invalid(iam.fault("whoami").delay(Duration::MAX).serve(), "`delayMilliseconds` must be");
    assert_invalid(iam.fault("whoami").header("a b", "c").status(500), "`headers` must be");
    assert_invalid(iam.fault("whoami").header("a", "b\nc").status(500), "`headers` must be");
    assert_invalid(iam.fault("whoami").body("x").gateway(GatewayFailure::Quota), "`gateway` takes the place");
    assert_invalid(iam.fault("whoami").skip(1).serve(), "has no effect");
    assert!(iam.faults().is_empty());
}

#[tokio::test]
async fn a_wrong_operation_is_refused_over_http_with_the_names_that_it_looks_like() {
    let api = Api::start().await;
    let url = format!("{}/faults", api.iam.management_url());
    let response = post(&url, &json!({ "operation": "listProjectz", "status": 429 })).await;
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["details"][0]["field"], "operation");
    let issue = body["details"][0]["issue"].as_str().unwrap();
    assert!(issue.ends_with("did you mean `listProject`?"), "{issue}");
}

#[tokio::test]
async fn requests_are_typed_and_hold_no_secret() {
    let api = Api::start().await;
    let user = api.user();
    api.iam.fault("whoami").times(1).status(503).unwrap();
    api.request("GET", "/v1/sts/whoami?debug=1&debug=2", &user).header("X-Debug", "on").send().await.unwrap();
    let listed = api.call("GET", "/.well-known/jwks.json", "").await;
    Machine::seeded(&api).user_token(&api).await;
    api.request("GET", "/v1/nothing", "").send().await.unwrap();

    let requests = api.iam.requests();
    let seen: Vec<_> = requests.iter().map(|request| (request.operation(), request.status())).collect();
    let expected =
        [(Some("whoami"), 503), (Some("getWellKnownJwks"), 200), (Some("patToken"), 200), (None, 403)];
    assert_eq!(seen, expected);
    let [who, keys, token, _] = &requests[..] else { panic!("{requests:?}") };
    assert_eq!((who.method(), who.path(), who.query("debug")), ("GET", "/iam/v1/sts/whoami", Some("2")));
    assert_eq!((who.header("x-debug"), who.header("X-DEBUG")), (Some("on"), Some("on")));
    assert_eq!((who.has_token(), who.header("authorization")), (true, Some("[REDACTED]")));
    assert_eq!(who.time(), UNIX_EPOCH + Duration::from_secs(NOW as u64));
    assert_eq!((keys.has_token(), keys.body()), (false, &Value::Null));
    assert_eq!(keys.trace_id(), listed.headers["x-amzn-requestid"].to_str().unwrap());
    assert_eq!((token.method(), token.path()), ("POST", "/auth/oauth2/token"));
    assert_eq!(token.body()["grant_type"], "client_credentials");
    assert_eq!(token.body()["client_assertion"], "[REDACTED]");
    assert!(!format!("{requests:?}").contains("eyJ"), "a token or an assertion is shown: {requests:?}");

    let shown = api.manage("GET", "/requests", Value::Null).await;
    assert_eq!(shown["requests"], serde_json::to_value(&requests).unwrap());
    api.iam.clear_requests();
    assert!(api.iam.requests().is_empty());
}

#[tokio::test]
async fn users_and_their_projects_are_added() {
    let api = Api::start().await;
    let (one, other) = (api.iam.add_user().unwrap(), uuid::Uuid::from_u128(7));
    api.iam.add_user_with_id(other).unwrap();
    for user in [one, other] {
        let token = api.iam.user_token_of(user).unwrap();
        assert_eq!(api.call("GET", "/v1/sts/whoami", &token).await.ok()["principalId"], json!(user));
    }
    assert_invalid(api.iam.add_user_with_id(other), "already exists");
    assert_invalid(api.iam.user_token_of(uuid::Uuid::nil()), "`userId` is not an existing user");

    let id = uuid::Uuid::from_u128(8);
    let project = NewProject::new("theirs").with_id(id).with_owner(other).with_description("of another");
    let added = api.iam.add_project(project.clone()).unwrap();
    let token = api.iam.user_token_of(other).unwrap();
    let listed = api.call("GET", "/v1/projects", &token).await.ok();
    assert_eq!(listed["projects"], json!([added]));
    assert_eq!((added.id, added.description.as_deref()), (id.to_string(), Some("of another")));
    assert_invalid(api.iam.add_project(project), "already exists");
    assert_invalid(api.iam.add_project("?"), "`name` must be a project name");
    let nobody = NewProject::new("nobody's").with_owner(uuid::Uuid::nil());
    assert_invalid(api.iam.add_project(nobody), "`name` must be");
    let nobody = NewProject::new("of nobody").with_owner(uuid::Uuid::nil());
    assert_invalid(api.iam.add_project(nobody), "`ownerId` is not an existing user");
}

#[tokio::test]
async fn a_personal_access_token_is_added_with_a_key_that_works() {
    let api = Api::start_with(|builder| builder.clock(affinidi_iam_local::Clock::system())).await;
    let project = api.iam.add_project("its").unwrap().id.parse().unwrap();
    let new = NewPersonalAccessToken::new("machine").with_project(project).with_id(uuid::Uuid::from_u128(9));
    let added = api.iam.add_personal_access_token(new.clone()).unwrap();
    assert_eq!(added.token_id(), uuid::Uuid::from_u128(9));
    assert!(!format!("{added:?}").contains("PRIVATE"), "{added:?}");
    assert_invalid(api.iam.add_personal_access_token(new), "already exists");
    let nowhere = NewPersonalAccessToken::new("machine").with_project(uuid::Uuid::nil());
    assert_invalid(api.iam.add_personal_access_token(nowhere), "`projectIds` names a project");

    let over_http = api.manage("POST", "/tokens", json!({ "name": "other", "projectIds": [project] })).await;
    for (id, pem) in [
        (added.token_id().to_string(), added.private_key_pem().to_owned()),
        (text(&over_http, "id"), text(&over_http, "privateKeyPem")),
    ] {
        let credential = auth::PersonalAccessToken::builder()
            .token_id(id)
            .private_key_pem(pem)
            .project_id(project)
            .token_endpoint(api.iam.token_endpoint())
            .base_url(api.iam.base_url())
            .build()
            .unwrap();
        let token = credential.project_token().await.unwrap();
        api.call("GET", "/v1/projects/principals", token.secret()).await.ok();
    }
}

#[tokio::test]
async fn a_personal_access_token_is_added_with_keys_that_exist() {
    let api = Api::start().await;
    let owner = api.iam.add_user().unwrap();
    let method: models::TokenPrivateKeyAuthenticationMethodDto =
        serde_json::from_value(Machine::es256().method()).unwrap();
    let new = NewPersonalAccessToken::new("machine").with_owner(owner);
    let id = api.iam.add_personal_access_token_with_keys(new, method.clone()).unwrap();
    let token = api.iam.user_token_of(owner).unwrap();
    let shown = api.call("GET", &format!("/v1/tokens/{id}"), &token).await.ok();
    assert_eq!(shown["authenticationMethod"], json!(method));
    let mut wrong = method;
    wrong.signing_algorithm = models::SigningAlgorithm::Es512;
    assert_invalid(api.iam.add_personal_access_token_with_keys("machine", wrong), "is not of an ES512 key");
}

#[tokio::test]
async fn consumer_tokens_are_issued_for_any_did() {
    let api = Api::start().await;
    let token = api.iam.consumer_token(&Consumer::p256().did).unwrap();
    let input = json!({ "granteeDid": Consumer::p256().did, "rights": ["vfs-read"] });
    api.call_with("POST", "/v1/authz/vfs/access", &token, input).await.ok();
    assert_invalid(api.iam.consumer_token("alice"), "`did` must be a DID");
}

#[tokio::test]
async fn signing_keys_are_rotated_and_replaced() {
    let api = Api::start().await;
    let old = api.user();
    let kid = api.iam.rotate_signing_keys().unwrap();
    let keys = api.call("GET", "/.well-known/jwks.json", "").await.ok();
    assert_eq!(keys["keys"][0]["kid"], json!(kid));
    api.call("GET", "/v1/sts/whoami", &old).await.ok();
    assert_ne!(api.iam.replace_signing_keys().unwrap(), kid);
    api.call("GET", "/v1/sts/whoami", &old).await.refused(401, "InvalidJwtTokenError", None);
    api.call("GET", "/v1/sts/whoami", &api.user()).await.ok();
}

#[tokio::test]
async fn the_clock_is_the_one_that_the_management_api_moves() {
    let api = Api::start().await;
    api.iam.clock().advance(Duration::from_secs(60));
    api.manage("PUT", "/clock", json!({ "offsetSeconds": api.iam.clock().offset() + 1 })).await;
    assert_eq!(api.iam.clock().now(), NOW + 61);
}

#[tokio::test]
async fn the_environment_is_that_of_a_client_of_the_service() {
    let api = Api::start().await;
    let seeds = api.iam.seeds();
    let (token_id, gateway) = (seeds.token_id().to_string(), api.iam.gateway_url());
    let expected = json!({
        "API_GATEWAY_URL": gateway, "TOKEN_ENDPOINT": api.iam.token_endpoint(),
        "PROJECT_ID": seeds.project_id(), "TOKEN_ID": token_id, "KEY_ID": token_id,
        "PRIVATE_KEY": seeds.private_key_pem(),
    });
    let variables = api.iam.environment().into_iter();
    let variables: Value = variables.map(|(name, value)| (name.to_owned(), Value::from(value))).collect();
    assert_eq!(variables, expected);
    assert_eq!(api.manage("GET", "/environment", Value::Null).await, expected);
    assert_eq!(gateway, crate::support::gateway(&api.iam));
}

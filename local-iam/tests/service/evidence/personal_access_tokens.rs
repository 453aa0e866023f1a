//! The flow of personal access tokens at their token endpoint.

use serde_json::{Value, json};

use super::assert_fields;
use crate::api::Api;
use crate::pat_token::{Machine, assert_error, post_form};
use crate::support::*;

fn form(machine: &Machine, header: &Value, claims: &Value) -> Vec<(&'static str, String)> {
    machine.form(machine.sign(header, claims))
}

/// A (2022-23), C (now): the fields of the response, `bearer` in lower case, no refresh token.
#[tokio::test]
async fn the_response_has_these_fields() {
    let api = Api::start().await;
    let machine = Machine::seeded(&api);
    let (status, output) = post_form(&api, &form(&machine, &machine.header(), &machine.claims(&api))).await;
    assert_eq!(status, 200);
    assert_fields(&output, &["access_token", "expires_in", "scope", "token_type"]);
    assert!([3599, 3600].contains(&output["expires_in"].as_i64().unwrap()));
    assert_eq!((&output["scope"], &output["token_type"]), (&json!("openid"), &json!("bearer")));
}

/// C: `offline_access` is granted without a refresh token.
#[tokio::test]
async fn there_is_never_a_refresh_token() {
    let api = Api::start().await;
    let machine = Machine::seeded(&api);
    let mut form = form(&machine, &machine.header(), &machine.claims(&api));
    form.iter_mut().find(|(name, _)| *name == "scope").unwrap().1 = "openid offline_access".into();
    let (_, output) = post_form(&api, &form).await;
    assert_eq!(output["scope"], "openid offline_access");
    assert!(output.get("refresh_token").is_none());
}

/// C: an unknown client and a wrong signature are `invalid_client`, 401.
#[tokio::test]
async fn invalid_client() {
    let api = Api::start().await;
    let machine = Machine::seeded(&api);
    let stranger = with(&machine.claims(&api), "iss", json!("nobody"));
    let mut form = form(&machine, &machine.header(), &stranger);
    form.retain(|(name, _)| *name != "client_id");
    assert_error(&api, &form, 401, "invalid_client", "iss").await;
}

/// C: an unregistered `kid` is `invalid_request`, 400; a `kid` must match exactly; without one any registered key is tried.
#[tokio::test]
async fn key_identifiers() {
    let api = Api::start().await;
    let machine = Machine::seeded(&api);
    let form = |kid| form(&machine, &with(&machine.header(), "kid", kid), &machine.claims(&api));
    for kid in ["unregistered", &api.iam.seeds().token_id().to_string().to_uppercase()] {
        assert_error(&api, &form(json!(kid)), 400, "invalid_request", "kid").await;
    }
    assert_eq!(post_form(&api, &form(json!(null))).await.0, 200);
}

/// C: a `jti` that was used before is `jti_known`, 400.
#[tokio::test]
async fn used_identifiers() {
    let api = Api::start().await;
    let machine = Machine::seeded(&api);
    let form = form(&machine, &machine.header(), &machine.claims(&api));
    assert_eq!(post_form(&api, &form).await.0, 200);
    assert_error(&api, &form, 400, "jti_known", "jti").await;
}

/// C: `invalid_scope` and `unsupported_grant_type`, 400.
#[tokio::test]
async fn scopes_and_grant_types() {
    let api = Api::start().await;
    let machine = Machine::seeded(&api);
    for (parameter, value, error) in
        [("scope", "admin", "invalid_scope"), ("grant_type", "password", "unsupported_grant_type")]
    {
        let mut form = form(&machine, &machine.header(), &machine.claims(&api));
        form.iter_mut().find(|(name, _)| *name == parameter).unwrap().1 = value.into();
        assert_error(&api, &form, 400, error, parameter).await;
    }
}

/// B: one user token mints tokens for many projects.
#[tokio::test]
async fn one_user_token_serves_many_projects() {
    let api = Api::start().await;
    let token_id = api.iam.seeds().token_id();
    let project = api.manage("POST", "/projects", json!({ "name": "second" })).await;
    let owner = crate::api::text(
        &api.project_token(&api.user(), project["id"].as_str().unwrap()).await.ok(),
        "accessToken",
    );
    let input = json!({ "principalId": token_id, "principalType": "token" });
    api.call_with("POST", "/v1/projects/principals", &owner, input).await.ok();
    let user = Machine::seeded(&api).user_token(&api).await;
    for id in [json!(api.iam.seeds().project_id()), project["id"].clone()] {
        api.project_token(&user, id.as_str().unwrap()).await.ok();
    }
}

//! Which tokens are accepted, and where.

use std::time::Duration;

use serde_json::json;

use crate::api::Api;
use crate::support::*;

/// One operation of each scheme.
const USER: (&str, &str) = ("GET", "/v1/sts/whoami");
const PROJECT: (&str, &str) = ("GET", "/v1/projects/principals");
const CONSUMER: (&str, &str) = ("DELETE", "/v1/authz/vfs/access/did:key:z6Mk");

/// What each scheme responds with to a token that does not verify: the service to a user token, the authorizer to others.
const STATUSES: [u16; 3] = [401, 403, 403];

#[tokio::test]
async fn each_scheme_accepts_its_own_tokens_and_no_others() {
    let api = Api::start().await;
    let tokens = [api.user(), api.project().await, api.consumer(&Consumer::p256()).await];
    for (index, (method, path)) in [USER, PROJECT, CONSUMER].into_iter().enumerate() {
        for (other, token) in tokens.iter().enumerate() {
            let reply = api.call(method, path, token).await;
            if index == other {
                reply.ok();
            } else {
                reply.refused(STATUSES[index], "InvalidJwtTokenError", Some("jwt-invalid"));
            }
        }
    }
}

#[tokio::test]
async fn the_token_is_accepted_alone_and_as_bearer() {
    let api = Api::start().await;
    let token = api.user();
    for value in [token.clone(), format!("Bearer {token}"), format!("bearer {token}")] {
        api.call(USER.0, USER.1, &value).await.ok();
    }
}

#[tokio::test]
async fn a_missing_or_foreign_token_is_refused() {
    let api = Api::start().await;
    let token = api.user();
    let stranger = crate::api::Api::start().await.user();
    let (rest, last_two) = token.split_at(token.len() - 2);
    let other = if last_two.starts_with('A') { 'B' } else { 'A' };
    let tampered = format!("{rest}{other}{}", &last_two[1..]);
    for ((method, path), status) in [USER, PROJECT, CONSUMER].into_iter().zip(STATUSES) {
        for value in ["", "Bearer"] {
            api.call(method, path, value).await.refused(403, "NoAuthorizationError", None);
        }
        for value in ["Basic dTpw", "undefined", "a.b.c"] {
            let reply = api.call(method, path, value).await;
            reply.refused(status, "InvalidJwtTokenError", Some("jwt-malformed"));
        }
        for value in [&stranger, &tampered] {
            let reply = api.call(method, path, value).await;
            reply.refused(status, "InvalidJwtTokenError", Some("jwt-invalid"));
        }
    }
    let twice = api.request(USER.0, USER.1, &token).header("authorization", &token);
    api.send(USER.0, USER.1, twice).await.refused(403, "NoAuthorizationError", None);
}

#[tokio::test]
async fn an_id_token_is_no_access_token() {
    let api = Api::start_with(|builder| builder.unproven(true)).await;
    let body = with(&Consumer::p256().input(&api.iam), "scope", json!("openid"));
    let output = api.call_with("POST", "/v1/consumer/oauth2/token", "", body).await.ok();
    let id_token = output["id_token"].as_str().unwrap();
    api.call(CONSUMER.0, CONSUMER.1, id_token).await.refused(
        403,
        "InvalidJwtTokenError",
        Some("jwt-invalid"),
    );
}

#[tokio::test]
async fn a_token_ends_with_its_lifetime() {
    let api = Api::start_with(|builder| builder.project_token_lifetime(Duration::from_secs(60))).await;
    let (user, project) = (api.user(), api.project().await);
    api.clock.advance(Duration::from_secs(59));
    api.call(PROJECT.0, PROJECT.1, &project).await.ok();
    api.clock.advance(Duration::from_secs(1));
    api.call(PROJECT.0, PROJECT.1, &project).await.refused(403, "InvalidJwtTokenError", Some("jwt-expired"));
    api.call(USER.0, USER.1, &user).await.ok();
    api.clock.advance(Duration::from_secs(3540));
    api.call(USER.0, USER.1, &user).await.refused(401, "InvalidJwtTokenError", Some("jwt-expired"));
}

#[tokio::test]
async fn whoami_names_the_principal() {
    let api = Api::start().await;
    let who = api.call(USER.0, USER.1, &api.user()).await.ok();
    assert_eq!(who, json!({ "principalId": api.iam.seeds().user_id(), "principalType": "user" }));
}

#[tokio::test]
async fn project_tokens_are_for_members_only() {
    let api = Api::start().await;
    let project_id = api.iam.seeds().project_id().to_string();
    let output = api.project_token(&api.user(), &project_id).await.ok();
    assert_eq!(output["expiresIn"], 3600);
    let (_, stranger) = api.other_user().await;
    for (token, project) in
        [(stranger, project_id.as_str()), (api.user(), "no-such-project"), (api.user(), "")]
    {
        api.project_token(&token, project).await.refused(403, "PrincipalDoesNotBelongToProjectError", None);
    }
}

//! Tokens as really issued, and the key sets that verify them.

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};

use super::{assert_fields, assert_uuid, parts};
use crate::api::{Api, text};
use crate::pat_token::Machine;
use crate::support::*;

const PROJECT_KEYS: &str = "/iam/.well-known/jwks.json";
const CONSUMER_KEYS: &str = "/cid/.well-known/jwks.json";
const USER_KEYS: &str = "/auth/.well-known/jwks.json";

async fn key_set(api: &Api, path: &str) -> Value {
    reqwest::get(format!("{}{path}", gateway(&api.iam))).await.unwrap().json().await.unwrap()
}

/// Whether a library that is not ours verifies the token with the keys at `path`.
async fn verifies(api: &Api, token: &str, path: &str, algorithm: Algorithm) -> bool {
    let keys: JwkSet = serde_json::from_value(key_set(api, path).await).unwrap();
    let kid = jsonwebtoken::decode_header(token).unwrap().kid.unwrap();
    let Some(key) = keys.find(&kid) else { return false };
    let mut validation = Validation::new(algorithm);
    // The clock of the service is fixed, and the claims are compared one by one.
    validation.validate_exp = false;
    validation.validate_aud = false;
    jsonwebtoken::decode::<Value>(token, &DecodingKey::from_jwk(key).unwrap(), &validation).is_ok()
}

fn assert_header(header: &Value, algorithm: &str) {
    assert_fields(header, &["typ", "alg", "kid"]);
    assert_eq!((&header["typ"], &header["alg"]), (&json!("JWT"), &json!(algorithm)));
    assert_uuid(&header["kid"]);
}

fn assert_times(claims: &Value) {
    assert_eq!((&claims["iat"], &claims["exp"]), (&json!(NOW), &json!(NOW + 3600)));
    assert_uuid(&claims["jti"]);
}

/// A (2025), project token of a personal access token.
#[tokio::test]
async fn project_token_of_a_personal_access_token() {
    let api = Api::start().await;
    let (token_id, project_id) = (api.iam.seeds().token_id(), api.iam.seeds().project_id());
    let user = Machine::seeded(&api).user_token(&api).await;
    let output = api.project_token(&user, &project_id.to_string()).await.ok();
    assert_eq!(output["expiresIn"], 3600);
    let token = text(&output, "accessToken");
    let (header, claims) = parts(&token);
    assert_header(&header, "ES256");
    assert_fields(&claims, &["iss", "aud", "sub", "client_id", "scp", "iat", "exp", "jti"]);
    assert_eq!((&claims["iss"], &claims["aud"]), (&json!(api.iam.base_url()), &json!("elements_api")));
    assert_eq!(claims["sub"], format!("ari:iam::{project_id}:token/{token_id}/client/{token_id}"));
    assert_eq!((&claims["client_id"], &claims["scp"]), (&json!(token_id), &json!(["elements_api"])));
    assert_times(&claims);
    assert!(verifies(&api, &token, PROJECT_KEYS, Algorithm::ES256).await);
}

/// A, project token of a user.
#[tokio::test]
async fn project_token_of_a_user() {
    let api = Api::start().await;
    let (user_id, project_id) = (api.iam.seeds().user_id(), api.iam.seeds().project_id());
    let (header, claims) = parts(&api.project().await);
    assert_header(&header, "ES256");
    assert_fields(&claims, &["iss", "aud", "sub", "client_id", "scp", "iat", "exp", "jti"]);
    let client = text(&claims, "client_id");
    assert_eq!(claims["sub"], format!("ari:iam::{project_id}:user/{user_id}/client/{client}"));
    assert_eq!(claims["scp"], json!(["elements_api", "service.*"]));
    assert_eq!((&claims["iss"], &claims["aud"]), (&json!(api.iam.base_url()), &json!("elements_api")));
    assert_times(&claims);
}

/// A (2025), consumer token.
#[tokio::test]
async fn consumer_token() {
    let api = Api::start().await;
    let consumer = Consumer::p256();
    let token = api.consumer(&consumer).await;
    let (header, claims) = parts(&token);
    assert_header(&header, "ES256");
    assert_fields(&claims, &["iss", "aud", "sub", "iat", "exp", "jti"]);
    assert_eq!((&claims["iss"], &claims["aud"]), (&json!(api.iam.base_url()), &json!(gateway(&api.iam))));
    assert_eq!(claims["sub"], consumer.did);
    assert_times(&claims);
    assert_ne!(header["kid"], parts(&api.project().await).0["kid"], "project tokens have another key");
}

/// A (2022) and C (now), user token of a personal access token.
#[tokio::test]
async fn user_token_of_a_personal_access_token() {
    let api = Api::start().await;
    let token_id = json!(api.iam.seeds().token_id());
    let token = Machine::seeded(&api).user_token(&api).await;
    let (header, claims) = parts(&token);
    assert_header(&header, "RS256");
    assert_fields(&claims, &["iss", "aud", "sub", "client_id", "scp", "nbf", "ext", "iat", "exp", "jti"]);
    let authorization_server = text(&claims, "iss");
    assert!(api.iam.token_endpoint().starts_with(&authorization_server));
    assert_ne!(authorization_server, api.iam.base_url());
    assert_eq!(claims["aud"], json!([api.iam.token_endpoint(), gateway(&api.iam)]));
    assert_eq!((&claims["sub"], &claims["client_id"]), (&token_id, &token_id));
    assert_eq!((&claims["scp"], &claims["nbf"]), (&json!(["openid"]), &json!(NOW)));
    assert_times(&claims);
    assert!(verifies(&api, &token, USER_KEYS, Algorithm::RS256).await);
}

/// A: issuer and audience are the same for every project; only `sub` names the project.
#[tokio::test]
async fn issuer_and_audience_are_the_same_for_every_project() {
    let api = Api::start().await;
    let project = api.call_with("POST", "/v1/projects", &api.user(), json!({ "name": "other" })).await.ok();
    let other = api.project_token(&api.user(), &text(&project, "id")).await.ok();
    let (ours, theirs) = (parts(&api.project().await).1, parts(&text(&other, "accessToken")).1);
    for claim in ["iss", "aud", "client_id", "scp"] {
        assert_eq!(ours[claim], theirs[claim]);
    }
    assert_ne!(ours["sub"], theirs["sub"]);
}

/// B: a delegated consumer token names who acts.
#[tokio::test]
async fn delegated_consumer_token() {
    let api = Api::start().await;
    let (profile, grantee) = (Consumer::p256(), Consumer::p256());
    let input = json!({ "granteeDid": grantee.did, "rights": ["vfs-read"] });
    let token = api.consumer(&profile).await;
    api.call_with("POST", "/v1/authz/vfs/access", &token, input).await.ok();
    let output = crate::delegation::delegate(&api, &grantee, &profile.did).await.ok();
    let (_, claims) = parts(&text(&output, "access_token"));
    assert_fields(&claims, &["iss", "aud", "sub", "act", "iat", "exp", "jti"]);
    assert_eq!((&claims["sub"], &claims["act"]), (&json!(profile.did), &json!({ "sub": grantee.did })));
}

/// A (2025-01): IAM publishes five ES256 keys with these fields, the signing one first.
#[tokio::test]
async fn the_key_set_of_iam_holds_five_keys_the_signing_one_first() {
    let api = Api::start().await;
    let set = key_set(&api, PROJECT_KEYS).await;
    assert_fields(&set, &["keys"]);
    let keys = set["keys"].as_array().unwrap();
    assert_eq!(keys.len(), 5);
    for key in keys {
        assert_fields(key, &["kid", "alg", "use", "kty", "crv", "x", "y"]);
        assert_uuid(&key["kid"]);
        let kind = [&key["alg"], &key["use"], &key["kty"], &key["crv"]];
        assert_eq!(kind, ["ES256", "sig", "EC", "P-256"]);
    }
    assert_eq!(parts(&api.project().await).0["kid"], keys[0]["kid"]);
}

/// A (2025) for IAM's set, B for the other one: the key of consumer tokens is the consumer IAM's.
#[tokio::test]
async fn the_key_of_consumer_tokens_is_in_the_key_set_of_the_consumer_iam_only() {
    let api = Api::start().await;
    let token = api.consumer(&Consumer::p256()).await;
    assert!(verifies(&api, &token, CONSUMER_KEYS, Algorithm::ES256).await);
    assert!(!verifies(&api, &token, PROJECT_KEYS, Algorithm::ES256).await);
    assert!(!verifies(&api, &api.project().await, CONSUMER_KEYS, Algorithm::ES256).await);
}

/// C: user tokens are signed by the authorization server, whose keys IAM does not publish.
#[tokio::test]
async fn the_keys_of_user_tokens_are_not_in_the_key_set_of_iam() {
    let api = Api::start().await;
    assert!(!verifies(&api, &api.user(), PROJECT_KEYS, Algorithm::RS256).await);
    assert!(!verifies(&api, &api.user(), CONSUMER_KEYS, Algorithm::RS256).await);
}

/// C: kinds of tokens are told apart where they are used.
#[tokio::test]
async fn a_token_of_one_kind_is_refused_where_another_is_wanted() {
    let api = Api::start().await;
    for token in [api.user(), api.consumer(&Consumer::p256()).await] {
        let reply = api.call("GET", "/v1/projects/principals", &token).await;
        reply.refused(403, "InvalidJwtTokenError", None);
    }
    for token in [api.project().await, api.consumer(&Consumer::p256()).await] {
        api.call("GET", "/v1/sts/whoami", &token).await.refused(401, "InvalidJwtTokenError", None);
    }
}

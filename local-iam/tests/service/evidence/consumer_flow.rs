//! The flow of consumer tokens.

use serde_json::{Value, json};

use super::{assert_fields, parts};
use crate::api::Api;
use crate::support::*;

/// B: the request of the official clients, at both gateways; the token's `sub` is the DID.
#[tokio::test]
async fn the_request_of_the_official_clients_gets_a_token_at_both_endpoints() {
    let api = Api::start().await;
    for consumer in [Consumer::secp256k1(), Consumer::p256(), Consumer::ed25519()] {
        for service in ["iam", "cid"] {
            let url = format!("{}/{service}/v1/consumer/oauth2/token", gateway(&api.iam));
            let claims = with(&consumer.claims(&api.iam), "aud", json!(url));
            let header = json!({ "alg": consumer.alg, "kid": consumer.kid });
            let body = with(&input(&consumer.sign(&header, &claims)), "client_id", json!(consumer.did));
            let response = post(&url, &body).await;
            assert_eq!(response.status(), 200);
            let output: Value = response.json().await.unwrap();
            assert_eq!(parts(output["access_token"].as_str().unwrap()).1["sub"], consumer.did);
        }
    }
}

/// B: no sample of a response has a scope, an ID token or a refresh token.
#[tokio::test]
async fn the_response_has_no_scope_no_id_token_and_no_refresh_token() {
    let api = Api::start().await;
    let body = Consumer::p256().input(&api.iam);
    let output = api.call_with("POST", "/v1/consumer/oauth2/token", "", body).await.ok();
    assert_fields(&output, &["access_token", "expires_in", "token_type"]);
    assert_eq!(output["expires_in"], 3600);
}

/// B: the request schema is closed, and the gateway validates bodies.
#[tokio::test]
async fn a_request_with_a_scope_is_refused() {
    let api = Api::start().await;
    let body = with(&Consumer::p256().input(&api.iam), "scope", json!("openid offline"));
    let reply = api.call_with("POST", "/v1/consumer/oauth2/token", "", body).await;
    reply.refused(400, "BadRequestError", Some("scope"));
}

/// Not known, and off by default: what `unproven` turns on.
#[tokio::test]
async fn unproven_behaviour_has_to_be_turned_on() {
    let api = Api::start_with(|builder| builder.unproven(true)).await;
    let body = with(&Consumer::p256().input(&api.iam), "scope", json!("openid offline"));
    let output = api.call_with("POST", "/v1/consumer/oauth2/token", "", body).await.ok();
    let fields = ["access_token", "expires_in", "token_type", "scope", "id_token", "refresh_token"];
    assert_fields(&output, &fields);
    let (_, claims) = parts(output["access_token"].as_str().unwrap());
    assert_fields(&claims, &["iss", "aud", "sub", "iat", "exp", "jti"]);
}

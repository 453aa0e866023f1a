//! Refresh tokens of consumers, where what is unproven is on: rotated at each use, revoked at reuse.

use std::time::Duration;

use serde_json::{Value, json};

use crate::api::{Api, Reply, text};
use crate::support::*;

async fn request(api: &Api, consumer: &Consumer, field: &str, value: &str) -> Reply {
    // The clock may have moved since the start.
    let now = api.manage("GET", "/clock", Value::Null).await["now"].as_i64().unwrap();
    let claims = with(&with(&consumer.claims(&api.iam), "iat", json!(now)), "exp", json!(now + 300));
    let body = with(&input(&consumer.sign(&consumer.header(), &claims)), field, json!(value));
    api.call_with("POST", "/v1/consumer/oauth2/token", "", body).await
}

async fn begin(api: &Api, consumer: &Consumer) -> String {
    text(&request(api, consumer, "scope", "openid offline").await.ok(), "refresh_token")
}

#[tokio::test]
async fn scopes_decide_what_the_response_holds() {
    let api = Api::start_with(|builder| builder.unproven(true)).await;
    let consumer = Consumer::p256();
    for (scope, refresh, id) in [
        ("consumer", false, false),
        ("openid", false, true),
        ("offline", true, false),
        ("openid offline", true, true),
    ] {
        let output = request(&api, &consumer, "scope", scope).await.ok();
        assert_eq!(output["scope"], scope);
        assert_eq!(output.get("refresh_token").is_some(), refresh, "{scope}");
        assert_eq!(output.get("id_token").is_some(), id, "{scope}");
    }
}

#[tokio::test]
async fn a_refresh_token_is_replaced_at_each_use_and_keeps_its_scope() {
    let api = Api::start_with(|builder| builder.unproven(true)).await;
    let consumer = Consumer::p256();
    let mut token = begin(&api, &consumer).await;
    for _ in 0..3 {
        let output = request(&api, &consumer, "refresh_token", &token).await.ok();
        assert_eq!(output["scope"], "openid offline");
        assert!(output["access_token"].is_string() && output["id_token"].is_string());
        let next = text(&output, "refresh_token");
        assert_ne!(next, token);
        token = next;
    }
}

#[tokio::test]
async fn using_one_twice_revokes_its_whole_family_and_no_other() {
    let api = Api::start_with(|builder| builder.unproven(true)).await;
    let consumer = Consumer::p256();
    let (first, other) = (begin(&api, &consumer).await, begin(&api, &consumer).await);
    let second = text(&request(&api, &consumer, "refresh_token", &first).await.ok(), "refresh_token");
    for token in [&first, &second] {
        let reply = request(&api, &consumer, "refresh_token", token).await;
        reply.refused(403, "UnauthorizedError", Some("refresh_token"));
    }
    request(&api, &consumer, "refresh_token", &other).await.ok();
}

#[tokio::test]
async fn unknown_expired_and_foreign_ones_are_refused() {
    let api = Api::start_with(|builder| builder.unproven(true)).await;
    let consumer = Consumer::p256();
    let token = begin(&api, &consumer).await;
    for (who, value) in [(&Consumer::p256(), token.as_str()), (&consumer, "guessed"), (&consumer, "")] {
        let reply = request(&api, who, "refresh_token", value).await;
        reply.refused(403, "UnauthorizedError", Some("refresh_token"));
    }
    api.clock.advance(Duration::from_secs(30 * 24 * 3600));
    let reply = request(&api, &consumer, "refresh_token", &token).await;
    reply.refused(403, "UnauthorizedError", Some("refresh_token"));
}

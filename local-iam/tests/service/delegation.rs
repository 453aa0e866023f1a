//! Tokens for a profile that granted access: only where it did, and only as far.

use serde_json::{Value, json};

use crate::api::{Api, Reply, text};
use crate::support::*;

const DELEGATION: &str = "urn:ietf:params:oauth:delegation-assertion-type:jwt-bearer";

pub async fn delegate(api: &Api, own: &Consumer, profile: &str) -> Reply {
    let claims = with(&own.claims(&api.iam), "sub", json!(profile));
    let input = json!({
        "grant_type": "affinidi_delegation",
        "client_assertion_type": DELEGATION,
        "client_assertion": own.sign(&own.header(), &claims),
        "client_id": own.did,
    });
    api.call_with("POST", "/v1/consumer/oauth2/token", "", input).await
}

async fn grant(api: &Api, granter: &Consumer, grantee: &Consumer, rights: Value) -> String {
    let token = api.consumer(granter).await;
    let input = json!({ "granteeDid": grantee.did, "rights": rights });
    api.call_with("POST", "/v1/authz/vfs/access", &token, input).await.ok();
    token
}

#[tokio::test]
async fn a_grant_lets_the_grantee_act_for_the_profile() {
    let api = Api::start().await;
    let (profile, own) = (Consumer::secp256k1(), Consumer::p256());
    grant(&api, &profile, &own, json!(["vfs-write", "vfs-read"])).await;
    let output = delegate(&api, &own, &profile.did).await.ok();
    assert!(output.get("scope").is_none());
    assert!(output.get("refresh_token").is_none());
    let claims: Value = claims(&text(&output, "access_token"));
    assert_eq!((&claims["sub"], &claims["act"]["sub"]), (&json!(profile.did), &json!(own.did)));
}

#[tokio::test]
async fn without_a_grant_nobody_acts_for_a_profile() {
    let api = Api::start().await;
    let (profile, own, other) = (Consumer::p256(), Consumer::p256(), Consumer::p256());
    delegate(&api, &own, &profile.did).await.refused(403, "UnauthorizedError", Some("sub"));
    let token = grant(&api, &profile, &own, json!(["vfs-read"])).await;
    delegate(&api, &other, &profile.did).await.refused(403, "UnauthorizedError", Some("sub"));
    delegate(&api, &profile, &own.did).await.refused(403, "UnauthorizedError", Some("sub"));
    delegate(&api, &own, &own.did).await.refused(403, "UnauthorizedError", Some("sub"));
    delegate(&api, &own, &profile.did).await.ok();
    api.call("DELETE", &format!("/v1/authz/vfs/access/{}", own.did), &token).await.ok();
    delegate(&api, &own, &profile.did).await.refused(403, "UnauthorizedError", Some("sub"));
}

#[tokio::test]
async fn a_delegate_hands_on_no_access() {
    let api = Api::start().await;
    let (profile, own) = (Consumer::p256(), Consumer::p256());
    grant(&api, &profile, &own, json!(["vfs-read"])).await;
    let token = text(&delegate(&api, &own, &profile.did).await.ok(), "access_token");
    let input = json!({ "granteeDid": Consumer::p256().did, "rights": ["vfs-read"] });
    let reply = api.call_with("POST", "/v1/authz/vfs/access", &token, input).await;
    reply.refused(403, "ActionForbiddenError", None);
}

#[tokio::test]
async fn grant_type_and_assertion_type_belong_together() {
    let api = Api::start().await;
    let own = Consumer::p256();
    for (field, value) in [("grant_type", "affinidi_delegation"), ("client_assertion_type", DELEGATION)] {
        let input = with(&own.input(&api.iam), field, json!(value));
        let reply = api.call_with("POST", "/v1/consumer/oauth2/token", "", input).await;
        reply.refused(400, "InvalidParameterError", Some("client_assertion_type"));
    }
}

fn claims(token: &str) -> Value {
    use base64::Engine as _;
    let claims = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap()
}

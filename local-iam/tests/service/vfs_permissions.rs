//! Access to nodes of a consumer's virtual file system, granted by the consumer IAM, and what a delegate may do with it.

use serde_json::{Value, json};

use crate::api::{Api, text};
use crate::delegation::delegate;
use crate::support::{Consumer, endpoint, with};

const TOKEN: &str = "/cid/v1/consumer/oauth2/token";

fn path(grantee: &Consumer) -> String {
    format!("/cid/v1/authz/vfs/access/{}", grantee.did)
}

fn permission(expires_at: &str) -> Value {
    json!({ "rights": ["vfs-read"], "nodeIds": ["b2f4c1d6a0e94c7f8d35"], "expiresAt": expires_at })
}

/// A token of the consumer, from the consumer IAM.
async fn token(api: &Api, consumer: &Consumer) -> String {
    let claims = with(&consumer.claims(&api.iam), "aud", json!(endpoint(&api.iam).replace("/iam/", "/cid/")));
    let input = crate::support::input(&consumer.sign(&consumer.header(), &claims));
    let input = with(&input, "client_id", json!(consumer.did));
    text(&api.call_with("POST", TOKEN, "", input).await.ok(), "access_token")
}

#[tokio::test]
async fn permissions_are_granted_read_replaced_and_withdrawn() {
    let api = Api::start().await;
    let (granter, grantee) = (Consumer::p256(), Consumer::ed25519());
    let (token, path) = (token(&api, &granter).await, path(&grantee));
    let nothing = json!({ "permissions": [] });
    assert_eq!(api.call("GET", &path, &token).await.ok(), nothing);

    let granted = json!({ "permissions": [permission("2026-12-31T22:59:59.500Z")] });
    let output = api.call_with("POST", &path, &token, granted.clone()).await.ok();
    assert!(output["success"] == true && output["grantId"].is_string(), "{output}");
    assert_eq!(api.call("GET", &path, &token).await.ok(), granted);
    api.call_with("POST", &path, &token, granted).await.refused(409, "AlreadyExistsError", None);

    let replaced = json!({ "permissions": [{ "rights": ["vfs-write"], "nodeIds": [] }] });
    assert_eq!(api.call_with("PUT", &path, &token, replaced.clone()).await.ok(), json!({ "success": true }));
    assert_eq!(api.call("GET", &path, &token).await.ok(), replaced);

    assert_eq!(api.call("DELETE", &path, &token).await.status, 204);
    assert_eq!(api.call("GET", &path, &token).await.ok(), nothing);
    assert_eq!(api.call_with("PUT", &path, &token, replaced).await.ok(), json!({ "success": false }));
    assert_eq!(api.call("DELETE", &path, &token).await.status, 204, "deleting nothing is not an error");
}

#[tokio::test]
async fn what_the_contract_forbids_is_refused() {
    let api = Api::start().await;
    let (token, path) = (token(&api, &Consumer::p256()).await, path(&Consumer::p256()));
    for (input, field) in [
        (json!({}), "permissions"),
        (json!({ "permissions": [] }), "permissions"),
        (json!({ "permissions": [{ "rights": ["vfs-read"] }] }), "permissions[0].nodeIds"),
        (json!({ "permissions": [{ "rights": ["vfs-delete"], "nodeIds": [] }] }), "permissions[0].rights[0]"),
        (json!({ "permissions": [{ "rights": [], "nodeIds": [1] }] }), "permissions[0].nodeIds[0]"),
    ] {
        api.call_with("POST", &path, &token, input).await.refused(400, "BadRequestError", Some(field));
    }
    for expires_at in ["2026-12-31T22:59:59.500123Z", "2026-12-31T22:59:59.500000+00:00", "tomorrow"] {
        let input = json!({ "permissions": [permission(expires_at)] });
        let reply = api.call_with("POST", &path, &token, input).await;
        reply.refused(400, "InvalidParameterError", Some("permissions[0].expiresAt"));
    }
    let reply = api.call("GET", "/cid/v1/authz/vfs/access/nobody", &token).await;
    reply.refused(400, "InvalidParameterError", Some("granteeDid"));
}

#[tokio::test]
async fn a_token_request_names_the_client_and_nothing_unknown() {
    for unproven in [false, true] {
        let api = Api::start_with(|builder| builder.unproven(unproven)).await;
        let consumer = Consumer::p256();
        let input = consumer.input(&api.iam);
        api.call_with("POST", TOKEN, "", input.clone()).await.refused(
            400,
            "BadRequestError",
            Some("client_id"),
        );
        let input = with(&with(&input, "client_id", json!(consumer.did)), "scope", json!("openid"));
        api.call_with("POST", TOKEN, "", input).await.refused(400, "BadRequestError", Some("scope"));
    }
}

#[tokio::test]
async fn only_a_consumers_token_is_accepted() {
    let api = Api::start().await;
    let path = path(&Consumer::p256());
    api.call("GET", &path, "").await.refused(403, "NoAuthorizationError", None);
    for other in [api.user(), api.project().await] {
        api.call("GET", &path, &other).await.refused(403, "InvalidJwtTokenError", None);
    }
}

#[tokio::test]
async fn a_permission_lets_the_grantee_act_for_the_profile_until_it_ends() {
    let api = Api::start().await;
    let (profile, own) = (Consumer::p256(), Consumer::p256());
    let (token, path) = (token(&api, &profile).await, path(&own));
    // NOW is 2026-09-21T14:13:20Z.
    let input = json!({ "permissions": [permission("2026-09-21T14:13:30.000Z")] });
    api.call_with("POST", &path, &token, input).await.ok();
    let delegated = text(&delegate(&api, &own, &profile.did).await.ok(), "access_token");
    let input = json!({ "permissions": [permission("2026-12-31T22:59:59.500Z")] });
    let reply = api.call_with("PUT", &path, &delegated, input).await;
    reply.refused(403, "ActionForbiddenError", None);

    api.clock.set_offset(10);
    delegate(&api, &own, &profile.did).await.refused(403, "UnauthorizedError", Some("sub"));
    let input = json!({ "permissions": [{ "rights": ["vfs-read"], "nodeIds": [] }] });
    api.call_with("PUT", &path, &token, input).await.ok();
    delegate(&api, &own, &profile.did).await.ok();
    api.call_with("PUT", &path, &token, json!({ "permissions": [] })).await.ok();
    delegate(&api, &own, &profile.did).await.refused(403, "UnauthorizedError", Some("sub"));
}

#[tokio::test]
async fn its_key_set_is_its_own() {
    let api = Api::start().await;
    let kids = async |path: &str| -> Vec<String> {
        let keys = api.call("GET", path, "").await.ok();
        keys["keys"].as_array().unwrap().iter().map(|key| text(key, "kid")).collect()
    };
    let (iam, consumer_iam) =
        (kids("/.well-known/jwks.json").await, kids("/cid/.well-known/jwks.json").await);
    assert!(!consumer_iam.is_empty() && consumer_iam.iter().all(|kid| !iam.contains(kid)));
}

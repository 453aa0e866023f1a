//! Passkeys and identity providers.

use serde_json::json;

use crate::api::Api;

#[tokio::test]
async fn the_seeded_user_has_a_passkey_and_a_linked_provider() {
    let api = Api::start().await;
    let user = api.user();
    let passkeys = api.call("GET", "/v1/accounts/passkeys", &user).await.ok();
    assert_eq!(passkeys["passkeys"].as_array().unwrap().len(), 1);
    let providers = api.call("GET", "/v1/accounts/providers", &user).await.ok();
    let linked = json!({ "id": "google", "status": "linked" });
    assert!(providers["providers"].as_array().unwrap().contains(&linked), "{providers}");
}

#[tokio::test]
async fn another_user_has_no_passkey_and_no_linked_provider() {
    let api = Api::start().await;
    let (_, other) = api.other_user().await;
    assert_eq!(api.call("GET", "/v1/accounts/passkeys", &other).await.ok(), json!({ "passkeys": [] }));
    let providers = api.call("GET", "/v1/accounts/providers", &other).await.ok();
    assert!(
        providers["providers"].as_array().unwrap().iter().all(|provider| provider["status"] == "unlinked")
    );
}

#[tokio::test]
async fn accounts_need_a_user_token() {
    let api = Api::start().await;
    let project = api.project().await;
    for path in ["/v1/accounts/passkeys", "/v1/accounts/providers"] {
        api.call("GET", path, "").await.refused(403, "NoAuthorizationError", None);
        api.call("GET", path, &project).await.refused(401, "InvalidJwtTokenError", Some("jwt-invalid"));
    }
}

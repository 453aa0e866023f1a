//! The form of the `authorization` header.

use serde_json::json;

use crate::api::Api;
use crate::support::Consumer;

/// A: user and project tokens are accepted raw and as Bearer.
#[tokio::test]
async fn user_and_project_tokens_are_accepted_raw_and_as_bearer() {
    let api = Api::start().await;
    let (user, project) = (api.user(), api.project().await);
    for prefix in ["", "Bearer "] {
        api.call("GET", "/v1/sts/whoami", &format!("{prefix}{user}")).await.ok();
        api.call("GET", "/v1/projects/principals", &format!("{prefix}{project}")).await.ok();
        let id = api.iam.seeds().project_id().to_string();
        api.project_token(&format!("{prefix}{user}"), &id).await.ok();
    }
}

/// B: consumer tokens are sent raw.
#[tokio::test]
async fn consumer_tokens_are_accepted_raw() {
    let api = Api::start().await;
    let token = api.consumer(&Consumer::p256()).await;
    let input = json!({ "granteeDid": Consumer::p256().did, "rights": ["vfs-read"] });
    api.call_with("POST", "/v1/authz/vfs/access", &token, input).await.ok();
}

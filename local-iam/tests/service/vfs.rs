//! Grants of access to a consumer's virtual file system.

use serde_json::json;

use crate::api::Api;
use crate::support::Consumer;

const PATH: &str = "/v1/authz/vfs/access";

#[tokio::test]
async fn access_is_granted_updated_and_deleted() {
    let api = Api::start().await;
    let (granter, grantee) = (Consumer::p256(), Consumer::ed25519());
    let token = api.consumer(&granter).await;
    let input = json!({ "granteeDid": grantee.did, "rights": ["vfs-read"] });
    let granted = api.call_with("POST", PATH, &token, input.clone()).await.ok();
    assert_eq!(granted["success"], true);
    api.call_with("POST", PATH, &token, input).await.refused(409, "AlreadyExistsError", None);
    let path = format!("{PATH}/{}", grantee.did);
    let rights = json!({ "rights": ["vfs-read", "vfs-write"] });
    assert_eq!(api.call_with("PUT", &path, &token, rights.clone()).await.ok(), json!({ "success": true }));
    assert_eq!(api.call("DELETE", &path, &token).await.status, 204);
    assert_eq!(api.call_with("PUT", &path, &token, rights).await.ok(), json!({ "success": false }));
    assert_eq!(api.call("DELETE", &path, &token).await.status, 204, "deleting nothing is not an error");
}

#[tokio::test]
async fn what_the_contract_forbids_is_refused() {
    let api = Api::start().await;
    let token = api.consumer(&Consumer::p256()).await;
    let did = Consumer::p256().did;
    let cases = [
        (json!({ "rights": ["vfs-read"] }), "granteeDid"),
        (json!({ "granteeDid": did }), "rights"),
        (json!({ "granteeDid": did, "rights": [] }), "rights"),
        (json!({ "granteeDid": did, "rights": ["vfs-delete"] }), "rights[0]"),
        (json!({ "granteeDid": did, "rights": ["vfs-read"], "until": "tomorrow" }), "until"),
    ];
    for (input, field) in cases {
        api.call_with("POST", PATH, &token, input).await.refused(400, "BadRequestError", Some(field));
    }
    let input = json!({ "granteeDid": "not a did", "rights": ["vfs-read"] });
    let reply = api.call_with("POST", PATH, &token, input).await;
    reply.refused(400, "InvalidParameterError", Some("granteeDid"));
    let path = format!("{PATH}/nobody");
    api.call("DELETE", &path, &token).await.refused(400, "InvalidParameterError", Some("granteeDid"));
}

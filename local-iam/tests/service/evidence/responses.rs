//! Other responses as really seen.

use serde_json::json;

use super::assert_uuid;
use crate::api::{Api, text};
use crate::pat_token::Machine;

/// A: `ownerId` is `user/<uuid>`, dates have milliseconds and `Z`, an empty description is `""`.
#[tokio::test]
async fn projects() {
    let api = Api::start().await;
    let created = api.call_with("POST", "/v1/projects", &api.user(), json!({ "name": "plain" })).await.ok();
    let given = json!({ "name": "plain", "description": "" });
    let empty = api.call_with("POST", "/v1/projects", &api.user(), given).await.ok();
    for project in [created, empty] {
        assert_eq!(project["ownerId"], format!("user/{}", api.iam.seeds().user_id()));
        assert_eq!(project["description"], "");
        for date in ["createdAt", "updatedAt"] {
            assert_eq!(project[date], "2026-09-21T14:13:20.000Z");
        }
        assert_eq!(
            api.call("GET", &format!("/v1/projects/{}", text(&project, "id")), &api.user()).await.ok(),
            project
        );
    }
}

/// A: `principalId` is `token/<uuid>` or `user/<uuid>`. Records of 2023 had more fields; the contract of today has none beside
/// it.
#[tokio::test]
async fn principals_of_a_project() {
    let api = Api::start().await;
    let seeds = api.iam.seeds();
    let list = api.call("GET", "/v1/projects/principals", &api.project().await).await.ok();
    let ids = [format!("user/{}", seeds.user_id()), format!("token/{}", seeds.token_id())];
    assert_eq!(list["records"], json!(ids.map(|id| json!({ "principalId": id }))));
}

/// A: adding and removing a principal is a 204 for any UUID, also for one that nobody has.
#[tokio::test]
async fn adding_and_removing_a_principal() {
    let api = Api::start().await;
    let project = api.project().await;
    let nobody = uuid::Uuid::from_u128(7);
    for kind in ["user", "token"] {
        let remove = format!("/v1/projects/principals/{nobody}?principalType={kind}");
        let input = json!({ "principalId": nobody, "principalType": kind });
        assert_eq!(api.call("DELETE", &remove, &project).await.status, 204);
        assert_eq!(api.call_with("POST", "/v1/projects/principals", &project, input).await.status, 204);
        let list = api.call("GET", "/v1/projects/principals", &project).await.ok();
        assert_eq!(list["records"][2], json!({ "principalId": format!("{kind}/{nobody}") }));
        assert_eq!(api.call("DELETE", &remove, &project).await.status, 204);
    }
    let list = api.call("GET", "/v1/projects/principals", &project).await.ok();
    assert_eq!(list["records"].as_array().unwrap().len(), 2);
}

/// B: the policy of a new principal is one `Allow` statement with an empty action and an empty resource.
#[tokio::test]
async fn policy_of_a_new_principal() {
    let api = Api::start().await;
    let (user_id, user) = api.other_user().await;
    let project = api.project().await;
    let input = json!({ "principalId": user_id, "principalType": "user" });
    api.call_with("POST", "/v1/projects/principals", &project, input).await.ok();
    let path = format!("/v1/policies/principals/{user_id}?principalType=user");
    let policy = api.call("GET", &path, &project).await.ok();
    let project_id = api.iam.seeds().project_id();
    assert_eq!(policy["version"], "2022-12-15");
    assert_eq!(
        policy["statement"],
        json!([{
            "effect": "Allow",
            "principal": [format!("ari:iam::{project_id}:user/{user_id}")],
            "action": [""],
            "resource": [""],
        }])
    );
    let token = text(&api.project_token(&user, &project_id.to_string()).await.ok(), "accessToken");
    let reply = api.call("GET", "/v1/projects/principals", &token).await;
    reply.refused(403, "ActionForbiddenError", None);
}

/// A: an empty `exclusiveStartKey=` is the first page.
#[tokio::test]
async fn an_empty_cursor_is_the_first_page() {
    let api = Api::start().await;
    let first = api.call("GET", "/v1/projects", &api.user()).await.ok();
    assert_eq!(api.call("GET", "/v1/projects?exclusiveStartKey=", &api.user()).await.ok(), first);
    assert_eq!(first["projects"].as_array().unwrap().len(), 1);
}

/// B: `whoami` has the bare id, and `user` or `token`.
#[tokio::test]
async fn whoami() {
    let api = Api::start().await;
    let seeds = api.iam.seeds();
    let machine = Machine::seeded(&api).user_token(&api).await;
    for (token, id, kind) in [(api.user(), seeds.user_id(), "user"), (machine, seeds.token_id(), "token")] {
        let who = api.call("GET", "/v1/sts/whoami", &token).await.ok();
        assert_eq!(who, json!({ "principalId": id, "principalType": kind }));
    }
}

/// A: the ARIs and scopes of a personal access token.
#[tokio::test]
async fn personal_access_tokens() {
    let api = Api::start().await;
    let input = json!({ "name": "machine", "authenticationMethod": Machine::es256().method() });
    let token = api.call_with("POST", "/v1/tokens", &api.user(), input).await.ok();
    assert_uuid(&token["id"]);
    assert_eq!(token["ari"], format!("ari:iam:::token/{}", text(&token, "id")));
    assert_eq!(token["ownerAri"], format!("ari:iam:::user/{}", api.iam.seeds().user_id()));
    assert_eq!(token["scopes"], json!(["openid", "offline_access"]));
}

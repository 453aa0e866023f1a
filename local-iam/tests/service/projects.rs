//! Projects.

use std::time::Duration;

use serde_json::json;

use crate::api::{Api, text};
use crate::support::with;

#[tokio::test]
async fn a_created_project_is_read_listed_and_belongs_to_its_creator() {
    let api = Api::start().await;
    let (user_id, user) = api.other_user().await;
    let input = json!({ "name": "demo", "description": "of the test" });
    let created = api.call_with("POST", "/v1/projects", &user, input).await.ok();
    assert_eq!((&created["name"], &created["ownerId"]), (&json!("demo"), &json!(format!("user/{user_id}"))));
    assert_eq!(created["description"], "of the test");
    assert_eq!(created["createdAt"], "2026-09-21T14:13:20.000Z");
    assert_eq!(created["identityVerificationEnabled"], false);
    let path = format!("/v1/projects/{}", text(&created, "id"));
    assert_eq!(api.call("GET", &path, &user).await.ok(), created);
    let list = api.call("GET", "/v1/projects", &user).await.ok();
    assert_eq!(list, json!({ "projects": [created] }));
}

#[tokio::test]
async fn an_update_changes_what_it_names_and_nothing_else() {
    let api = Api::start().await;
    let user = api.user();
    let input = json!({ "name": "before", "description": "kept" });
    let created = api.call_with("POST", "/v1/projects", &user, input).await.ok();
    let path = format!("/v1/projects/{}", text(&created, "id"));
    api.clock.advance(Duration::from_secs(60));
    let changes = json!({ "name": "after", "identityVerificationEnabled": true });
    let updated = api.call_with("PATCH", &path, &user, changes).await.ok();
    let expected = with(&with(&created, "name", json!("after")), "identityVerificationEnabled", json!(true));
    assert_eq!(updated, with(&expected, "updatedAt", json!("2026-09-21T14:14:20.000Z")));
    assert_eq!(api.call("GET", &path, &user).await.ok(), updated);
}

#[tokio::test]
async fn projects_of_others_do_not_exist() {
    let api = Api::start().await;
    let (_, stranger) = api.other_user().await;
    let path = format!("/v1/projects/{}", api.iam.seeds().project_id());
    api.call("GET", &path, &stranger).await.refused(404, "NotFoundError", None);
    let update = api.call_with("PATCH", &path, &stranger, json!({ "name": "mine" })).await;
    update.refused(404, "NotFoundError", None);
    api.call("GET", "/v1/projects/none", &api.user()).await.refused(404, "NotFoundError", None);
    assert_eq!(api.call("GET", "/v1/projects", &stranger).await.ok(), json!({ "projects": [] }));
}

#[tokio::test]
async fn names_that_the_contract_forbids_are_refused() {
    let api = Api::start().await;
    for name in
        [json!("a"), json!(""), json!(" ab"), json!("ab "), json!("a".repeat(101)), json!(1), json!(null)]
    {
        let reply = api.call_with("POST", "/v1/projects", &api.user(), json!({ "name": name })).await;
        reply.refused(400, "BadRequestError", Some("name"));
    }
    let extra = json!({ "name": "demo", "colour": "red" });
    let reply = api.call_with("POST", "/v1/projects", &api.user(), extra).await;
    reply.refused(400, "BadRequestError", Some("colour"));
    api.call_with("POST", "/v1/projects", &api.user(), json!({})).await.refused(
        400,
        "BadRequestError",
        Some("name"),
    );
}

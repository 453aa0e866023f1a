//! The principals of a project.

use serde_json::json;

use crate::api::Api;
use crate::support::fresh_id;

const LIST: &str = "/v1/projects/principals";

#[tokio::test]
async fn principals_are_added_listed_and_removed() {
    let api = Api::start().await;
    let (user_id, user) = api.other_user().await;
    let project = api.project().await;
    let input = json!({ "principalId": user_id, "principalType": "user" });
    let added = api.call_with("POST", LIST, &project, input.clone()).await;
    assert_eq!(added.status, 204);
    assert_eq!(
        api.call_with("POST", LIST, &project, input).await.status,
        204,
        "adding again changes nothing"
    );

    let seeds = api.iam.seeds();
    let records = api.call("GET", LIST, &project).await.ok();
    let expected = [
        format!("user/{}", seeds.user_id()),
        format!("token/{}", seeds.token_id()),
        format!("user/{user_id}"),
    ];
    assert_eq!(records["records"], json!(expected.map(|id| json!({ "principalId": id }))));
    api.project_token(&user, &seeds.project_id().to_string()).await.ok();

    let path = format!("{LIST}/{user_id}?principalType=user");
    assert_eq!(api.call("DELETE", &path, &project).await.status, 204);
    assert_eq!(api.call("DELETE", &path, &project).await.status, 204, "removing nobody changes nothing");
    let removed = api.project_token(&user, &seeds.project_id().to_string()).await;
    removed.refused(403, "PrincipalDoesNotBelongToProjectError", None);
}

#[tokio::test]
async fn a_principal_cannot_delete_itself() {
    let api = Api::start().await;
    let project = api.project().await;
    let id = api.iam.seeds().user_id().to_string();
    for id in [id.to_uppercase(), id] {
        let path = format!("{LIST}/{id}?principalType=user");
        api.call("DELETE", &path, &project).await.refused(409, "PrincipalCannotBeDeletedError", None);
    }
}

#[tokio::test]
async fn a_path_names_a_principal_by_its_identifier_alone() {
    let api = Api::start().await;
    let project = api.project().await;
    let (user_id, _) = api.other_user().await;
    let input = json!({ "principalId": user_id, "principalType": "user" });
    api.call_with("POST", LIST, &project, input).await;
    let policy = json!({ "version": "2022-12-15", "statement": [] });
    for id in [format!("user%2F{user_id}"), format!("token%2F{user_id}"), "%2F".to_owned()] {
        for (method, path, body) in [
            ("DELETE", LIST, json!(null)),
            ("GET", "/v1/policies/principals", json!(null)),
            ("PUT", "/v1/policies/principals", policy.clone()),
        ] {
            let reply =
                api.call_with(method, &format!("{path}/{id}?principalType=user"), &project, body).await;
            reply.refused(400, "InvalidParameterError", Some("principalId"));
        }
    }
    let path = format!("/v1/policies/principals/{user_id}?principalType=user");
    api.call("GET", &path, &project).await.ok();
    let input = json!({ "principalId": format!("user/{user_id}"), "principalType": "user" });
    let reply = api.call_with("POST", LIST, &project, input).await;
    reply.refused(400, "InvalidParameterError", Some("principalId"));
}

#[tokio::test]
async fn only_uuids_can_be_added_and_removed() {
    let api = Api::start().await;
    let project = api.project().await;
    let cases = [
        (json!({ "principalId": "nobody", "principalType": "user" }), "InvalidParameterError", "principalId"),
        (
            json!({ "principalId": fresh_id(), "principalType": "robot" }),
            "InvalidParameterError",
            "principalType",
        ),
        (json!({ "principalType": "user" }), "BadRequestError", "principalId"),
    ];
    for (input, name, field) in cases {
        api.call_with("POST", LIST, &project, input).await.refused(400, name, Some(field));
    }
    let reply = api.call("DELETE", &format!("{LIST}/nobody?principalType=user"), &project).await;
    reply.refused(400, "InvalidParameterError", Some("principalId"));
}

#[tokio::test]
async fn the_kind_of_principal_must_be_given() {
    let api = Api::start().await;
    let project = api.project().await;
    for query in ["", "?principalType="] {
        let reply = api.call("DELETE", &format!("{LIST}/x{query}"), &project).await;
        let message = "Missing required request parameters: [principalType]";
        assert_eq!((reply.status, reply.body), (400, json!({ "message": message })));
    }
    for query in ["?principalType=robot", "?principalType=user&principalType=token"] {
        let path = format!("{LIST}/x{query}");
        let reply = api.call("DELETE", &path, &project).await;
        reply.refused(400, "InvalidParameterError", Some("principalType"));
    }
}

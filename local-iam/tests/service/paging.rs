//! Lists, page by page.

use serde_json::{Value, json};

use crate::api::{Api, text};
use crate::pat_token::Machine;

/// The pages of `path`: each page's items.
async fn pages(api: &Api, path: &str, token: &str, items: &str) -> Vec<Vec<Value>> {
    let mut pages = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = api.call("GET", &format!("{path}?limit=2{cursor}"), token).await.ok();
        pages.push(page[items].as_array().unwrap().clone());
        match page.get("lastEvaluatedKey") {
            None => return pages,
            Some(key) => {
                let key = key.as_str().unwrap();
                assert!(
                    key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)),
                    "{key}"
                );
                cursor = format!("&exclusiveStartKey={key}");
            }
        }
    }
}

#[tokio::test]
async fn pages_together_are_the_whole_list_in_order() {
    let api = Api::start().await;
    let (_, user) = api.other_user().await;
    let mut ids = Vec::new();
    for number in 0..5 {
        let project =
            api.call_with("POST", "/v1/projects", &user, json!({ "name": format!("p{number}") })).await.ok();
        ids.push(text(&project, "id"));
        let token =
            json!({ "name": format!("token {number}"), "authenticationMethod": Machine::es256().method() });
        api.call_with("POST", "/v1/tokens", &user, token).await.ok();
    }
    let projects = pages(&api, "/v1/projects", &user, "projects").await;
    assert_eq!(projects.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1]);
    assert_eq!(projects.concat().iter().map(|project| text(project, "id")).collect::<Vec<_>>(), ids);
    let tokens = pages(&api, "/v1/tokens", &user, "tokens").await.concat();
    let names: Vec<_> = tokens.iter().map(|token| text(token, "name")).collect();
    assert_eq!(names, ["token 0", "token 1", "token 2", "token 3", "token 4"]);
    let principals = pages(&api, "/v1/projects/principals", &api.project().await, "records").await;
    assert_eq!(principals.iter().map(Vec::len).collect::<Vec<_>>(), [2], "a full last page has no cursor");
    let path = format!("/v1/tokens/{}/projects", api.iam.seeds().token_id());
    assert_eq!(pages(&api, &path, &api.user(), "projects").await.concat().len(), 1);
}

#[tokio::test]
async fn a_cursor_that_was_not_handed_out_here_is_refused() {
    let api = Api::start().await;
    let user = api.user();
    for _ in 0..2 {
        api.call_with("POST", "/v1/projects", &user, json!({ "name": "more" })).await.ok();
    }
    let page = api.call("GET", "/v1/projects?limit=1", &user).await.ok();
    let cursor = text(&page, "lastEvaluatedKey");
    for (path, cursor) in [
        ("/v1/projects", "x"),
        ("/v1/projects", "e30"),
        ("/v1/projects", &cursor[1..]),
        ("/v1/projects", &"a".repeat(3001)),
        ("/v1/tokens", &cursor),
    ] {
        let reply = api.call("GET", &format!("{path}?exclusiveStartKey={cursor}"), &user).await;
        reply.refused(400, "InvalidParameterError", Some("exclusiveStartKey"));
    }
    api.call("GET", &format!("/v1/projects?exclusiveStartKey={cursor}"), &user).await.ok();
}

#[tokio::test]
async fn limits_outside_the_contract_are_refused() {
    let api = Api::start().await;
    for limit in ["0", "101", "-1", "+5", "1.5", "ten", ""] {
        let reply = api.call("GET", &format!("/v1/projects?limit={limit}"), &api.user()).await;
        reply.refused(400, "InvalidParameterError", Some("limit"));
    }
    for limit in ["1", "100"] {
        api.call("GET", &format!("/v1/projects?limit={limit}"), &api.user()).await.ok();
    }
}

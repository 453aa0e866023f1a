//! Policies: kept as written, and enforced.

use serde_json::{Value, json};

use crate::api::{Api, text};

struct Member {
    api: Api,
    id: String,
    user: String,
    owner: String,
}

impl Member {
    /// A second member of the seeded project.
    async fn new() -> Self {
        let api = Api::start().await;
        let (id, user) = api.other_user().await;
        let owner = api.project().await;
        let input = json!({ "principalId": id, "principalType": "user" });
        api.call_with("POST", "/v1/projects/principals", &owner, input).await.ok();
        Self { api, id, user, owner }
    }

    fn project_id(&self) -> String {
        self.api.iam.seeds().project_id().to_string()
    }

    fn path(&self) -> String {
        format!("/v1/policies/principals/{}?principalType=user", self.id)
    }

    fn statement(&self, actions: &[&str], resource: &str) -> Value {
        let principal = format!("ari:iam::{}:user/{}", self.project_id(), self.id);
        json!({ "effect": "Allow", "action": actions, "resource": [resource], "principal": [principal] })
    }

    async fn allow(&self, statements: Value) {
        let policy = json!({ "version": "2022-12-15", "statement": statements });
        self.api.call_with("PUT", &self.path(), &self.owner, policy).await.ok();
    }

    async fn token(&self) -> String {
        text(&self.api.project_token(&self.user, &self.project_id()).await.ok(), "accessToken")
    }

    async fn list(&self) -> u16 {
        self.api.call("GET", "/v1/projects/principals", &self.token().await).await.status
    }
}

#[tokio::test]
async fn a_new_member_may_do_nothing() {
    let member = Member::new().await;
    let (api, token) = (&member.api, member.token().await);
    let policy = json!({ "version": "2022-12-15", "statement": [] });
    let principal = json!({ "principalId": member.id, "principalType": "user" });
    let remove = format!("/v1/projects/principals/{}?principalType=token", api.iam.seeds().token_id());
    let project = format!("/v1/projects/{}", member.project_id());
    for reply in [
        api.call("GET", "/v1/projects/principals", &token).await,
        api.call_with("POST", "/v1/projects/principals", &token, principal).await,
        api.call("DELETE", &remove, &token).await,
        api.call("GET", &member.path(), &token).await,
        api.call_with("PUT", &member.path(), &token, policy).await,
        api.call_with("PATCH", &project, &member.user, json!({ "name": "taken" })).await,
    ] {
        reply.refused(403, "ActionForbiddenError", None);
    }
    api.call("GET", &project, &member.user).await.ok();
}

#[tokio::test]
async fn a_statement_allows_its_actions_on_its_resources() {
    let member = Member::new().await;
    member.allow(json!([member.statement(&["iam:listPrincipalsOfProject"], "*")])).await;
    assert_eq!(member.list().await, 200);
    let get = member.api.call("GET", &member.path(), &member.token().await).await;
    get.refused(403, "ActionForbiddenError", None);
    member.allow(json!([member.statement(&["iam:*"], "ari:iam::*")])).await;
    member.api.call("GET", &member.path(), &member.token().await).await.ok();
    let elsewhere = member.statement(&["iam:*"], "ari:iam::another-project:*");
    member.allow(json!([elsewhere])).await;
    assert_eq!(member.list().await, 403);
    member.allow(json!([])).await;
    assert_eq!(member.list().await, 403);
}

#[tokio::test]
async fn a_statement_about_somebody_else_allows_nothing() {
    let member = Member::new().await;
    let mut statement = member.statement(&["*"], "*");
    statement["principal"] = json!([format!("ari:iam::{}:user/else", member.project_id())]);
    member.allow(json!([statement])).await;
    assert_eq!(member.list().await, 403);
}

#[tokio::test]
async fn a_policy_can_let_a_member_update_the_project() {
    let member = Member::new().await;
    let project = format!("/v1/projects/{}", member.project_id());
    let resource = format!("ari:iam::{0}:project/{0}", member.project_id());
    member.allow(json!([member.statement(&["iam:updateProject"], &resource)])).await;
    let updated =
        member.api.call_with("PATCH", &project, &member.user, json!({ "name": "shared" })).await.ok();
    assert_eq!(updated["name"], "shared");
}

#[tokio::test]
async fn a_policy_is_kept_as_written_with_fields_the_contract_does_not_name() {
    let member = Member::new().await;
    let mut statement = member.statement(&["iam:*"], "*");
    statement["condition"] = json!({ "after": "2026-01-01" });
    let written =
        json!({ "version": "2022-12-15", "name": "n", "statement": [statement], "x-origin": "test" });
    let response = member.api.call_with("PUT", &member.path(), &member.owner, written.clone()).await.ok();
    let mut expected = written;
    expected["principalId"] = json!(format!("user/{}", member.id));
    expected["projectId"] = json!(member.project_id());
    assert_eq!(response, expected);
    let read = member.api.call("GET", &member.path(), &member.owner).await.ok();
    assert_eq!(read, expected);
    // What was read can be written back.
    assert_eq!(member.api.call_with("PUT", &member.path(), &member.owner, read).await.ok(), expected);
}

#[tokio::test]
async fn policies_of_principals_outside_the_project_are_not_found() {
    let member = Member::new().await;
    let policy = json!({ "version": "2022-12-15", "statement": [] });
    for path in
        ["/v1/policies/principals/nobody?principalType=user", "/v1/policies/principals/x?principalType=token"]
    {
        member.api.call("GET", path, &member.owner).await.refused(404, "NotFoundError", None);
        let put = member.api.call_with("PUT", path, &member.owner, policy.clone()).await;
        put.refused(404, "NotFoundError", None);
    }
}

#[tokio::test]
async fn a_policy_the_language_does_not_know_is_refused() {
    let member = Member::new().await;
    let good = json!({ "version": "2022-12-15", "statement": [member.statement(&["*"], "*")] });
    let (gateway, service) = ("BadRequestError", "InvalidParameterError");
    let cases = [
        ("/version", json!("2030-01-01"), service, "version"),
        ("/statement", json!("all"), gateway, "statement"),
        ("/statement/0/effect", json!("Deny"), service, "statement[0].effect"),
        ("/statement/0/action", json!("iam:*"), gateway, "statement[0].action"),
        ("/statement/0/resource", json!([1]), gateway, "statement[0].resource[0]"),
    ];
    for (pointer, value, name, field) in cases {
        let mut policy = good.clone();
        *policy.pointer_mut(pointer).unwrap() = value;
        let reply = member.api.call_with("PUT", &member.path(), &member.owner, policy).await;
        reply.refused(400, name, Some(field));
    }
}

#[tokio::test]
async fn rights_end_with_the_membership_even_for_valid_tokens() {
    let member = Member::new().await;
    member.allow(json!([member.statement(&["*"], "*")])).await;
    let token = member.token().await;
    member.api.call("GET", "/v1/projects/principals", &token).await.ok();
    let remove = format!("/v1/projects/principals/{}?principalType=user", member.id);
    member.api.call("DELETE", &remove, &member.owner).await.ok();
    let reply = member.api.call("GET", "/v1/projects/principals", &token).await;
    reply.refused(403, "ActionForbiddenError", None);
}

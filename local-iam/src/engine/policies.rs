//! Policies: what they say, and whether they allow something.

use serde_json::{Value, json};

use super::call::Call;
use super::members;
use super::principal::Principal;
use super::principals;
use super::problem::Problem;
use super::schema::{Member, Object, Shape};
use super::{Answer, Outcome};

/// The one version of the policy language.
const VERSION: &str = "2022-12-15";

const TEXTS: Shape = Shape::List(&Shape::Text);

/// `PolicyDto`; open, so that members the contract does not name survive.
pub(crate) const POLICY: Object = Object::open(&[
    Member::required("version", Shape::OneOf(&[VERSION])),
    Member::required("statement", Shape::List(&Shape::Object(&STATEMENT))),
    Member::optional("name", Shape::Text),
    Member::optional("description", Shape::Text),
    Member::optional("principalId", Shape::Text),
    Member::optional("projectId", Shape::Text),
]);

const STATEMENT: Object = Object::open(&[
    Member::required("action", TEXTS),
    Member::required("effect", Shape::OneOf(&["Allow"])),
    Member::required("principal", TEXTS),
    Member::required("resource", TEXTS),
]);

/// `GET /v1/policies/principals/{principalId}`
pub(crate) fn get(call: &Call) -> Outcome {
    let (_, project_id) = call.member()?;
    let principal = principals::named(call)?;
    require(call, project_id, &principal.ari_in(project_id))?;
    let policy = members::policy(call.db, project_id, &principal)?;
    Ok(Answer::Json(policy.ok_or_else(|| Problem::not_found("principalId"))?))
}

/// `PUT /v1/policies/principals/{principalId}`
pub(crate) fn update(call: &Call) -> Outcome {
    let (_, project_id) = call.member()?;
    let principal = principals::named(call)?;
    require(call, project_id, &principal.ari_in(project_id))?;
    let mut policy = call.body.clone();
    policy.insert("principalId".into(), principal.to_string().into());
    policy.insert("projectId".into(), project_id.into());
    let policy = Value::Object(policy);
    if !members::set_policy(call.db, project_id, &principal, &policy)? {
        return Err(Problem::not_found("principalId"));
    }
    Ok(Answer::Json(policy))
}

/// A policy that allows nothing: what a new member has.
pub(crate) fn nothing(project_id: &str, principal: &Principal) -> Value {
    policy(project_id, principal, json!([]))
}

/// A policy that allows everything in the project: what its creator has.
pub(crate) fn everything(project_id: &str, principal: &Principal) -> Value {
    let statement = json!({
        "effect": "Allow",
        "principal": [principal.ari_in(project_id)],
        "action": ["*"],
        "resource": ["*"],
    });
    policy(project_id, principal, json!([statement]))
}

fn policy(project_id: &str, principal: &Principal, statements: Value) -> Value {
    json!({
        "version": VERSION,
        "statement": statements,
        "principalId": principal.to_string(),
        "projectId": project_id,
    })
}

/// Refuses unless the caller's policy in the project allows the operation on `resource`.
pub(crate) fn require(call: &Call, project_id: &str, resource: &str) -> Result<(), Problem> {
    let (principal, action) = match call.member() {
        Ok((principal, _)) => (principal, call.action()),
        Err(_) => (call.user()?, call.action()),
    };
    let policy = members::policy(call.db, project_id, principal)?.unwrap_or(Value::Null);
    if allows(&policy, &principal.ari_in(project_id), &action, resource) {
        return Ok(());
    }
    Err(Problem::forbidden(principal, &action, resource))
}

/// Whether one statement of `policy` covers all three.
fn allows(policy: &Value, principal: &str, action: &str, resource: &str) -> bool {
    let statements = policy.get("statement").and_then(Value::as_array);
    statements.into_iter().flatten().any(|statement| {
        let covers = |member: &str, value: &str| {
            let patterns = statement.get(member).and_then(Value::as_array);
            patterns.into_iter().flatten().filter_map(Value::as_str).any(|pattern| matches(pattern, value))
        };
        statement.get("effect").and_then(Value::as_str) == Some("Allow")
            && covers("principal", principal)
            && covers("action", action)
            && covers("resource", resource)
    })
}

/// Whether `pattern`, in which each `*` stands for any text, is `value`.
fn matches(pattern: &str, value: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = value.strip_prefix(parts.next().unwrap_or("")) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    // Taking the first place for each part leaves the most text for those after it.
    for part in parts {
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_texts() {
        for (pattern, value) in [
            ("a", "a"),
            ("*", ""),
            ("*", "a:b"),
            ("a*", "a"),
            ("a*c", "abc"),
            ("*b*", "abc"),
            ("a*b*c", "aXbYbc"),
        ] {
            assert!(matches(pattern, value), "{pattern} {value}");
        }
        for (pattern, value) in
            [("", "a"), ("a", "ab"), ("a", "A"), ("a*", "ba"), ("ab*b", "ab"), ("a*b*c", "acb"), ("?", "a")]
        {
            assert!(!matches(pattern, value), "{pattern} {value}");
        }
    }

    #[test]
    fn one_statement_must_cover_principal_action_and_resource() {
        let statement = |principal: &str, action: &str, resource: &str| json!({ "effect": "Allow", "principal": [principal], "action": [action], "resource": [resource] });
        let allows = |statements: Value| allows(&json!({ "statement": statements }), "p", "a", "r");
        assert!(allows(json!([statement("p", "a", "r")])));
        assert!(allows(json!([statement("x", "x", "x"), statement("*", "*", "*")])));
        assert!(!allows(json!([
            statement("p", "a", "x"),
            statement("p", "x", "r"),
            statement("x", "a", "r")
        ])));
        assert!(!allows(json!([])));
        let mut denied = statement("p", "a", "r");
        denied["effect"] = "Deny".into();
        assert!(!allows(json!([denied])));
    }
}

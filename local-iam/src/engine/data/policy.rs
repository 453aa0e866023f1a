//! The content of policies, and what they allow.

use serde_json::{Value, json};

use super::principal::Principal;

/// The one version of the policy language.
pub(crate) const VERSION: &str = "2022-12-15";

/// The one effect that a statement may have.
pub(crate) const EFFECT: &str = "Allow";

/// What a new principal of a project has: a statement with an empty action and an empty resource, which allows nothing.
pub(crate) fn nothing(project_id: &str, principal: &Principal) -> Value {
    policy(project_id, principal, "")
}

/// A policy that allows everything in the project: what its creator has.
pub(crate) fn everything(project_id: &str, principal: &Principal) -> Value {
    policy(project_id, principal, "*")
}

fn policy(project_id: &str, principal: &Principal, pattern: &str) -> Value {
    let statement = json!({
        "effect": EFFECT,
        "principal": [principal.ari_in(project_id)],
        "action": [pattern],
        "resource": [pattern],
    });
    json!({
        "version": VERSION,
        "statement": [statement],
        "principalId": principal.to_string(),
        "projectId": project_id,
    })
}

/// Whether one statement of `policy` covers all three.
pub(crate) fn allows(policy: &Value, principal: &str, action: &str, resource: &str) -> bool {
    let statements = policy.get("statement").and_then(Value::as_array);
    statements.into_iter().flatten().any(|statement| {
        let covers = |field: &str, value: &str| {
            let patterns = statement.get(field).and_then(Value::as_array);
            patterns.into_iter().flatten().filter_map(Value::as_str).any(|pattern| matches(pattern, value))
        };
        statement.get("effect").and_then(Value::as_str) == Some(EFFECT)
            && covers("principal", principal)
            && covers("action", action)
            && covers("resource", resource)
    })
}

/// Whether `pattern`, in which each `*` matches any text, matches `value`.
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
        let statement = |principal: &str, action: &str, resource: &str| json!({ "effect": EFFECT, "principal": [principal], "action": [action], "resource": [resource] });
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

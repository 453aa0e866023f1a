//! Whether the caller may do what it asks for.

use serde_json::Value;

use super::call::Call;
use super::data::{members, policy};
use super::problem::Problem;

/// Refuses unless the caller's policy in the project allows the operation on `resource`.
pub(crate) fn require(call: &Call, project_id: &str, resource: &str) -> Result<(), Problem> {
    let (principal, action) = match call.member() {
        Ok((principal, _)) => (principal, call.action()),
        Err(_) => (call.user()?, call.action()),
    };
    let stored = members::policy(call.db, project_id, principal)?.unwrap_or(Value::Null);
    if policy::allows(&stored, &principal.ari_in(project_id), &action, resource) {
        return Ok(());
    }
    Err(Problem::forbidden(principal, &action, resource))
}

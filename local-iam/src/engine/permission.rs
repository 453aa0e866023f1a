//! Whether a principal may do what it asks for.

use rusqlite::Connection;
use serde_json::Value;

use super::data::principal::Principal;
use super::data::{members, policy};
use super::operation::Operation;
use super::problem::Problem;

/// Refuses unless the principal's policy in the project allows the operation on `resource`.
pub(crate) fn require(
    db: &Connection,
    operation: &Operation,
    principal: &Principal,
    project_id: &str,
    resource: &str,
) -> Result<(), Problem> {
    let stored = members::policy(db, project_id, principal)?.unwrap_or(Value::Null);
    let action = format!("iam:{}", operation.id);
    if policy::allows(&stored, &principal.ari_in(project_id), &action, resource) {
        Ok(())
    } else {
        Err(Problem::forbidden())
    }
}

/// The ARI of the project itself.
pub(crate) fn project_resource(project_id: &str) -> String {
    format!("ari:iam::{project_id}:project/{project_id}")
}

//! Who takes part in a project, and with which policy.

use rusqlite::{Connection, OptionalExtension, Transaction};
use serde_json::Value;

use super::principal::Principal;
use crate::engine::problem::Problem;

/// The policy of a member; `None` when the principal is not a member of the project.
pub(crate) fn policy(
    db: &Connection,
    project_id: &str,
    principal: &Principal,
) -> Result<Option<Value>, Problem> {
    let sql = "SELECT policy FROM member WHERE project_id = ?1 AND principal = ?2";
    let text: Option<String> = db
        .prepare_cached(sql)?
        .query_row((project_id, principal.to_string()), |row| row.get(0))
        .optional()?;
    text.map(|text| serde_json::from_str(&text).map_err(|_| Problem::unexpected())).transpose()
}

/// Makes the principal a member; an existing member keeps its policy.
pub(crate) fn add(
    db: &Transaction,
    project_id: &str,
    principal: &Principal,
    policy: &Value,
) -> rusqlite::Result<usize> {
    let sql = "INSERT OR IGNORE INTO member (project_id, principal, policy) VALUES (?1, ?2, ?3)";
    db.prepare_cached(sql)?.execute((project_id, principal.to_string(), policy.to_string()))
}

/// Replaces a member's policy; `false` when the principal is not a member.
pub(crate) fn set_policy(
    db: &Transaction,
    project_id: &str,
    principal: &Principal,
    policy: &Value,
) -> rusqlite::Result<bool> {
    let sql = "UPDATE member SET policy = ?3 WHERE project_id = ?1 AND principal = ?2";
    Ok(db.prepare_cached(sql)?.execute((project_id, principal.to_string(), policy.to_string()))? == 1)
}

/// Removes the principal from the project, if it is in it.
pub(crate) fn remove(db: &Transaction, project_id: &str, principal: &Principal) -> rusqlite::Result<usize> {
    let sql = "DELETE FROM member WHERE project_id = ?1 AND principal = ?2";
    db.prepare_cached(sql)?.execute((project_id, principal.to_string()))
}

//! Projects as the database holds them.

use rusqlite::{Connection, OptionalExtension, Row, Transaction};
use serde_json::{Value, json};

use super::principal::Principal;
use super::{members, policy};

/// What [`dto`] reads.
pub(crate) const COLUMNS: &str = "project.id, project.name, project.owner_id, project.description,
    project.identity_verification_enabled,
    strftime('%Y-%m-%dT%H:%M:%fZ', project.created_at, 'unixepoch'),
    strftime('%Y-%m-%dT%H:%M:%fZ', project.updated_at, 'unixepoch')";

pub(crate) fn read(db: &Connection, id: &str) -> rusqlite::Result<Option<Value>> {
    let sql = format!("SELECT {COLUMNS} FROM project WHERE id = ?1");
    db.prepare_cached(&sql)?.query_row([id], |row| dto(row, 0)).optional()
}

/// `ProjectDto` of a row whose [`COLUMNS`] start at `at`.
pub(crate) fn dto(row: &Row, at: usize) -> rusqlite::Result<Value> {
    Ok(json!({
        "id": row.get::<_, String>(at)?,
        "name": row.get::<_, String>(at + 1)?,
        "ownerId": row.get::<_, String>(at + 2)?,
        "description": row.get::<_, Option<String>>(at + 3)?.unwrap_or_default(),
        "identityVerificationEnabled": row.get::<_, bool>(at + 4)?,
        "createdAt": row.get::<_, String>(at + 5)?,
        "updatedAt": row.get::<_, String>(at + 6)?,
    }))
}

/// Creates a project whose owner is its first member and may do everything in it.
pub(crate) fn insert(
    db: &Transaction,
    id: &str,
    name: &str,
    description: Option<&str>,
    owner: &Principal,
    now: i64,
) -> rusqlite::Result<()> {
    let sql = "INSERT INTO project (id, name, owner_id, description, created_at, updated_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?5)";
    db.prepare_cached(sql)?.execute((id, name, owner.to_string(), description, now))?;
    members::add(db, id, owner, &policy::everything(id, owner))?;
    Ok(())
}

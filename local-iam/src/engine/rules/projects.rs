//! Projects, for the users and personal access tokens that are members of them.

use rusqlite::{Connection, Transaction};
use serde_json::Value;

use crate::engine::call::Call;
use crate::engine::data::members;
use crate::engine::data::projects::{COLUMNS, dto, insert, read};
use crate::engine::page::Page;
use crate::engine::permission::{project_resource, require};
use crate::engine::problem::Problem;
use crate::engine::random;
use crate::engine::response::{Outcome, Response};
use crate::store::Store;

/// `GET /v1/projects`
pub(crate) fn list(call: &Call, store: &Store) -> Outcome {
    let page = Page::of(call, "projects")?;
    let sql = format!(
        "SELECT member.seq, {COLUMNS} FROM member JOIN project ON project.id = member.project_id
         WHERE member.principal = ?1 AND member.seq > ?2 ORDER BY member.seq LIMIT ?3"
    );
    let member = call.user()?.to_string();
    store.read(|db| page.response(db, &sql, &member, "projects", |row| dto(row, 1)))
}

/// `POST /v1/projects`
pub(crate) fn create(call: &Call, db: &Transaction) -> Outcome {
    let id = random::uuid().to_string();
    let name = call.text("name").unwrap_or("");
    insert(db, &id, name, call.text("description"), call.user()?, call.now())?;
    Ok(Response::Json(read(db, &id)?.ok_or_else(Problem::unexpected)?))
}

/// `GET /v1/projects/{projectId}`
pub(crate) fn get(call: &Call, store: &Store) -> Outcome {
    let project = store.read(|db| Ok::<_, Problem>(read(db, joined(call, db)?)?))?;
    Ok(Response::Json(project.ok_or_else(Problem::unexpected)?))
}

/// `PATCH /v1/projects/{projectId}`
pub(crate) fn update(call: &Call, db: &Transaction) -> Outcome {
    let id = joined(call, db)?;
    require(db, call.operation, call.user()?, id, &project_resource(id))?;
    let enabled = call.body.get("identityVerificationEnabled").and_then(Value::as_bool);
    let sql = "UPDATE project SET name = coalesce(?2, name), description = coalesce(?3, description),
               identity_verification_enabled = coalesce(?4, identity_verification_enabled), updated_at = ?5
               WHERE id = ?1";
    let changes = (id, call.text("name"), call.text("description"), enabled, call.now());
    db.prepare_cached(sql)?.execute(changes)?;
    Ok(Response::Json(read(db, id)?.ok_or_else(Problem::unexpected)?))
}

/// The project that the path names, when the caller is a member of it. To others it does not exist.
fn joined<'a>(call: &'a Call, db: &Connection) -> Result<&'a str, Problem> {
    let id = call.parameter("projectId");
    match members::policy(db, id, call.user()?)? {
        Some(_) => Ok(id),
        None => Err(Problem::not_found("projectId")),
    }
}

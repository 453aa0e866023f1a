//! The principals of a project.

use rusqlite::Transaction;
use serde_json::json;
use uuid::Uuid;

use crate::engine::call::Call;
use crate::engine::data::principal::Principal;
use crate::engine::data::{members, policy};
use crate::engine::page::Page;
use crate::engine::problem::{Detail, Problem};
use crate::engine::response::{Outcome, Response};
use crate::store::Store;

/// `GET /v1/projects/principals`
pub(crate) fn list(call: &Call, store: &Store) -> Outcome {
    let (_, project_id) = call.member()?;
    let page = Page::of(call, "principals")?;
    let sql = "SELECT seq, principal FROM member WHERE project_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
    store.read(|db| {
        page.response(db, sql, project_id, "records", |row| {
            Ok(json!({ "principalId": row.get::<_, String>(1)? }))
        })
    })
}

/// `POST /v1/projects/principals`, for any UUID, whether somebody has it or not.
pub(crate) fn add(call: &Call, db: &Transaction) -> Outcome {
    let (_, project_id) = call.member()?;
    let kind = call.text("principalType").unwrap_or("");
    let principal =
        Principal::named(kind, call.text("principalId").unwrap_or("")).ok_or_else(Problem::unexpected)?;
    members::add(db, project_id, &principal, &policy::nothing(project_id, &principal))?;
    Ok(Response::NoContent)
}

/// `DELETE /v1/projects/principals/{principalId}`. Afterwards the principal is not in the project, whether it was before or not.
pub(crate) fn delete(call: &Call, db: &Transaction) -> Outcome {
    let (caller, project_id) = call.member()?;
    let principal = call.named_principal()?;
    if *caller == principal {
        return Err(Problem::own_record());
    }
    if Uuid::parse_str(&principal.id).is_err() {
        return Err(Problem::invalid(vec![Detail::of("principalId", "must be a UUID", "path")]));
    }
    members::remove(db, project_id, &principal)?;
    Ok(Response::NoContent)
}

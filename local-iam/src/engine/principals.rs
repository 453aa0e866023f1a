//! The principals of a project.

use serde_json::json;

use super::call::Call;
use super::page::Page;
use super::policies;
use super::principal::{KINDS, Principal};
use super::problem::{Detail, Problem};
use super::schema::{Member, Object, Shape};
use super::{Answer, Outcome, members};

pub(crate) const QUERY: Object = Object::open(&[Member::required("principalType", Shape::OneOf(KINDS))]);

/// `AddUserToProjectInput`
pub(crate) const ADD: Object = Object::closed(&[
    Member::required("principalId", Shape::Text),
    Member::required("principalType", Shape::OneOf(KINDS)),
]);

/// `GET /v1/projects/principals`
pub(crate) fn list(call: &Call) -> Outcome {
    let (_, project_id) = call.member()?;
    policies::require(call, project_id, &format!("ari:iam::{project_id}:project/{project_id}"))?;
    let page = Page::of(call, "principals")?;
    let sql = "SELECT seq, principal FROM member WHERE project_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
    let mut statement = call.db.prepare_cached(sql)?;
    let rows = statement.query_map((project_id, page.after(), page.rows()), |row| {
        Ok((row.get(0)?, json!({ "principalId": row.get::<_, String>(1)? })))
    })?;
    page.answer("records", rows.collect::<Result<_, _>>()?)
}

/// `POST /v1/projects/principals`
pub(crate) fn add(call: &Call) -> Outcome {
    let (_, project_id) = call.member()?;
    let kind = call.text("principalType").unwrap_or("");
    let principal =
        Principal::of_kind(kind, call.text("principalId").unwrap_or("")).ok_or_else(Problem::unexpected)?;
    policies::require(call, project_id, &principal.ari_in(project_id))?;
    if !principal.exists(call.db)? {
        return Err(Problem::invalid_member("principalId", format!("is no {kind} that exists")));
    }
    members::add(call.db, project_id, &principal, &policies::nothing(project_id, &principal))?;
    Ok(Answer::NoContent)
}

/// `DELETE /v1/projects/principals/{principalId}`
pub(crate) fn delete(call: &Call) -> Outcome {
    let (caller, project_id) = call.member()?;
    let principal = named(call)?;
    policies::require(call, project_id, &principal.ari_in(project_id))?;
    if *caller == principal {
        return Err(Problem::own_record());
    }
    if !members::remove(call.db, project_id, &principal)? {
        return Err(Problem::not_found("principalId"));
    }
    Ok(Answer::NoContent)
}

/// The principal that path and query name. The listed form, with the kind as prefix, is understood as well.
pub(crate) fn named(call: &Call) -> Result<Principal, Problem> {
    let kind = call.query_text("principalType").unwrap_or("");
    let id = call.parameter("principalId");
    let id = id.strip_prefix(kind).and_then(|id| id.strip_prefix('/')).unwrap_or(id);
    Principal::of_kind(kind, id)
        .ok_or_else(|| Problem::invalid(vec![Detail::of("principalType", "is required", "query")]))
}

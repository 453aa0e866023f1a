//! The principals of a project.

use serde_json::json;

use crate::engine::call::Call;
use crate::engine::data::principal::Principal;
use crate::engine::data::{members, policy};
use crate::engine::page::Page;
use crate::engine::permission::require;
use crate::engine::problem::Problem;
use crate::engine::response::{Outcome, Response};

/// `GET /v1/projects/principals`
pub(crate) fn list(call: &Call) -> Outcome {
    let (_, project_id) = call.member()?;
    require(call, project_id, &format!("ari:iam::{project_id}:project/{project_id}"))?;
    let page = Page::of(call, "principals")?;
    let sql = "SELECT seq, principal FROM member WHERE project_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
    page.response(call.db, sql, project_id, "records", |row| {
        Ok(json!({ "principalId": row.get::<_, String>(1)? }))
    })
}

/// `POST /v1/projects/principals`
pub(crate) fn add(call: &Call) -> Outcome {
    let (_, project_id) = call.member()?;
    let kind = call.text("principalType").unwrap_or("");
    let principal =
        Principal::of_kind(kind, call.text("principalId").unwrap_or("")).ok_or_else(Problem::unexpected)?;
    require(call, project_id, &principal.ari_in(project_id))?;
    if !principal.exists(call.db)? {
        return Err(Problem::invalid_field("principalId", format!("is not an existing {kind}")));
    }
    members::add(call.db, project_id, &principal, &policy::nothing(project_id, &principal))?;
    Ok(Response::NoContent)
}

/// `DELETE /v1/projects/principals/{principalId}`
pub(crate) fn delete(call: &Call) -> Outcome {
    let (caller, project_id) = call.member()?;
    let principal = call.named_principal()?;
    require(call, project_id, &principal.ari_in(project_id))?;
    if *caller == principal {
        return Err(Problem::own_record());
    }
    if !members::remove(call.db, project_id, &principal)? {
        return Err(Problem::not_found("principalId"));
    }
    Ok(Response::NoContent)
}

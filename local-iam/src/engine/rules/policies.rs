//! Policies of the principals of a project.

use rusqlite::Transaction;
use serde_json::Value;

use crate::engine::call::Call;
use crate::engine::data::members;
use crate::engine::problem::Problem;
use crate::engine::response::{Outcome, Response};
use crate::store::Store;

/// `GET /v1/policies/principals/{principalId}`
pub(crate) fn get(call: &Call, store: &Store) -> Outcome {
    let (_, project_id) = call.member()?;
    let principal = call.named_principal()?;
    let policy = store.read(|db| members::policy(db, project_id, &principal))?;
    Ok(Response::Json(policy.ok_or_else(|| Problem::not_found("principalId"))?))
}

/// `PUT /v1/policies/principals/{principalId}`
pub(crate) fn update(call: &Call, db: &Transaction) -> Outcome {
    let (_, project_id) = call.member()?;
    let principal = call.named_principal()?;
    let mut policy = call.body.clone();
    policy.insert("principalId".into(), principal.to_string().into());
    policy.insert("projectId".into(), project_id.into());
    let policy = Value::Object(policy);
    if !members::set_policy(db, project_id, &principal, &policy)? {
        return Err(Problem::not_found("principalId"));
    }
    Ok(Response::Json(policy))
}

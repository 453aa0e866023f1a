//! From a user token to a token for one project.

use serde_json::json;

use crate::engine::access_token;
use crate::engine::call::{Call, Caller};
use crate::engine::data::members;
use crate::engine::problem::Problem;
use crate::engine::response::{Outcome, Response};
use crate::store::Store;

/// `POST /v1/sts/create-project-scoped-token`
pub(crate) fn create(call: &Call, store: &Store) -> Outcome {
    let Caller::User { principal, client } = &call.caller else { return Err(Problem::unexpected()) };
    let project_id = call.text("projectId").unwrap_or("");
    // A project that does not exist has no members, so it looks like a project of others.
    if store.read(|db| members::policy(db, project_id, principal))?.is_none() {
        return Err(Problem::not_a_member());
    }
    let (access_token, scope) = access_token::for_project(&call.state, principal, client, project_id)?;
    Ok(Response::Secret(json!({
        "accessToken": access_token,
        "expiresIn": call.state.lifetimes.project,
        "scope": scope,
    })))
}

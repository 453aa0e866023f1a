//! Who the caller is.

use serde_json::json;

use crate::engine::call::Call;
use crate::engine::response::{Outcome, Response};

/// `GET /v1/sts/whoami`
pub(crate) fn respond(call: &Call) -> Outcome {
    let principal = call.user()?;
    Ok(Response::Json(json!({ "principalId": principal.id, "principalType": principal.kind.name() })))
}

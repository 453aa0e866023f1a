//! Who the caller is.

use serde_json::json;

use super::call::Call;
use super::{Answer, Outcome};

/// `GET /v1/sts/whoami`
pub(crate) fn answer(call: &Call) -> Outcome {
    let principal = call.user()?;
    Ok(Answer::Json(json!({ "principalId": principal.id, "principalType": principal.kind.name() })))
}

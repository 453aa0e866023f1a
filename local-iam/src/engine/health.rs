//! Whether the service works.

use serde_json::json;

use super::call::Call;
use super::{Answer, Outcome};

/// `GET /healthz`: the database answers too.
pub(crate) fn answer(call: &Call) -> Outcome {
    call.db.prepare_cached("SELECT count(*) FROM signing_key")?.query_row([], |row| row.get::<_, i64>(0))?;
    Ok(Answer::Json(json!({ "status": "ok" })))
}

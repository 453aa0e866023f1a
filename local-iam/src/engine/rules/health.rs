//! Whether the service works.

use serde_json::json;

use crate::engine::call::Call;
use crate::engine::response::{Outcome, Response};

/// `GET /healthz`: also reads from the database.
pub(crate) fn respond(call: &Call) -> Outcome {
    call.db.prepare_cached("SELECT count(*) FROM signing_key")?.query_row([], |row| row.get::<_, i64>(0))?;
    Ok(Response::Json(json!({ "status": "ok" })))
}

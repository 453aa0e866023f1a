//! Whether the service works.

use serde_json::json;

use crate::engine::call::Call;
use crate::engine::response::{Outcome, Response};
use crate::store::Store;

/// `GET /healthz`: also reads from the database.
pub(crate) fn respond(_: &Call, store: &Store) -> Outcome {
    let sql = "SELECT count(*) FROM signing_key";
    store.read(|db| db.prepare_cached(sql)?.query_row([], |row| row.get::<_, i64>(0)))?;
    Ok(Response::Json(json!({ "status": "ok" })))
}

//! Access that a consumer grants others to its virtual file system, by IAM.

use rusqlite::Transaction;
use serde_json::{Value, json};

use crate::engine::call::Call;
use crate::engine::contract::RIGHTS_ENUM;
use crate::engine::problem::Problem;
use crate::engine::random;
use crate::engine::response::{Outcome, Response};

/// `POST /v1/authz/vfs/access`. What is granted already is not granted again: it has to be updated.
pub(crate) fn grant(call: &Call, db: &Transaction) -> Outcome {
    let granter = call.consumer()?;
    let id = random::uuid().to_string();
    let sql = "INSERT OR IGNORE INTO vfs_grant (id, granter, grantee, rights) VALUES (?1, ?2, ?3, ?4)";
    let row = (&id, granter, call.text("granteeDid"), new_rights(call));
    if db.prepare_cached(sql)?.execute(row)? == 0 {
        return Err(Problem::already_exists());
    }
    Ok(Response::Json(json!({ "success": true, "grantId": id })))
}

/// `PUT /v1/authz/vfs/access/{granteeDid}`. Without a grant there is nothing to update, and `success` is false: the
/// contract has no 404 here.
pub(crate) fn update(call: &Call, db: &Transaction) -> Outcome {
    let sql = "UPDATE vfs_grant SET rights = ?3 WHERE granter = ?1 AND grantee = ?2";
    let row = (call.consumer()?, call.did("granteeDid")?, new_rights(call));
    let updated = db.prepare_cached(sql)?.execute(row)?;
    Ok(Response::Json(json!({ "success": updated == 1 })))
}

/// `DELETE /v1/authz/vfs/access/{granteeDid}`. Afterwards there is no grant, whether there was one before or not.
pub(crate) fn delete(call: &Call, db: &Transaction) -> Outcome {
    let sql = "DELETE FROM vfs_grant WHERE granter = ?1 AND grantee = ?2";
    db.prepare_cached(sql)?.execute((call.consumer()?, call.did("granteeDid")?))?;
    Ok(Response::NoContent)
}

/// The rights of the body as JSON text, each once, in the contract's order.
fn new_rights(call: &Call) -> String {
    let requested = call.body.get("rights").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let rights = RIGHTS_ENUM.iter().copied().filter(|right| requested.iter().any(|value| value == right));
    Value::from_iter(rights).to_string()
}

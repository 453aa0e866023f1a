//! Access that a consumer grants others to nodes of its virtual file system, by the consumer IAM.

use rusqlite::{Connection, OptionalExtension, Transaction};
use serde_json::{Value, json};

use crate::engine::call::Call;
use crate::engine::problem::Problem;
use crate::engine::random;
use crate::engine::response::{Outcome, Response};
use crate::store::Store;

/// `GET /v1/authz/vfs/access/{granteeDid}`. Without a grant there are no permissions: the contract has no 404 here.
pub(crate) fn get(call: &Call, store: &Store) -> Outcome {
    let sql = "SELECT permissions FROM vfs_access WHERE granter = ?1 AND grantee = ?2";
    let parties = (call.consumer()?, call.did("granteeDid")?);
    let stored = |db: &Connection| db.prepare_cached(sql)?.query_row(parties, |row| row.get(0)).optional();
    let text: Option<String> = store.read(stored)?;
    let permissions = text.map_or(Ok(json!([])), |text| serde_json::from_str::<Value>(&text));
    Ok(Response::Json(json!({ "permissions": permissions.map_err(|_| Problem::unexpected())? })))
}

/// `POST /v1/authz/vfs/access/{granteeDid}`. What is granted already is not granted again: it has to be updated.
pub(crate) fn grant(call: &Call, db: &Transaction) -> Outcome {
    let id = random::uuid().to_string();
    let sql = "INSERT OR IGNORE INTO vfs_access (id, granter, grantee, permissions) VALUES (?1, ?2, ?3, ?4)";
    let row = (&id, call.consumer()?, call.did("granteeDid")?, permissions(call));
    if db.prepare_cached(sql)?.execute(row)? == 0 {
        return Err(Problem::already_exists());
    }
    Ok(Response::Json(json!({ "success": true, "grantId": id })))
}

/// `PUT /v1/authz/vfs/access/{granteeDid}`. Without a grant there is nothing to update, and `success` is false.
pub(crate) fn update(call: &Call, db: &Transaction) -> Outcome {
    let sql = "UPDATE vfs_access SET permissions = ?3 WHERE granter = ?1 AND grantee = ?2";
    let row = (call.consumer()?, call.did("granteeDid")?, permissions(call));
    let updated = db.prepare_cached(sql)?.execute(row)?;
    Ok(Response::Json(json!({ "success": updated == 1 })))
}

/// `DELETE /v1/authz/vfs/access/{granteeDid}`. Afterwards there is no grant, whether there was one before or not.
pub(crate) fn delete(call: &Call, db: &Transaction) -> Outcome {
    let sql = "DELETE FROM vfs_access WHERE granter = ?1 AND grantee = ?2";
    db.prepare_cached(sql)?.execute((call.consumer()?, call.did("granteeDid")?))?;
    Ok(Response::NoContent)
}

/// The permissions of the body as JSON text, as they came.
fn permissions(call: &Call) -> String {
    call.body.get("permissions").unwrap_or(&json!([])).to_string()
}

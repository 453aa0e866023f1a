//! Access that a consumer grants others to its virtual file system.

use rusqlite::{Connection, OptionalExtension};
use serde_json::{Value, json};

use super::call::{Call, Caller};
use super::problem::{Detail, Problem};
use super::schema::{Member, Object, Shape};
use super::{Answer, Outcome, random};

const RIGHTS: Shape = Shape::NonEmptyList(&Shape::OneOf(&["vfs-read", "vfs-write"]));

/// `GrantAccessInput`
pub(crate) const GRANT: Object = Object::closed(&[
    Member::required("granteeDid", Shape::TextThat(is_did, DID_RULE)),
    Member::required("rights", RIGHTS),
]);

/// `UpdateAccessInput`
pub(crate) const UPDATE: Object = Object::closed(&[Member::required("rights", RIGHTS)]);

const DID_RULE: &str = "must be a DID";

/// The syntax of DID Core section 3.1, without looking into the method's own part.
pub(crate) fn is_did(text: &str) -> bool {
    let mut parts = text.splitn(3, ':');
    let (scheme, method, id) = (parts.next(), parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    scheme == Some("did")
        && !method.is_empty()
        && method.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        && !id.is_empty()
        && !id.ends_with(':')
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_:%".contains(&byte))
}

/// `POST /v1/authz/vfs/access`. Granting again replaces the rights and keeps the grant's id.
pub(crate) fn grant(call: &Call) -> Outcome {
    let granter = granter(call)?;
    let sql = "INSERT INTO vfs_grant (id, granter, grantee, rights) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (granter, grantee) DO UPDATE SET rights = excluded.rights RETURNING id";
    let row = (random::uuid().to_string(), granter, call.text("granteeDid"), new_rights(call));
    let id: String = call.db.prepare_cached(sql)?.query_row(row, |row| row.get(0))?;
    Ok(Answer::Json(json!({ "success": true, "grantId": id })))
}

/// `PUT /v1/authz/vfs/access/{granteeDid}`. Without a grant there is nothing to update, and `success` says so: the
/// contract has no 404 here.
pub(crate) fn update(call: &Call) -> Outcome {
    let sql = "UPDATE vfs_grant SET rights = ?3 WHERE granter = ?1 AND grantee = ?2";
    let updated = call.db.prepare_cached(sql)?.execute((granter(call)?, grantee(call)?, new_rights(call)))?;
    Ok(Answer::Json(json!({ "success": updated == 1 })))
}

/// `DELETE /v1/authz/vfs/access/{granteeDid}`. Afterwards there is no grant, whether there was one before or not.
pub(crate) fn delete(call: &Call) -> Outcome {
    let sql = "DELETE FROM vfs_grant WHERE granter = ?1 AND grantee = ?2";
    call.db.prepare_cached(sql)?.execute((granter(call)?, grantee(call)?))?;
    Ok(Answer::NoContent)
}

/// The rights that `granter` granted to `grantee`, if any.
pub(crate) fn rights(db: &Connection, granter: &str, grantee: &str) -> Result<Option<Vec<String>>, Problem> {
    let sql = "SELECT rights FROM vfs_grant WHERE granter = ?1 AND grantee = ?2";
    let text: Option<String> =
        db.prepare_cached(sql)?.query_row((granter, grantee), |row| row.get(0)).optional()?;
    text.map(|text| serde_json::from_str(&text).map_err(|_| Problem::unexpected())).transpose()
}

/// The consumer itself. A delegate acts within the profile's files but does not hand on access to them.
fn granter<'a>(call: &'a Call) -> Result<&'a str, Problem> {
    match &call.caller {
        Caller::Consumer { did, delegate: None } => Ok(did),
        Caller::Consumer { .. } => {
            Err(Problem::bad_token("is a delegate's, and only the profile itself grants access"))
        }
        _ => Err(Problem::unexpected()),
    }
}

fn grantee<'a>(call: &'a Call) -> Result<&'a str, Problem> {
    let did = call.parameter("granteeDid");
    if is_did(did) {
        Ok(did)
    } else {
        Err(Problem::invalid(vec![Detail::of("granteeDid", DID_RULE, "path")]))
    }
}

/// The rights of the body as JSON text, each once, in the contract's order.
fn new_rights(call: &Call) -> String {
    let requested = call.body.get("rights").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let rights =
        ["vfs-read", "vfs-write"].into_iter().filter(|right| requested.iter().any(|value| value == right));
    Value::from_iter(rights).to_string()
}

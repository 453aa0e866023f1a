//! Personal access tokens: machine users that authenticate with a private key.
//!
//! A token belongs to the principal that registered it; nobody else sees it, except that a token may read itself.

use rusqlite::{Connection, Row, Transaction};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::engine::call::Call;
use crate::engine::data::authentication_method;
use crate::engine::data::principal::Principal;
use crate::engine::data::tokens::{COLUMNS, Token, dto, insert, read, remove};
use crate::engine::page::Page;
use crate::engine::problem::{Detail, Problem};
use crate::engine::random;
use crate::engine::response::{Outcome, Response};
use crate::store::Store;

/// `GET /v1/tokens`
pub(crate) fn list(call: &Call, store: &Store) -> Outcome {
    let page = Page::of(call, "tokens")?;
    let sql = format!("SELECT seq, {COLUMNS} FROM token WHERE owner = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3");
    let owner = call.user()?.to_string();
    store.read(|db| page.response(db, &sql, &owner, "tokens", |row| dto(row, 1)))
}

/// `POST /v1/tokens`
pub(crate) fn create(call: &Call, db: &Transaction) -> Outcome {
    let id = random::uuid();
    let method = call.body.get("authenticationMethod").unwrap_or(&Value::Null);
    insert(db, id, call.user()?, call.text("name").unwrap_or(""), call.text("description"), method)?;
    Ok(Response::Json(read(db, &id.to_string())?.ok_or_else(Problem::unexpected)?.dto))
}

/// `GET /v1/tokens/{tokenId}`
pub(crate) fn get(call: &Call, store: &Store) -> Outcome {
    Ok(Response::Json(store.read(|db| visible(call, db))?.dto))
}

/// `PATCH /v1/tokens/{tokenId}`
pub(crate) fn update(call: &Call, db: &Transaction) -> Outcome {
    let token = owned(call, db)?;
    let mut method =
        token.dto.get("authenticationMethod").and_then(Value::as_object).cloned().unwrap_or_default();
    if let Some(Value::Object(changes)) = call.body.get("authenticationMethod") {
        method.extend(changes.clone());
    }
    let method = Value::Object(method);
    authentication_method::check_keys(&method)?;
    let sql = "UPDATE token SET name = coalesce(?2, name), authentication_method = ?3 WHERE id = ?1";
    db.prepare_cached(sql)?.execute((&token.id, call.text("name"), method.to_string()))?;
    Ok(Response::Json(read(db, &token.id)?.ok_or_else(Problem::unexpected)?.dto))
}

/// `DELETE /v1/tokens/{tokenId}`: the token, its memberships, and the tokens that it registered in turn.
pub(crate) fn delete(call: &Call, db: &Transaction) -> Outcome {
    remove(db, &owned(call, db)?.id)?;
    Ok(Response::NoContent)
}

/// `GET /v1/tokens/{tokenId}/projects`
pub(crate) fn list_projects(call: &Call, store: &Store) -> Outcome {
    let sql = "SELECT member.seq, project.id, project.name, member.policy
               FROM member JOIN project ON project.id = member.project_id
               WHERE member.principal = 'token/' || ?1 AND member.seq > ?2 ORDER BY member.seq LIMIT ?3";
    let project = |row: &Row| {
        let policy: Value = serde_json::from_str(&row.get::<_, String>(3)?).unwrap_or_default();
        Ok(json!({ "id": row.get::<_, String>(1)?, "name": row.get::<_, String>(2)?, "policy": policy }))
    };
    store.read(|db| {
        let token = visible(call, db)?;
        Page::of(call, "token-projects")?.response(db, sql, &token.id, "projects", project)
    })
}

/// The token that the path names, for its owner and for itself.
fn visible(call: &Call, db: &Connection) -> Result<Token, Problem> {
    let token = named(call, db)?;
    let user = call.user()?;
    if token.owner == user.to_string() || *user == Principal::token(token.id.as_str()) {
        return Ok(token);
    }
    Err(Problem::forbidden())
}

/// The token that the path names, for its owner only.
fn owned(call: &Call, db: &Connection) -> Result<Token, Problem> {
    let token = named(call, db)?;
    if token.owner == call.user()?.to_string() { Ok(token) } else { Err(Problem::forbidden()) }
}

fn named(call: &Call, db: &Connection) -> Result<Token, Problem> {
    let id = Uuid::parse_str(call.parameter("tokenId"))
        .map_err(|_| Problem::invalid(vec![Detail::of("tokenId", "must be a UUID", "path")]))?;
    read(db, &id.to_string())?.ok_or_else(|| Problem::not_found("tokenId"))
}

//! Personal access tokens: machine users that authenticate with a private key.
//!
//! A token belongs to the principal that registered it; nobody else sees it, except that a token may read itself.

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

/// `GET /v1/tokens`
pub(crate) fn list(call: &Call) -> Outcome {
    let page = Page::of(call, "tokens")?;
    let sql = format!("SELECT seq, {COLUMNS} FROM token WHERE owner = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3");
    page.response(call.db, &sql, &call.user()?.to_string(), "tokens", |row| dto(row, 1))
}

/// `POST /v1/tokens`
pub(crate) fn create(call: &Call) -> Outcome {
    let id = random::uuid();
    let method = call.body.get("authenticationMethod").unwrap_or(&Value::Null);
    insert(call.db, id, call.user()?, call.text("name").unwrap_or(""), call.text("description"), method)?;
    Ok(Response::Json(read(call.db, &id.to_string())?.ok_or_else(Problem::unexpected)?.dto))
}

/// `GET /v1/tokens/{tokenId}`
pub(crate) fn get(call: &Call) -> Outcome {
    Ok(Response::Json(visible(call)?.dto))
}

/// `PATCH /v1/tokens/{tokenId}`
pub(crate) fn update(call: &Call) -> Outcome {
    let token = owned(call)?;
    let mut method =
        token.dto.get("authenticationMethod").and_then(Value::as_object).cloned().unwrap_or_default();
    if let Some(Value::Object(changes)) = call.body.get("authenticationMethod") {
        method.extend(changes.clone());
    }
    let method = Value::Object(method);
    authentication_method::check_keys(&method)?;
    let sql = "UPDATE token SET name = coalesce(?2, name), authentication_method = ?3 WHERE id = ?1";
    call.db.prepare_cached(sql)?.execute((&token.id, call.text("name"), method.to_string()))?;
    Ok(Response::Json(read(call.db, &token.id)?.ok_or_else(Problem::unexpected)?.dto))
}

/// `DELETE /v1/tokens/{tokenId}`: the token, its memberships, and the tokens that it registered in turn.
pub(crate) fn delete(call: &Call) -> Outcome {
    remove(call.db, &owned(call)?.id)?;
    Ok(Response::NoContent)
}

/// `GET /v1/tokens/{tokenId}/projects`
pub(crate) fn list_projects(call: &Call) -> Outcome {
    let token = visible(call)?;
    let page = Page::of(call, "token-projects")?;
    let sql = "SELECT member.seq, project.id, project.name, member.policy
               FROM member JOIN project ON project.id = member.project_id
               WHERE member.principal = 'token/' || ?1 AND member.seq > ?2 ORDER BY member.seq LIMIT ?3";
    page.response(call.db, sql, &token.id, "projects", |row| {
        let policy: Value = serde_json::from_str(&row.get::<_, String>(3)?).unwrap_or_default();
        Ok(json!({ "id": row.get::<_, String>(1)?, "name": row.get::<_, String>(2)?, "policy": policy }))
    })
}

/// The token that the path names, for its owner and for itself.
fn visible(call: &Call) -> Result<Token, Problem> {
    let token = named(call)?;
    let user = call.user()?;
    if token.owner == user.to_string() || *user == Principal::token(token.id.as_str()) {
        return Ok(token);
    }
    Err(Problem::forbidden())
}

/// The token that the path names, for its owner only.
fn owned(call: &Call) -> Result<Token, Problem> {
    let token = named(call)?;
    if token.owner == call.user()?.to_string() { Ok(token) } else { Err(Problem::forbidden()) }
}

fn named(call: &Call) -> Result<Token, Problem> {
    let id = Uuid::parse_str(call.parameter("tokenId"))
        .map_err(|_| Problem::invalid(vec![Detail::of("tokenId", "must be a UUID", "path")]))?;
    read(call.db, &id.to_string())?.ok_or_else(|| Problem::not_found("tokenId"))
}

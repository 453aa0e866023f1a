//! Personal access tokens: machine users that prove themselves with a private key.
//!
//! A token belongs to the principal that registered it; nobody else sees it, except that a token may read itself.

use rusqlite::{Connection, OptionalExtension, Row};
use serde_json::{Value, json};
use uuid::Uuid;

use super::authentication_method::{self, AUTHENTICATION_METHOD};
use super::call::Call;
use super::page::Page;
use super::principal::Principal;
use super::problem::{Detail, Problem};
use super::schema::{Member, Object, Shape};
use super::{Answer, Outcome, random};
use crate::jose::Algorithm;

/// The scopes that a personal access token may ask for.
pub(crate) const SCOPES: [&str; 2] = ["openid", "offline_access"];

const NAME: Shape = Shape::TextThat(is_name, "must have at least 3 characters in one line");
/// `CreateTokenInput`
pub(crate) const CREATE: Object = Object::closed(&[
    Member::required("name", NAME),
    Member::required("authenticationMethod", Shape::Object(&AUTHENTICATION_METHOD)),
    Member::optional("description", Shape::Text),
]);

/// `UpdateTokenInput`
pub(crate) const UPDATE: Object = Object::closed(&[
    Member::optional("name", NAME),
    Member::optional("authenticationMethod", Shape::Object(&authentication_method::CHANGES)),
]);

/// The contract's pattern `.{3,}`, which is not anchored: three characters in a row somewhere, none a line break.
fn is_name(name: &str) -> bool {
    name.split(['\n', '\r', '\u{2028}', '\u{2029}']).any(|line| line.chars().count() >= 3)
}

/// `GET /v1/tokens`
pub(crate) fn list(call: &Call) -> Outcome {
    let page = Page::of(call, "tokens")?;
    let sql = format!("SELECT seq, {COLUMNS} FROM token WHERE owner = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3");
    let mut statement = call.db.prepare_cached(&sql)?;
    let rows = statement.query_map((call.user()?.to_string(), page.after(), page.rows()), |row| {
        Ok((row.get(0)?, dto(row, 1)?))
    })?;
    page.answer("tokens", rows.collect::<Result<_, _>>()?)
}

/// `POST /v1/tokens`
pub(crate) fn create(call: &Call) -> Outcome {
    let id = random::uuid();
    let method = call.body.get("authenticationMethod").unwrap_or(&Value::Null);
    insert(call.db, id, call.user()?, call.text("name").unwrap_or(""), call.text("description"), method)?;
    Ok(Answer::Json(read(call.db, &id.to_string())?.ok_or_else(Problem::unexpected)?.dto))
}

/// Registers a token after checking its keys.
pub(crate) fn insert(
    db: &Connection,
    id: Uuid,
    owner: &Principal,
    name: &str,
    description: Option<&str>,
    method: &Value,
) -> Result<(), Problem> {
    authentication_method::check_keys(method)?;
    let sql =
        "INSERT INTO token (id, owner, name, description, authentication_method) VALUES (?1, ?2, ?3, ?4, ?5)";
    let row = (id.to_string(), owner.to_string(), name, description, method.to_string());
    db.prepare_cached(sql)?.execute(row)?;
    Ok(())
}

/// `GET /v1/tokens/{tokenId}`
pub(crate) fn get(call: &Call) -> Outcome {
    Ok(Answer::Json(visible(call)?.dto))
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
    Ok(Answer::Json(read(call.db, &token.id)?.ok_or_else(Problem::unexpected)?.dto))
}

/// `DELETE /v1/tokens/{tokenId}`: the token, its memberships, and the tokens that it registered in turn.
pub(crate) fn delete(call: &Call) -> Outcome {
    remove(call.db, &owned(call)?.id)?;
    Ok(Answer::NoContent)
}

fn remove(db: &Connection, id: &str) -> rusqlite::Result<()> {
    let sql = "WITH RECURSIVE gone (id) AS (
                   VALUES (?1)
                   UNION SELECT token.id FROM token JOIN gone ON token.owner = 'token/' || gone.id
               )
               SELECT id FROM gone";
    let mut statement = db.prepare_cached(sql)?;
    let gone = statement.query_map([id], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
    for id in gone {
        db.prepare_cached("DELETE FROM member WHERE principal = 'token/' || ?1")?.execute([&id])?;
        db.prepare_cached("DELETE FROM token WHERE id = ?1")?.execute([&id])?;
    }
    Ok(())
}

/// `GET /v1/tokens/{tokenId}/projects`
pub(crate) fn list_projects(call: &Call) -> Outcome {
    let token = visible(call)?;
    let page = Page::of(call, "token-projects")?;
    let sql = "SELECT member.seq, project.id, project.name, member.policy
               FROM member JOIN project ON project.id = member.project_id
               WHERE member.principal = 'token/' || ?1 AND member.seq > ?2 ORDER BY member.seq LIMIT ?3";
    let mut statement = call.db.prepare_cached(sql)?;
    let rows = statement.query_map((token.id, page.after(), page.rows()), |row| {
        let policy: Value = serde_json::from_str(&row.get::<_, String>(3)?).unwrap_or_default();
        let project =
            json!({ "id": row.get::<_, String>(1)?, "name": row.get::<_, String>(2)?, "policy": policy });
        Ok((row.get(0)?, project))
    })?;
    page.answer("projects", rows.collect::<Result<_, _>>()?)
}

/// A registered token.
pub(crate) struct Token {
    pub(crate) id: String,
    owner: String,
    pub(crate) dto: Value,
}

impl Token {
    pub(crate) fn algorithm(&self) -> Option<Algorithm> {
        Algorithm::of_token(self.dto.pointer("/authenticationMethod/signingAlgorithm")?.as_str()?)
    }

    pub(crate) fn jwks(&self) -> Option<&Value> {
        self.dto.pointer("/authenticationMethod/publicKeyInfo/jwks")
    }

    pub(crate) fn jwks_uri(&self) -> Option<&str> {
        self.dto.pointer("/authenticationMethod/publicKeyInfo/jwksUri")?.as_str()
    }
}

pub(crate) fn read(db: &Connection, id: &str) -> rusqlite::Result<Option<Token>> {
    let sql = format!("SELECT owner, {COLUMNS} FROM token WHERE id = ?1");
    let token = |row: &Row| Ok(Token { id: row.get(1)?, owner: row.get(0)?, dto: dto(row, 1)? });
    db.prepare_cached(&sql)?.query_row([id], token).optional()
}

/// The token that the path names, for its owner and for itself.
fn visible(call: &Call) -> Result<Token, Problem> {
    let token = named(call)?;
    let user = call.user()?;
    if token.owner == user.to_string() || *user == Principal::token(token.id.as_str()) {
        return Ok(token);
    }
    Err(forbidden(call, &token))
}

/// The token that the path names, for its owner only.
fn owned(call: &Call) -> Result<Token, Problem> {
    let token = named(call)?;
    if token.owner == call.user()?.to_string() { Ok(token) } else { Err(forbidden(call, &token)) }
}

fn forbidden(call: &Call, token: &Token) -> Problem {
    match call.user() {
        Ok(user) => Problem::forbidden(user, &call.action(), &Principal::token(token.id.as_str()).ari()),
        Err(problem) => problem,
    }
}

fn named(call: &Call) -> Result<Token, Problem> {
    let id = Uuid::parse_str(call.parameter("tokenId"))
        .map_err(|_| Problem::invalid(vec![Detail::of("tokenId", "must be a UUID", "path")]))?;
    read(call.db, &id.to_string())?.ok_or_else(|| Problem::not_found("tokenId"))
}

const COLUMNS: &str = "id, owner, name, authentication_method";

/// `TokenDto` of a row whose [`COLUMNS`] start at `at`.
fn dto(row: &Row, at: usize) -> rusqlite::Result<Value> {
    let id: String = row.get(at)?;
    let method: Value = serde_json::from_str(&row.get::<_, String>(at + 3)?).unwrap_or_default();
    Ok(json!({
        "ari": Principal::token(id.as_str()).ari(),
        "id": id,
        "ownerAri": format!("ari:iam:::{}", row.get::<_, String>(at + 1)?),
        "name": row.get::<_, String>(at + 2)?,
        "authenticationMethod": method,
        "scopes": SCOPES,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_three_characters_in_one_line() {
        for name in ["abc", "äöü", "a\nbcd", "   "] {
            assert!(is_name(name), "{name:?}");
        }
        for name in ["", "ab", "ab\ncd", "a\nb\nc"] {
            assert!(!is_name(name), "{name:?}");
        }
    }
}

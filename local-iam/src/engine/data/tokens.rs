//! Personal access tokens as the database holds them.

use rusqlite::{Connection, OptionalExtension, Row, Transaction};
use serde_json::{Value, json};
use uuid::Uuid;

use super::authentication_method;
use super::principal::Principal;
use crate::engine::problem::Problem;
use crate::jose::Algorithm;

/// The scopes that a personal access token may ask for.
pub(crate) const SCOPES: [&str; 2] = ["openid", "offline_access"];

/// A registered token.
pub(crate) struct Token {
    pub(crate) id: String,
    pub(crate) owner: String,
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

/// What [`dto`] reads.
pub(crate) const COLUMNS: &str = "id, owner, name, authentication_method";

/// `TokenDto` of a row whose [`COLUMNS`] start at `at`.
pub(crate) fn dto(row: &Row, at: usize) -> rusqlite::Result<Value> {
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

/// Registers a token after checking its keys.
pub(crate) fn insert(
    db: &Transaction,
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

/// Removes the token, its memberships, and the tokens that it registered in turn.
pub(crate) fn remove(db: &Transaction, id: &str) -> rusqlite::Result<()> {
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

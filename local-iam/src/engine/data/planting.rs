//! Puts the seeds into a database that has none.

use rusqlite::{Connection, OptionalExtension, Transaction};
use uuid::Uuid;

use super::principal::Principal;
use super::seeds::{SeedIds, Seeds};
use super::{authentication_method, key_pair, members, policy, projects, tokens};
use crate::engine::problem::Problem;
use crate::engine::random;
use crate::error::Error;
use crate::store::Store;

/// The seeds of the database; created first when it has none, or others than `ids` demands.
pub(crate) fn plant(store: &Store, ids: SeedIds, now: i64) -> Result<Seeds, Error> {
    let planted = store.write_now(move |db| match stored(db)? {
        Some(seeds) if seeds.have(ids) => Ok(seeds),
        _ => new(db, ids, now),
    });
    planted.map_err(|problem: Problem| Error::refused("plant the seeds", problem))
}

fn stored(db: &Connection) -> rusqlite::Result<Option<Seeds>> {
    let sql = "SELECT value FROM setting WHERE name = 'seeds'";
    let text: Option<String> = db.query_row(sql, [], |row| row.get(0)).optional()?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

fn new(db: &Transaction, ids: SeedIds, now: i64) -> Result<Seeds, Problem> {
    let id = |id: Option<Uuid>| id.unwrap_or_else(random::uuid);
    let token_id = id(ids.token);
    let (private_key_pem, jwk) = key_pair::p256(&token_id.to_string()).ok_or_else(Problem::unexpected)?;
    let seeds = Seeds { user_id: id(ids.user), project_id: id(ids.project), token_id, private_key_pem };
    let (user, project_id) = (seeds.user(), seeds.project_id.to_string());
    let token = Principal::token(token_id.to_string());
    db.execute("INSERT OR IGNORE INTO user (id) VALUES (?1)", [&user.id])?;
    projects::insert(db, &project_id, "local", Some("Seeded by the local service"), &user, now)?;
    tokens::insert(db, token_id, &user, "local", None, &authentication_method::es256(&jwk))?;
    members::add(db, &project_id, &token, &policy::everything(&project_id, &token))?;
    let text = serde_json::to_string(&seeds).map_err(|_| Problem::unexpected())?;
    db.execute("INSERT OR REPLACE INTO setting (name, value) VALUES ('seeds', ?1)", [text])?;
    Ok(seeds)
}

//! Puts the seeds into a database that has none.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rusqlite::{Connection, OptionalExtension};
use serde_json::{Value, json};
use uuid::Uuid;

use super::principal::Principal;
use super::seeds::{SeedIds, Seeds};
use super::{authentication_method, members, policy, projects, tokens};
use crate::engine::problem::Problem;
use crate::engine::random;
use crate::error::Error;
use crate::jose::base64url;
use crate::store::Store;

/// The seeds of the database; created first when it has none, or others than `ids` demands.
pub(crate) fn plant(store: &Store, ids: SeedIds, now: i64) -> Result<Seeds, Error> {
    let failed = |error| Error::caused("read the seeds", error);
    let mut connection = store.lock();
    let transaction = connection.transaction().map_err(failed)?;
    if let Some(seeds) = stored(&transaction).map_err(failed)?
        && seeds.have(ids)
    {
        return Ok(seeds);
    }
    let seeds = new(&transaction, ids, now)
        .map_err(|problem| Error::refused("plant the seeds", problem.to_string()))?;
    transaction.commit().map_err(failed)?;
    Ok(seeds)
}

fn stored(db: &Connection) -> rusqlite::Result<Option<Seeds>> {
    let sql = "SELECT value FROM setting WHERE name = 'seeds'";
    let text: Option<String> = db.query_row(sql, [], |row| row.get(0)).optional()?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

fn new(db: &Connection, ids: SeedIds, now: i64) -> Result<Seeds, Problem> {
    let id = |id: Option<Uuid>| id.unwrap_or_else(random::uuid);
    let token_id = id(ids.token);
    let (private_key_pem, jwk) = key_pair(&token_id.to_string()).ok_or_else(Problem::unexpected)?;
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

/// A P-256 key pair: the private half as PEM, the public half as a JSON Web Key.
fn key_pair(kid: &str) -> Option<(String, Value)> {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).ok()?;
    let (x, y) = pair.public_key().as_ref().get(1..)?.split_at_checked(32)?;
    let jwk = json!({
        "kty": "EC", "crv": "P-256", "x": base64url(x), "y": base64url(y), "alg": "ES256", "use": "sig",
        "kid": kid,
    });
    let encoded = STANDARD.encode(pair.to_pkcs8v1().ok()?);
    let mut pem = String::from("-----BEGIN PRIVATE KEY-----\n");
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at_checked(64).unwrap_or((rest, ""));
        pem.push_str(line);
        pem.push('\n');
        rest = after;
    }
    pem.push_str("-----END PRIVATE KEY-----\n");
    Some((pem, jwk))
}

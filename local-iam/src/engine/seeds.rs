//! What a new database holds, so that a client without any token can start.

use std::fmt;

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rusqlite::{Connection, OptionalExtension};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::principal::Principal;
use super::problem::Problem;
use super::{members, policies, projects, random_uuid, tokens};
use crate::error::Error;
use crate::jose::base64url;
use crate::store::Store;

/// Ids that the builder fixes; the others are random.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SeedIds {
    pub(crate) user: Option<Uuid>,
    pub(crate) project: Option<Uuid>,
    pub(crate) token: Option<Uuid>,
}

/// What a service starts with: a user, a project that the user owns, and a personal access token of the user that may do
/// everything in the project. A database keeps its seeds.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Seeds {
    user_id: Uuid,
    project_id: Uuid,
    token_id: Uuid,
    private_key_pem: String,
}

impl Seeds {
    /// The id of the user.
    pub fn user_id(&self) -> Uuid {
        self.user_id
    }

    /// The id of the project.
    pub fn project_id(&self) -> Uuid {
        self.project_id
    }

    /// The id of the personal access token, which is its key's id (`kid`) as well.
    pub fn token_id(&self) -> Uuid {
        self.token_id
    }

    /// The personal access token's private key: P-256, for ES256, as unencrypted PKCS#8 PEM. A secret, though only of
    /// this service.
    pub fn private_key_pem(&self) -> &str {
        &self.private_key_pem
    }

    pub(crate) fn user(&self) -> Principal {
        Principal::user(self.user_id.to_string())
    }

    /// The seeds of the database; planted first when it has none, or others than `ids` asks for.
    pub(crate) fn plant(store: &Store, ids: SeedIds, now: i64) -> Result<Self, Error> {
        let failed = |error| Error::caused("read the seeds", error);
        let mut connection = store.lock();
        let transaction = connection.transaction().map_err(failed)?;
        if let Some(seeds) = Self::stored(&transaction).map_err(failed)?
            && seeds.have(ids)
        {
            return Ok(seeds);
        }
        let seeds = Self::new(&transaction, ids, now)
            .map_err(|problem| Error::refused("plant the seeds", problem.to_string()))?;
        transaction.commit().map_err(failed)?;
        Ok(seeds)
    }

    fn have(&self, ids: SeedIds) -> bool {
        let fits = |wanted: Option<Uuid>, id: Uuid| wanted.is_none_or(|wanted| wanted == id);
        fits(ids.user, self.user_id) && fits(ids.project, self.project_id) && fits(ids.token, self.token_id)
    }

    fn stored(db: &Connection) -> rusqlite::Result<Option<Self>> {
        let sql = "SELECT value FROM setting WHERE name = 'seeds'";
        let text: Option<String> = db.query_row(sql, [], |row| row.get(0)).optional()?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    fn new(db: &Connection, ids: SeedIds, now: i64) -> Result<Self, Problem> {
        let id = |id: Option<Uuid>| id.unwrap_or_else(random_uuid);
        let token_id = id(ids.token);
        let (private_key_pem, jwk) = key_pair(&token_id.to_string()).ok_or_else(Problem::unexpected)?;
        let seeds = Self {
            user_id: id(ids.user),
            project_id: id(ids.project),
            token_id: id(ids.token),
            private_key_pem,
        };
        let (user, project_id) = (seeds.user(), seeds.project_id.to_string());
        let token = Principal::token(seeds.token_id.to_string());
        db.execute("INSERT OR IGNORE INTO user (id) VALUES (?1)", [&user.id])?;
        projects::insert(db, &project_id, "local", Some("Seeded by the local service"), &user, now)?;
        tokens::insert(db, seeds.token_id, &user, "local", None, &tokens::es256_method(jwk))?;
        members::add(db, &project_id, &token, &policies::everything(&project_id, &token))?;
        let text = serde_json::to_string(&seeds).map_err(|_| Problem::unexpected())?;
        db.execute("INSERT OR REPLACE INTO setting (name, value) VALUES ('seeds', ?1)", [text])?;
        Ok(seeds)
    }
}

impl fmt::Debug for Seeds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seeds")
            .field("user_id", &self.user_id)
            .field("project_id", &self.project_id)
            .field("token_id", &self.token_id)
            .finish_non_exhaustive()
    }
}

/// A P-256 key pair: the private half as PEM, the public half as a JSON Web Key.
fn key_pair(kid: &str) -> Option<(String, serde_json::Value)> {
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

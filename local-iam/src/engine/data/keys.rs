//! The service's signing keys: the newest signs, all of them verify.

use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use rusqlite::Connection;
use serde_json::Value;

use crate::engine::problem::Problem;
use crate::error::Error;
use crate::jose::{Jws, SigningKey};
use crate::store::Store;

#[derive(Debug)]
pub(crate) struct Keys(RwLock<Vec<SigningKey>>);

impl Keys {
    /// The keys of the database; a new database gets its first key.
    pub(crate) fn load(store: &Store) -> Result<Self, Error> {
        let failed = |error| Error::caused("read the signing keys", error);
        let connection = store.lock();
        let mut keys = stored(&connection).map_err(failed)?;
        if keys.is_empty() {
            let (key, pkcs8) = generate().ok_or_else(|| Error::crypto("generate a signing key"))?;
            insert(&connection, &pkcs8).map_err(failed)?;
            keys.push(key);
        }
        Ok(Self(RwLock::new(keys)))
    }

    /// Makes a new key the signing one and returns its `kid`. The others still verify, or are deleted.
    pub(crate) fn rotate(&self, db: &Connection, keep_others: bool) -> Result<String, Problem> {
        let (key, pkcs8) = generate().ok_or_else(Problem::unexpected)?;
        if !keep_others {
            db.execute("DELETE FROM signing_key", [])?;
        }
        insert(db, &pkcs8)?;
        let kid = key.kid().to_owned();
        let mut keys = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if !keep_others {
            keys.clear();
        }
        keys.push(key);
        Ok(kid)
    }

    /// Signs `claims` with the newest key.
    pub(crate) fn sign(&self, typ: &str, claims: &Value) -> Result<String, Problem> {
        self.read().last().and_then(|key| key.sign(typ, claims)).ok_or_else(Problem::unexpected)
    }

    /// Whether one of the keys made the signature.
    pub(crate) fn verify(&self, jws: &Jws) -> bool {
        let kid = jws.header.kid.as_deref();
        self.read().iter().any(|key| kid == Some(key.kid()) && jws.is_signed_by(key.public()))
    }

    /// The public halves, the signing one first.
    pub(crate) fn public_jwks(&self) -> Vec<Value> {
        self.read().iter().rev().map(SigningKey::public_jwk).collect()
    }

    fn read(&self) -> RwLockReadGuard<'_, Vec<SigningKey>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

fn generate() -> Option<(SigningKey, Vec<u8>)> {
    let key = SigningKey::generate()?;
    let pkcs8 = key.to_pkcs8()?;
    Some((key, pkcs8))
}

fn insert(db: &Connection, pkcs8: &[u8]) -> rusqlite::Result<usize> {
    db.execute("INSERT INTO signing_key (pkcs8) VALUES (?1)", [pkcs8])
}

fn stored(db: &Connection) -> rusqlite::Result<Vec<SigningKey>> {
    let mut statement = db.prepare("SELECT pkcs8 FROM signing_key ORDER BY seq")?;
    let keys = statement.query_map([], |row| row.get::<_, Vec<u8>>(0))?.collect::<Result<Vec<_>, _>>()?;
    Ok(keys.iter().filter_map(|pkcs8| SigningKey::from_pkcs8(pkcs8)).collect())
}

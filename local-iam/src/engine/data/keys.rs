//! The service's signing keys, in one ring for each kind of token: the first key of a ring signs, all of them verify.

use std::sync::{OnceLock, PoisonError, RwLock, RwLockReadGuard};

use rusqlite::{Connection, Transaction};
use serde_json::Value;

use crate::engine::problem::Problem;
use crate::error::Error;
use crate::jose::{Algorithm, Jws, SigningKey};
use crate::store::Store;

/// What a key signs. The keys of one ring never verify tokens of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ring {
    /// Project tokens: published by IAM.
    Project,
    /// Consumer tokens: published by the consumer IAM.
    Consumer,
    /// User tokens: the authorization server's.
    User,
}

impl Ring {
    const ALL: [Self; 3] = [Self::Project, Self::Consumer, Self::User];

    fn name(self) -> &'static str {
        match self {
            Self::Project => "project",
            Self::Consumer => "consumer",
            Self::User => "user",
        }
    }

    fn algorithm(self) -> Algorithm {
        match self {
            Self::Project | Self::Consumer => Algorithm::Es256,
            Self::User => Algorithm::Rs256,
        }
    }

    /// How many keys there are from the start: IAM publishes four that sign nothing yet.
    fn size(self) -> usize {
        match self {
            Self::Project => 5,
            Self::Consumer | Self::User => 1,
        }
    }
}

#[derive(Debug)]
pub(crate) struct Keys(RwLock<[Vec<SigningKey>; 3]>);

impl Keys {
    /// The keys of the database; a new database gets its first ones.
    pub(crate) fn load(store: &Store) -> Result<Self, Error> {
        let in_memory = store.is_in_memory();
        store.write_now(move |db| Self::load_from(db, in_memory)).map_err(|failure| match failure {
            Failure::Database(error) => Error::caused("read the signing keys", error),
            Failure::NoRandomness => Error::crypto("generate a signing key"),
        })
    }

    fn load_from(db: &Transaction, in_memory: bool) -> Result<Self, Failure> {
        let mut rings = [const { Vec::new() }; 3];
        for (ring, keys) in Ring::ALL.into_iter().zip(&mut rings) {
            *keys = stored(db, ring)?;
            while keys.len() < ring.size() {
                let made = if ring == Ring::User && in_memory { shared(ring) } else { generate(ring) };
                let (key, pkcs8) = made.ok_or(Failure::NoRandomness)?;
                insert(db, ring, &pkcs8)?;
                keys.insert(0, key);
            }
        }
        Ok(Self(RwLock::new(rings)))
    }

    /// Puts a new signing key into each ring and returns the `kid` of the one for project tokens. The others still verify,
    /// except that IAM goes on publishing five keys; or they are replaced as well.
    pub(crate) fn rotate(&self, db: &Transaction, keep_others: bool) -> Result<String, Problem> {
        if !keep_others {
            db.execute("DELETE FROM signing_key", [])?;
        }
        // Made before the rings are locked: it takes long, and other requests sign and verify meanwhile.
        let mut made = [const { Vec::new() }; 3];
        for (ring, keys) in Ring::ALL.into_iter().zip(&mut made) {
            for _ in 0..if keep_others { 1 } else { ring.size() } {
                let (key, pkcs8) = generate(ring).ok_or_else(Problem::unexpected)?;
                insert(db, ring, &pkcs8)?;
                keys.insert(0, key);
            }
        }
        let sql = "DELETE FROM signing_key WHERE ring = ?1 AND seq NOT IN
                   (SELECT seq FROM signing_key WHERE ring = ?1 ORDER BY seq DESC LIMIT ?2)";
        db.execute(sql, (Ring::Project.name(), Ring::Project.size() as i64))?;
        let mut rings = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for (made, keys) in made.into_iter().zip(rings.iter_mut()) {
            let others = std::mem::replace(keys, made);
            keys.extend(others.into_iter().filter(|_| keep_others));
        }
        let [project, ..] = &mut *rings;
        project.truncate(Ring::Project.size());
        project.first().map(|key| key.kid().to_owned()).ok_or_else(Problem::unexpected)
    }

    /// Signs `claims` with the first key of the ring.
    pub(crate) fn sign(&self, ring: Ring, claims: &Value) -> Result<String, Problem> {
        ring_of(&self.read(), ring).first().and_then(|key| key.sign(claims)).ok_or_else(Problem::unexpected)
    }

    /// Whether one of the ring's keys made the signature.
    pub(crate) fn verify(&self, ring: Ring, jws: &Jws) -> bool {
        let kid = jws.header.kid.as_deref();
        let rings = self.read();
        let mut named = ring_of(&rings, ring).iter().filter(|key| kid == Some(key.kid()));
        named.any(|key| jws.is_signed_by(key.public()))
    }

    /// The public halves of the ring, the signing one first.
    pub(crate) fn public_jwks(&self, ring: Ring) -> Vec<Value> {
        ring_of(&self.read(), ring).iter().map(|key| key.public_jwk().clone()).collect()
    }

    fn read(&self) -> RwLockReadGuard<'_, [Vec<SigningKey>; 3]> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why there are no keys.
enum Failure {
    Database(rusqlite::Error),
    NoRandomness,
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

fn ring_of([project, consumer, user]: &[Vec<SigningKey>; 3], ring: Ring) -> &[SigningKey] {
    match ring {
        Ring::Project => project,
        Ring::Consumer => consumer,
        Ring::User => user,
    }
}

fn generate(ring: Ring) -> Option<(SigningKey, Vec<u8>)> {
    SigningKey::generate(ring.algorithm())
}

/// One key for all services of this process whose database is in memory: an RSA key takes a fifth of a second, which every
/// test would wait for. Their tokens differ in `iss`, which names the port.
fn shared(ring: Ring) -> Option<(SigningKey, Vec<u8>)> {
    static PKCS8: OnceLock<Option<Vec<u8>>> = OnceLock::new();
    let pkcs8 = PKCS8.get_or_init(|| generate(ring).map(|(_, pkcs8)| pkcs8)).clone()?;
    Some((SigningKey::from_pkcs8(ring.algorithm(), &pkcs8)?, pkcs8))
}

fn insert(db: &Transaction, ring: Ring, pkcs8: &[u8]) -> rusqlite::Result<usize> {
    db.execute("INSERT INTO signing_key (ring, pkcs8) VALUES (?1, ?2)", (ring.name(), pkcs8))
}

/// The newest first.
fn stored(db: &Connection, ring: Ring) -> rusqlite::Result<Vec<SigningKey>> {
    let mut statement = db.prepare("SELECT pkcs8 FROM signing_key WHERE ring = ?1 ORDER BY seq DESC")?;
    let keys =
        statement.query_map([ring.name()], |row| row.get::<_, Vec<u8>>(0))?.collect::<Result<Vec<_>, _>>()?;
    Ok(keys.iter().filter_map(|pkcs8| SigningKey::from_pkcs8(ring.algorithm(), pkcs8)).collect())
}

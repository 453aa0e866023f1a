//! Refresh tokens of consumers: used once, replaced at each use, and worthless as a family once one is used twice
//! (RFC 9700 section 4.14.2).

use aws_lc_rs::digest::{SHA256, digest};
use rusqlite::{OptionalExtension, Transaction};

use crate::engine::problem::{Detail, Problem};
use crate::engine::random;
use crate::jose::base64url;

/// How long a refresh token can be used, in seconds: 30 days.
const LIFETIME: i64 = 30 * 24 * 3600;

/// The first token of a new family.
pub(crate) fn begin(db: &Transaction, now: i64, did: &str, scope: &str) -> Result<String, Problem> {
    issue(db, now, &random::uuid().to_string(), did, scope)
}

/// The scope of the presented token and its replacement. The inner error is a refusal whose effect must be kept.
pub(crate) fn rotate(
    db: &Transaction,
    now: i64,
    did: &str,
    presented: &str,
) -> Result<Result<(String, String), Problem>, Problem> {
    let sql = "SELECT family, scope, used FROM refresh_token WHERE digest = ?1 AND subject = ?2 AND expires_at > ?3";
    let found = db
        .prepare_cached(sql)?
        .query_row((hash(presented), did, now), |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, bool>(2)?))
        })
        .optional()?;
    let Some((family, scope, used)) = found else {
        return Ok(Err(refused("refresh_token is unknown, expired, or another client's")));
    };
    if used {
        // Whoever holds the other copy may have stolen it, so neither goes on.
        db.prepare_cached("DELETE FROM refresh_token WHERE family = ?1")?.execute([&family])?;
        return Ok(Err(refused("refresh_token was used before; all tokens of its family are revoked")));
    }
    db.prepare_cached("UPDATE refresh_token SET used = 1 WHERE digest = ?1")?.execute([hash(presented)])?;
    let next = issue(db, now, &family, did, &scope)?;
    Ok(Ok((scope, next)))
}

fn issue(db: &Transaction, now: i64, family: &str, did: &str, scope: &str) -> Result<String, Problem> {
    db.prepare_cached("DELETE FROM refresh_token WHERE expires_at <= ?1")?.execute([now])?;
    let token = base64url(random::bytes::<32>().ok_or_else(Problem::unexpected)?);
    let sql =
        "INSERT INTO refresh_token (digest, family, subject, scope, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)";
    let row = (hash(&token), family, did, scope, now.saturating_add(LIFETIME));
    db.prepare_cached(sql)?.execute(row)?;
    Ok(token)
}

fn hash(token: &str) -> Vec<u8> {
    digest(&SHA256, token.as_bytes()).as_ref().to_vec()
}

fn refused(issue: &str) -> Problem {
    Problem::unauthorized(Detail::of("refresh_token", issue, "body"))
}

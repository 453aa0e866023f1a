//! The `jti` values that were used (RFC 7523 section 3, item 7).

use aws_lc_rs::digest::{Context, SHA256};
use rusqlite::Transaction;

/// Marks the id as used until `exp`, and forgets those that expired. `false` when it was used before.
pub(crate) fn use_once(
    db: &Transaction,
    issuer: &str,
    id: &str,
    exp: i64,
    now: i64,
) -> rusqlite::Result<bool> {
    db.prepare_cached("DELETE FROM used_id WHERE expires_at <= ?1")?.execute([now])?;
    // A fixed-size stand-in for the pair, so that memory does not grow with what clients send.
    let mut context = Context::new(&SHA256);
    context.update(&issuer.len().to_be_bytes());
    context.update(issuer.as_bytes());
    context.update(id.as_bytes());
    let sql = "INSERT OR IGNORE INTO used_id (digest, expires_at) VALUES (?1, ?2)";
    Ok(db.prepare_cached(sql)?.execute((context.finish().as_ref(), exp))? == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    fn in_database(test: impl FnOnce(&Transaction) + Send + 'static) {
        let store = Store::in_memory().unwrap();
        let done = store.write_now(|db| {
            test(db);
            Ok::<_, rusqlite::Error>(())
        });
        done.unwrap();
    }

    #[test]
    fn an_id_is_used_once_per_issuer() {
        in_database(|db| {
            assert!(use_once(db, "a", "1", 100, 0).unwrap());
            assert!(!use_once(db, "a", "1", 100, 99).unwrap());
            assert!(use_once(db, "b", "1", 100, 0).unwrap());
        });
    }

    #[test]
    fn memory_is_given_back_when_assertions_expire() {
        in_database(|db| {
            for id in 0..100 {
                use_once(db, "a", &id.to_string(), 100 + id, 0).unwrap();
            }
            use_once(db, "a", "last", 5000, 2000).unwrap();
            let left: i64 = db.query_row("SELECT count(*) FROM used_id", [], |row| row.get(0)).unwrap();
            assert_eq!(left, 1);
        });
    }
}

//! Access to virtual file systems that consumers granted.

use rusqlite::{Connection, OptionalExtension};

use crate::engine::problem::Problem;

/// The rights that `granter` granted to `grantee`, if any.
pub(crate) fn rights(db: &Connection, granter: &str, grantee: &str) -> Result<Option<Vec<String>>, Problem> {
    let sql = "SELECT rights FROM vfs_grant WHERE granter = ?1 AND grantee = ?2";
    let text: Option<String> =
        db.prepare_cached(sql)?.query_row((granter, grantee), |row| row.get(0)).optional()?;
    text.map(|text| serde_json::from_str(&text).map_err(|_| Problem::unexpected())).transpose()
}

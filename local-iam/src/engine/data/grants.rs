//! Access to virtual file systems that consumers granted.

use rusqlite::Connection;

use crate::engine::problem::Problem;

/// What `grantee` may do at `now` with the virtual file system of `granter`, by whichever service it was granted; empty
/// without a grant.
pub(crate) fn rights(
    db: &Connection,
    granter: &str,
    grantee: &str,
    now: i64,
) -> Result<Vec<String>, Problem> {
    let sql = "SELECT granted.value FROM vfs_grant, json_each(rights) AS granted
               WHERE granter = ?1 AND grantee = ?2
               UNION
               SELECT granted.value
               FROM vfs_access, json_each(permissions) AS permission, json_each(permission.value, '$.rights') AS granted
               WHERE granter = ?1 AND grantee = ?2
               AND coalesce(unixepoch(permission.value ->> 'expiresAt') > ?3, true)";
    let mut statement = db.prepare_cached(sql)?;
    let rights = statement.query_map((granter, grantee, now), |row| row.get(0))?;
    Ok(rights.collect::<Result<_, _>>()?)
}

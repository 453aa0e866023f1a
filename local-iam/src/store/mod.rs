//! The database: SQLite with one writer, and refusal of every file that belongs to something else.

use std::fs::OpenOptions;
use std::io;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, ErrorCode};

use crate::error::Error;

/// `affI` in ASCII: marks the file as this service's (SQLite header field `application_id`).
const APPLICATION_ID: i32 = 0x6166_6649;

/// Migrations in order; the file's `user_version` counts those that were applied.
const MIGRATIONS: [&str; 3] =
    [include_str!("schema_1.sql"), include_str!("schema_2.sql"), include_str!("schema_3.sql")];
const LATEST: i64 = MIGRATIONS.len() as i64;

/// An open database, held exclusively by this process.
#[derive(Debug)]
pub(crate) struct Store {
    connection: Mutex<Connection>,
    in_memory: bool,
}

impl Store {
    /// A database in memory, deleted when the value is dropped.
    pub(crate) fn in_memory() -> Result<Self, Error> {
        let failed = |error| Error::caused("open an in-memory database", error);
        let mut connection = Connection::open_in_memory().map_err(failed)?;
        migrate(&mut connection).map_err(failed)?;
        Ok(Self { connection: Mutex::new(connection), in_memory: true })
    }

    /// The database at `path`, created when there is none. A file in use, damaged, written by a newer version or by
    /// another program is refused and left as it is.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let doing = format!("open the database {}", path.display());
        let failed = |error: rusqlite::Error| match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                Error::refused(&doing, "another process is using it")
            }
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
                Error::refused(&doing, "the file is damaged or not a database")
            }
            _ => Error::caused(&doing, error),
        };
        create_private(path).map_err(|error| Error::caused(&doing, error))?;
        let mut connection = Connection::open(path).map_err(failed)?;
        // The lock is taken by the first access and kept until the process ends, however it ends.
        connection.pragma_update(None, "locking_mode", "EXCLUSIVE").map_err(failed)?;
        connection.busy_timeout(std::time::Duration::ZERO).map_err(failed)?;
        connection.execute_batch("BEGIN EXCLUSIVE; COMMIT;").map_err(failed)?;
        recognize(&connection).map_err(failed)?.map_err(|why| Error::refused(&doing, why))?;
        connection.pragma_update(None, "journal_mode", "WAL").map_err(failed)?;
        // What was acknowledged is on the disk, not only in the operating system's memory.
        connection.pragma_update(None, "synchronous", "FULL").map_err(failed)?;
        migrate(&mut connection).map_err(failed)?;
        Ok(Self { connection: Mutex::new(connection), in_memory: false })
    }

    /// Whether everything is gone when the value is dropped.
    pub(crate) fn is_in_memory(&self) -> bool {
        self.in_memory
    }

    /// The one connection. Held for the whole of a request, so requests are serial and each is one transaction.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Connection> {
        // A transaction rolls back when dropped, so a panic elsewhere leaves the connection sound.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Creates the file when there is none, for its owner only: it holds signing keys. SQLite gives its other files the same
/// permissions.
fn create_private(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// Why the file must not be written, if there is a reason.
fn recognize(connection: &Connection) -> rusqlite::Result<Result<(), String>> {
    let id: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if id != APPLICATION_ID && (id != 0 || tables != 0) {
        return Ok(Err("it belongs to another program".into()));
    }
    if version > LATEST {
        return Ok(Err(format!(
            "it has version {version}, written by a newer release; this one knows up to {}",
            LATEST
        )));
    }
    let check: String = connection.pragma_query_value(None, "quick_check", |row| row.get(0))?;
    Ok(if check == "ok" { Ok(()) } else { Err("the file is damaged".into()) })
}

fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "foreign_keys", true)?;
    let transaction = connection.transaction()?;
    let applied: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    for migration in MIGRATIONS.iter().skip(usize::try_from(applied).unwrap_or(0)) {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", LATEST)?;
    transaction.commit()
}

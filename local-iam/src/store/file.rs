//! A database in a file, and refusal of every file that belongs to something else.

use std::fs::{self, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::writer::Writer;
use super::{APPLICATION_ID, LATEST, STATEMENTS};
use crate::error::Error;

/// How long a connection waits for programs that write to the file beside the service.
const PATIENCE: Duration = Duration::from_secs(10);

/// The file, in WAL mode: who reads sees the last commit, and does not wait for the next one.
#[derive(Debug)]
pub(super) struct File {
    path: PathBuf,
    /// Connections that nobody uses at the moment. There are as many as threads have read at the same time.
    idle: Mutex<Vec<Connection>>,
    writer: Writer,
}

impl File {
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let doing = format!("open the database {}", path.display());
        let in_use = || Error::refused(&doing, "another process is using it");
        let no_access = |error| Error::caused(&doing, error);
        let failed = |error: rusqlite::Error| match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => in_use(),
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
                Error::refused(&doing, "the file is damaged or not a database")
            }
            _ => Error::caused(&doing, error),
        };
        // Not the path as it is: readers open it later, when the working directory may be another one.
        let path = real(path).map_err(no_access)?;
        // SQLite would let another service in. The operating system releases the lock when the process ends, however it ends.
        let lock = private(&lock_of(&path)).map_err(no_access)?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => in_use(),
            TryLockError::Error(error) => no_access(error),
        })?;
        let mut connection = Connection::open(&path).map_err(failed)?;
        connection.busy_timeout(Duration::ZERO).map_err(failed)?;
        connection.execute_batch("BEGIN EXCLUSIVE; COMMIT;").map_err(failed)?;
        recognize(&connection).map_err(failed)?.map_err(|why| Error::refused(&doing, why))?;
        connection.pragma_update(None, "journal_mode", "WAL").map_err(failed)?;
        // A commit is in the operating system's memory when it returns, which outlasts this process. Only a checkpoint waits for
        // the disk; after a power failure the last commits may be lost, and the database is sound.
        connection.pragma_update(None, "synchronous", "NORMAL").map_err(failed)?;
        super::migrate(&mut connection).map_err(failed)?;
        connection.busy_timeout(PATIENCE).map_err(failed)?;
        let writer = Writer::start(connection, lock).map_err(no_access)?;
        Ok(Self { path, idle: Mutex::default(), writer })
    }

    pub(super) fn writer(&self) -> &Writer {
        &self.writer
    }

    pub(super) fn read<T, E: From<rusqlite::Error>>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let idle = super::lock(&self.idle).pop();
        let mut connection = idle.map_or_else(|| self.connect(), Ok)?;
        let outcome = super::read(&mut connection, work);
        super::lock(&self.idle).push(connection);
        outcome
    }

    fn connect(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(PATIENCE)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(connection)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        // Before the writer's connection: the last one that is closed moves everything into the file, which a reader cannot do.
        super::lock(&self.idle).clear();
        self.writer.stop();
    }
}

/// The path of the file without links, created when there is none. One that exists is not opened: closing it would release the
/// locks of a service in this process that uses it.
fn real(path: &Path) -> io::Result<PathBuf> {
    match path.canonicalize() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            private(path)?;
            path.canonicalize()
        }
        found => found,
    }
}

/// The file, created when there is none, for its owner only: the database holds signing keys. SQLite gives its other files the
/// same permissions.
fn private(path: &Path) -> io::Result<fs::File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// The file that is locked while a service uses the database at `path`. It has nothing in it, and it stays: if it were removed, two
/// services could have locked two files of this name.
fn lock_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-lock");
    name.into()
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

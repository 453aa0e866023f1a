//! The database: SQLite with one writer, and readers that never wait for it.

mod file;
mod writer;

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::error::Error;
use file::File;

/// Migrations in order; the file's `user_version` counts those that were applied.
const MIGRATIONS: [&str; 3] =
    [include_str!("schema_1.sql"), include_str!("schema_2.sql"), include_str!("schema_3.sql")];
const LATEST: i64 = MIGRATIONS.len() as i64;

/// `affI` in ASCII: marks the file as this service's (SQLite header field `application_id`).
const APPLICATION_ID: i32 = 0x6166_6649;

/// More than there are statements in the code: each is prepared once per connection.
const STATEMENTS: usize = 64;

/// An open database, which no other service has open.
#[derive(Debug)]
pub(crate) struct Store(Kind);

#[derive(Debug)]
enum Kind {
    /// Nothing in memory is slow, so one connection serves everybody, on the thread of who asks.
    Memory(Mutex<Connection>),
    File(File),
}

impl Store {
    /// A database in memory, deleted when the value is dropped.
    pub(crate) fn in_memory() -> Result<Self, Error> {
        let failed = |error| Error::caused("open an in-memory database", error);
        let mut connection = Connection::open_in_memory().map_err(failed)?;
        migrate(&mut connection).map_err(failed)?;
        Ok(Self(Kind::Memory(Mutex::new(connection))))
    }

    /// The database at `path`, created when there is none. A file in use, damaged, written by a newer version or by
    /// another program is refused and left as it is.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        File::open(path).map(|file| Self(Kind::File(file)))
    }

    /// Whether everything is gone when the value is dropped.
    pub(crate) fn is_in_memory(&self) -> bool {
        matches!(self.0, Kind::Memory(_))
    }

    /// What `work` reads: the database as it is after every write that has returned. `work` must not use the store.
    pub(crate) fn read<T, E: From<rusqlite::Error>>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        match &self.0 {
            Kind::Memory(connection) => read(&mut lock(connection), work),
            Kind::File(file) => file.read(work),
        }
    }

    /// Carries out `work` in a transaction, after those that came before it, and commits it unless `work` fails. Waiting for
    /// the disk holds up no thread.
    pub(crate) async fn write<T, E>(
        &self,
        work: impl FnOnce(&Transaction) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<rusqlite::Error> + Send + 'static,
    {
        match &self.0 {
            Kind::Memory(connection) => write(&mut lock(connection), work),
            Kind::File(file) => file.writer().write(work).await,
        }
    }

    /// As [`Store::write`], for callers that cannot wait otherwise than with their thread.
    pub(crate) fn write_now<T, E>(
        &self,
        work: impl FnOnce(&Transaction) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<rusqlite::Error> + Send + 'static,
    {
        match &self.0 {
            Kind::Memory(connection) => write(&mut lock(connection), work),
            Kind::File(file) => file.writer().write_now(work),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A transaction rolls back when dropped, so a panic elsewhere leaves a connection sound.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// All that `work` reads is of one state of the database.
fn read<T, E: From<rusqlite::Error>>(
    connection: &mut Connection,
    work: impl FnOnce(&Connection) -> Result<T, E>,
) -> Result<T, E> {
    work(&*connection.transaction()?)
}

fn write<T, E: From<rusqlite::Error>>(
    connection: &mut Connection,
    work: impl FnOnce(&Transaction) -> Result<T, E>,
) -> Result<T, E> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let outcome = work(&transaction)?;
    transaction.commit()?;
    Ok(outcome)
}

fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
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

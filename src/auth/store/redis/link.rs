//! The connection that a store keeps to its servers.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use redis::{ErrorKind, FromRedisValue, Pipeline, RedisError, RedisResult};

use super::connector::{Connection, Connector};
use crate::error::Error;

/// Connects when it is first used, and again after a failure.
pub(super) struct Link(Arc<Inner>);

struct Inner {
    connector: Connector,
    current: Mutex<Option<Connection>>,
}

impl Link {
    pub(super) fn new(connector: Connector) -> Self {
        Self(Arc::new(Inner { connector, current: Mutex::default() }))
    }

    /// Runs commands that may be repeated. When the present connection fails they are, once, through a new one: the server may
    /// have closed it because it was idle, or be a replica since a failover, and the runtime that drove it may be gone.
    pub(super) async fn run<T: FromRedisValue>(&self, commands: &Pipeline) -> Result<T, Error> {
        let present = self.0.current().clone();
        if let Some(present) = present
            && let Ok(value) = self.run_through(present, commands).await
        {
            return Ok(value);
        }
        let connection = self.connect().await.map_err(|error| failed(&error))?;
        self.run_through(connection, commands).await.map_err(|error| failed(&error))
    }

    async fn run_through<T: FromRedisValue>(
        &self,
        mut connection: Connection,
        commands: &Pipeline,
    ) -> RedisResult<T> {
        let outcome = connection.run(commands).await;
        if outcome.is_err() {
            *self.0.current() = None;
        }
        outcome
    }

    /// In a task of its own: a caller that gives up does not stop it, so that servers that are slow to connect to serve the next
    /// caller.
    async fn connect(&self) -> RedisResult<Connection> {
        let inner = self.0.clone();
        let connecting = tokio::spawn(async move {
            let connection = inner.connector.connect().await?;
            *inner.current() = Some(connection.clone());
            Ok(connection)
        });
        connecting.await.unwrap_or_else(|_| Err((ErrorKind::Client, "the runtime is shutting down").into()))
    }
}

impl Inner {
    fn current(&self) -> MutexGuard<'_, Option<Connection>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The text of a server, which is a detail of the error, may repeat what the server was sent; the kind does not, nor does the text
/// of a failed connection.
fn failed(error: &RedisError) -> Error {
    let kind = error.kind();
    match (kind, error.detail()) {
        (ErrorKind::Io, None) => Error::credential(format!("the connection to Redis failed: {error}")),
        _ => Error::credential(format!("Redis failed: {kind:?}")),
    }
}

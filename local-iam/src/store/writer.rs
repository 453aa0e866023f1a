//! The one connection that writes to a file, on a thread of its own: the disk keeps nobody else waiting.

use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use rusqlite::{Connection, Transaction, ffi};
use tokio::sync::oneshot;

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

#[derive(Debug)]
pub(super) struct Writer {
    /// None once it is stopped.
    queue: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// `lock` is released after the connection is closed.
    pub(super) fn start(mut connection: Connection, lock: fs::File) -> io::Result<Self> {
        let (queue, jobs) = mpsc::channel::<Job>();
        let thread = thread::Builder::new().name("local-iam-writer".into()).spawn(move || {
            for job in jobs {
                // A transaction rolls back when dropped, so the next job finds the connection sound.
                let _ = catch_unwind(AssertUnwindSafe(|| job(&mut connection)));
            }
            drop(connection);
            drop(lock);
        })?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    /// See [`Store::write`](super::Store::write). What nobody waits for any more when its turn comes is not carried out.
    pub(super) async fn write<T, E>(
        &self,
        work: impl FnOnce(&Transaction) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<rusqlite::Error> + Send + 'static,
    {
        let (reply, outcome) = oneshot::channel();
        self.push(move |connection| {
            if !reply.is_closed() {
                let _ = reply.send(super::write(connection, work));
            }
        });
        outcome.await.unwrap_or_else(|_| Err(stopped().into()))
    }

    pub(super) fn write_now<T, E>(
        &self,
        work: impl FnOnce(&Transaction) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<rusqlite::Error> + Send + 'static,
    {
        let (reply, outcome) = mpsc::sync_channel(1);
        self.push(move |connection| {
            let _ = reply.send(super::write(connection, work));
        });
        outcome.recv().unwrap_or_else(|_| Err(stopped().into()))
    }

    fn push(&self, job: impl FnOnce(&mut Connection) + Send + 'static) {
        if let Some(queue) = &self.queue {
            // Without a thread the job is dropped, and who waits for it is notified by that.
            let _ = queue.send(Box::new(job));
        }
    }

    /// Finishes the job in hand and closes the connection.
    pub(super) fn stop(&mut self) {
        self.queue.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The error of a write that has no outcome.
fn stopped() -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_ABORT), Some("the writer stopped".into()))
}

//! Work that would hold up the thread of an asynchronous caller.

use std::io;
use std::thread;

use tokio::sync::oneshot;

/// Does `work` on a thread of its own, whatever runtime the caller is on.
pub(crate) async fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> io::Result<T> {
    let (done, outcome) = oneshot::channel();
    thread::Builder::new().spawn(move || done.send(work()))?;
    outcome.await.map_err(io::Error::other)
}

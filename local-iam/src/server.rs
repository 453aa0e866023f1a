//! The HTTP server: HTTP/1.1 on a loopback socket, in front of the engine.

use std::io;
use std::net::TcpListener;
use std::num::NonZero;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::runtime::{self, Runtime};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::body::{self, Outgoing};
use crate::engine::{Break, Engine, MAX_BODY};
use crate::error::Error;

/// How long requests in flight may take to finish at shutdown.
const GRACE: Duration = Duration::from_secs(10);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Serving,
    Finishing,
}

/// A server on its own threads, so that it responds while the caller's runtime is busy. Dropping it stops it at once.
#[derive(Debug)]
pub(crate) struct Server {
    /// Dropped: stop now.
    state: Option<watch::Sender<State>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start(listener: TcpListener, engine: Arc<Engine>) -> Result<Self, Error> {
        let failed = |error| Error::caused("start the server", error);
        listener.set_nonblocking(true).map_err(failed)?;
        let runtime = runtime::Builder::new_multi_thread()
            .worker_threads(workers())
            .thread_name("local-iam-worker")
            .enable_all()
            .build()
            .map_err(failed)?;
        let listener = {
            let _inside = runtime.enter();
            tokio::net::TcpListener::from_std(listener).map_err(failed)?
        };
        let (state, watch) = watch::channel(State::Serving);
        let thread = thread::Builder::new()
            .name("affinidi-iam-local".into())
            .spawn(move || run(runtime, listener, engine, watch))
            .map_err(failed)?;
        Ok(Self { state: Some(state), thread: Some(thread) })
    }

    /// Lets requests in flight finish, then stops.
    pub(crate) async fn shutdown(self) {
        if let Some(state) = &self.state {
            let _ = state.send(State::Finishing);
            // The thread drops its end when it is done.
            state.closed().await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.state.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// How many threads respond to requests. More than one even on one processor: a signature holds up nobody else for long.
fn workers() -> usize {
    thread::available_parallelism().map_or(2, NonZero::get).clamp(2, 8)
}

fn run(
    runtime: Runtime,
    listener: tokio::net::TcpListener,
    engine: Arc<Engine>,
    mut state: watch::Receiver<State>,
) {
    runtime.block_on(async {
        let mut connections = JoinSet::new();
        let finishing = loop {
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => {
                        connections.spawn(serve(stream, engine.clone(), state.clone()));
                    }
                    // Out of file descriptors, most likely: let running connections finish before the retry.
                    Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
                },
                Some(_) = connections.join_next() => {}
                changed = state.changed() => break changed.is_ok(),
            }
        };
        drop(listener);
        if finishing {
            tokio::select! {
                _ = tokio::time::timeout(GRACE, async { while connections.join_next().await.is_some() {} }) => {}
                _ = state.changed() => {}
            }
        }
    });
    // Dropping the runtime here ends the connections that are still open.
}

async fn serve(stream: TcpStream, engine: Arc<Engine>, mut state: watch::Receiver<State>) {
    let _ = stream.set_nodelay(true);
    let (reset, mut must_reset) = watch::channel(());
    let reset = Arc::new(reset);
    let service = service_fn(|request: Request<Incoming>| {
        let (engine, reset) = (engine.clone(), reset.clone());
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let request = Request::from_parts(head, body::read(body, MAX_BODY).await?);
            let response = engine.handle(request).await;
            match response.extensions().get::<Break>() {
                None => Ok(response.map(Outgoing::whole)),
                Some(Break::Truncate) => Ok(truncated(response)),
                Some(Break::Reset) => {
                    let _ = reset.send(());
                    // The connection ends before this wait does.
                    std::future::pending::<io::Result<Response<Outgoing>>>().await
                }
            }
        })
    });
    let mut connection =
        http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service);
    loop {
        tokio::select! {
            // An error here is a client that went away or did not send HTTP; nobody is left to notify.
            _ = &mut connection => return,
            Ok(()) = must_reset.changed() => break,
            changed = state.changed() => match changed {
                Ok(()) => Pin::new(&mut connection).graceful_shutdown(),
                Err(_) => return,
            }
        }
    }
    // Closing without lingering makes the operating system send a reset.
    let _ = connection.into_parts().io.into_inner().set_zero_linger();
}

/// The response with the length of its complete body and half of the bytes.
fn truncated(response: Response<Bytes>) -> Response<Outgoing> {
    let (mut head, body) = response.into_parts();
    head.headers.insert(CONTENT_LENGTH, body.len().into());
    Response::from_parts(head, Outgoing::half(&body))
}

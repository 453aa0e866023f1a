//! The HTTP door: HTTP/1.1 on a loopback socket, handed to the engine.

use std::convert::Infallible;
use std::net::TcpListener;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::runtime::{self, Runtime};
use tokio::sync::oneshot;

use crate::engine::{Engine, MAX_BODY};
use crate::error::Error;

/// A server on its own thread, so that it answers whatever the caller's runtime is doing. Dropping it stops it.
#[derive(Debug)]
pub(crate) struct Server {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start(listener: TcpListener, engine: Arc<Engine>) -> Result<Self, Error> {
        let failed = |error| Error::io("start the server", error);
        listener.set_nonblocking(true).map_err(failed)?;
        let runtime = runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let listener = {
            let _inside = runtime.enter();
            tokio::net::TcpListener::from_std(listener).map_err(failed)?
        };
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new()
            .name("affinidi-iam-local".into())
            .spawn(move || run(runtime, listener, engine, stopped))
            .map_err(failed)?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn run(
    runtime: Runtime,
    listener: tokio::net::TcpListener,
    engine: Arc<Engine>,
    stopped: oneshot::Receiver<()>,
) {
    runtime.block_on(async {
        tokio::select! {
            () = accept(listener, engine) => {}
            _ = stopped => {}
        }
    });
    // Dropping the runtime here ends the connections that are still open.
}

async fn accept(listener: tokio::net::TcpListener, engine: Arc<Engine>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(serve(stream, engine.clone()));
            }
            // Out of file descriptors, most likely: let running connections finish before trying again.
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}

async fn serve(stream: TcpStream, engine: Arc<Engine>) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request: Request<Incoming>| {
        let engine = engine.clone();
        async move {
            let response = match read(request).await {
                Some(request) => engine.handle(request).await,
                None => engine.body_too_large(),
            };
            Ok::<Response<Full<Bytes>>, Infallible>(response.map(Full::new))
        }
    });
    // An error here is a client that went away or did not speak HTTP; there is nobody to tell.
    let _ =
        http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service).await;
}

/// The request with its whole body; `None` when the body is larger than the engine reads, or broke off.
async fn read(request: Request<Incoming>) -> Option<Request<Bytes>> {
    let (head, body) = request.into_parts();
    let body = Limited::new(body, MAX_BODY).collect().await.ok()?;
    Some(Request::from_parts(head, body.to_bytes()))
}

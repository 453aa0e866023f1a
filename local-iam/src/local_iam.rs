//! The running service, as a value.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;

use crate::clock::Clock;
use crate::engine::Engine;
use crate::error::Error;
use crate::server::Server;

/// A running local IAM service. It serves on a thread of its own until it is dropped.
#[derive(Debug)]
pub struct LocalIam {
    engine: Arc<Engine>,
    _server: Server,
}

impl LocalIam {
    /// Starts a service on a free port of `127.0.0.1`, on the machine's clock.
    ///
    /// # Errors
    ///
    /// When no port can be bound, no thread started or no key generated.
    pub async fn start() -> Result<Self, Error> {
        Self::builder().start().await
    }

    /// Configures a service before it starts.
    pub fn builder() -> LocalIamBuilder {
        LocalIamBuilder::default()
    }

    /// Where the contract's operations are: `http://127.0.0.1:PORT/iam`, without a trailing slash.
    pub fn base_url(&self) -> &str {
        self.engine.base_url()
    }
}

/// What can be chosen before a [`LocalIam`] starts.
#[derive(Debug, Clone)]
pub struct LocalIamBuilder {
    port: u16,
    clock: Clock,
}

impl Default for LocalIamBuilder {
    fn default() -> Self {
        Self { port: 0, clock: Clock::system() }
    }
}

impl LocalIamBuilder {
    /// The port on `127.0.0.1`. The default, 0, picks a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The clock that tokens are issued and checked by. The default is [`Clock::system`].
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Starts the service; it accepts connections when this returns.
    ///
    /// # Errors
    ///
    /// When the port cannot be bound, no thread started or no key generated.
    pub async fn start(self) -> Result<LocalIam, Error> {
        let bind = |error| Error::io(format!("listen on 127.0.0.1:{}", self.port), error);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)).map_err(bind)?;
        let port = listener.local_addr().map_err(bind)?.port();
        let engine = Arc::new(Engine::new(port, self.clock)?);
        let server = Server::start(listener, engine.clone())?;
        Ok(LocalIam { engine, _server: server })
    }
}

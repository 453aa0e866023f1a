//! The running service, as a value.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use crate::background;
use crate::clock::Clock;
use crate::engine::{Addresses, Engine, Lifetimes, SeedIds, Seeds};
use crate::error::Error;
use crate::server::Server;
use crate::store::Store;
use crate::transport::InProcess;

/// A running local IAM service. It listens, on its own threads, until it is dropped; a [`transport`](Self::transport) works without
/// it.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use affinidi_iam_local::LocalIam;
/// use affinidi_tdk_iam_client::{Client, auth};
///
/// let iam = LocalIam::start().await?;
/// let credential = auth::PersonalAccessToken::builder()
///     .token_id(iam.seeds().token_id())
///     .project_id(iam.seeds().project_id())
///     .private_key_pem(iam.seeds().private_key_pem())
///     .token_endpoint(iam.token_endpoint())
///     .build()?;
/// let client = Client::builder().base_url(iam.base_url()).personal_access_token(credential).build()?;
/// let principals = client.projects().list_principals_of_project().await?;
/// assert_eq!(principals.records.len(), 2, "the user and the personal access token that it starts with");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[doc(alias = "mock")]
pub struct LocalIam {
    pub(crate) engine: Arc<Engine>,
    server: Server,
    socket: SocketAddr,
}

impl LocalIam {
    /// Starts a service on a free port of `127.0.0.1`, with an in-memory database and the machine's clock.
    ///
    /// # Errors
    ///
    /// Fails when no port can be bound, no thread started or no key generated.
    pub async fn start() -> Result<Self, Error> {
        Self::builder().start().await
    }

    /// Configures a service before it starts.
    pub fn builder() -> LocalIamBuilder {
        LocalIamBuilder::default()
    }

    /// Where the contract's operations are: `http://127.0.0.1:PORT/iam`, without a trailing slash. All URLs follow
    /// [`LocalIamBuilder::listen`] and [`LocalIamBuilder::public_url`].
    pub fn base_url(&self) -> &str {
        self.engine.state().base_url()
    }

    /// The address of the service, without a path: `http://127.0.0.1:PORT`. Clients call it `API_GATEWAY_URL`.
    pub fn gateway_url(&self) -> &str {
        self.engine.state().gateway()
    }

    /// The token endpoint of personal access tokens: `http://127.0.0.1:PORT/auth/oauth2/token`.
    pub fn token_endpoint(&self) -> String {
        self.engine.state().token_endpoint()
    }

    /// Where the management API is: `http://127.0.0.1:PORT/__local/v1`.
    pub fn management_url(&self) -> String {
        format!("{}/__local/v1", self.engine.state().gateway())
    }

    /// The API reference page: `http://127.0.0.1:PORT/`.
    pub fn reference_url(&self) -> String {
        format!("{}/", self.engine.state().gateway())
    }

    /// The address and port that it listens on.
    pub fn local_addr(&self) -> SocketAddr {
        self.socket
    }

    /// The user, project and personal access token that the service starts with.
    pub fn seeds(&self) -> &Seeds {
        self.engine.state().seeds()
    }

    /// The service as a transport of the SDK: requests reach it without a socket, and everything else stays the same.
    /// A clone keeps the engine alive after the service itself was dropped.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use affinidi_iam_local::LocalIam;
    /// use affinidi_tdk_iam_client::Client;
    ///
    /// let iam = LocalIam::start().await?;
    /// let client = Client::builder().base_url(iam.base_url()).transport(iam.transport()).build()?;
    /// let keys = client.well_known().get_well_known_jwks().await?;
    /// assert_eq!(keys.keys[0].alg, "ES256");
    /// # Ok(())
    /// # }
    /// ```
    pub fn transport(&self) -> InProcess {
        InProcess(self.engine.clone())
    }

    /// Stops accepting connections, waits at most ten seconds for the requests in flight, and closes the database.
    /// Dropping the service stops it at once.
    pub async fn shutdown(self) {
        let Self { engine, server, .. } = self;
        server.shutdown().await;
        // Closing the database waits for the disk.
        let _ = background::run(move || drop(engine)).await;
    }
}

/// Builder for a [`LocalIam`].
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), affinidi_iam_local::Error> {
/// use std::time::Duration;
///
/// use affinidi_iam_local::LocalIam;
///
/// let iam = LocalIam::builder().user_token_lifetime(Duration::from_secs(60)).start().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct LocalIamBuilder {
    ip: IpAddr,
    port: u16,
    public_url: Option<String>,
    database: Option<PathBuf>,
    clock: Clock,
    lifetimes: Lifetimes,
    seeds: SeedIds,
    unproven: bool,
}

impl Default for LocalIamBuilder {
    fn default() -> Self {
        Self {
            ip: Ipv4Addr::LOCALHOST.into(),
            port: 0,
            public_url: None,
            database: None,
            clock: Clock::system(),
            lifetimes: Lifetimes { user: 3600, project: 3600, consumer: 3600 },
            seeds: SeedIds::default(),
            unproven: false,
        }
    }
}

impl LocalIamBuilder {
    /// The address to listen on. The default is `127.0.0.1`.
    ///
    /// Beyond the loopback interface, everybody who reaches the service gets tokens and private keys from its management API: use it
    /// only inside a container or a network that nobody else reaches.
    #[must_use]
    pub fn listen(mut self, ip: impl Into<IpAddr>) -> Self {
        self.ip = ip.into();
        self
    }

    /// Under which address clients reach the service, if it is another one than it listens on: a mapped port, the name of a
    /// container, or a proxy in front. Scheme, host and port, such as `http://localhost:9090`.
    ///
    /// It is in all URLs that the service returns, and in `iss` and `aud` of tokens. Client assertions for the address that it
    /// listens on are still accepted. The default is the address that it listens on.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), affinidi_iam_local::Error> {
    /// use affinidi_iam_local::LocalIam;
    ///
    /// let iam = LocalIam::builder().public_url("http://localhost:9090").start().await?;
    /// assert_eq!(iam.base_url(), "http://localhost:9090/iam");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn public_url(mut self, url: impl Into<String>) -> Self {
        self.public_url = Some(url.into());
        self
    }

    /// The port to listen on. The default, 0, picks a free one.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The SQLite file that holds everything, created when there is none. The default is a database in memory.
    ///
    /// What the service has acknowledged survives the end of the process, however it ends. After a power failure the last writes
    /// may be lost; the database is not corrupted.
    #[must_use]
    pub fn database(mut self, path: impl Into<PathBuf>) -> Self {
        self.database = Some(path.into());
        self
    }

    /// The clock that tokens are issued and checked by. The default is [`Clock::system`].
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// How long user tokens are valid, in whole seconds. The default is one hour.
    #[must_use]
    pub fn user_token_lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetimes.user = seconds(lifetime);
        self
    }

    /// How long project tokens are valid, in whole seconds. The default is one hour.
    #[must_use]
    pub fn project_token_lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetimes.project = seconds(lifetime);
        self
    }

    /// How long consumer tokens are valid, in whole seconds. The default is one hour.
    #[must_use]
    pub fn consumer_token_lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetimes.consumer = seconds(lifetime);
        self
    }

    /// The id of the seeded user. The default is a random one.
    #[must_use]
    pub fn user_id(mut self, id: Uuid) -> Self {
        self.seeds.user = Some(id);
        self
    }

    /// The id of the seeded project. The default is a random one.
    #[must_use]
    pub fn project_id(mut self, id: Uuid) -> Self {
        self.seeds.project = Some(id);
        self
    }

    /// The id of the seeded personal access token. The default is a random one.
    #[must_use]
    pub fn token_id(mut self, id: Uuid) -> Self {
        self.seeds.token = Some(id);
        self
    }

    /// Turns on what nobody has seen of the real service: scopes, ID tokens and refresh tokens of consumers. The default is
    /// off, and then a consumer's token request with a scope is refused.
    #[must_use]
    pub fn unproven(mut self, on: bool) -> Self {
        self.unproven = on;
        self
    }

    /// Starts the service; it accepts connections when this returns.
    ///
    /// # Errors
    ///
    /// Fails when the address cannot be bound; when the public URL has more than scheme, host and port; when the database file is in use by another process, damaged, of a newer version
    /// or of another program (it is left as it is); when no thread can be started or no key generated.
    pub async fn start(self) -> Result<LocalIam, Error> {
        // Keys are made and the disk is waited for, which would hold up the caller's thread.
        let started = background::run(move || self.start_here()).await;
        started.map_err(|error| Error::caused("start the service", error))?
    }

    fn start_here(self) -> Result<LocalIam, Error> {
        let store = match &self.database {
            None => Store::in_memory()?,
            Some(path) => Store::open(path)?,
        };
        let socket = SocketAddr::new(self.ip, self.port);
        let bind = |error| Error::caused(format!("listen on {socket}"), error);
        let listener = TcpListener::bind(socket).map_err(bind)?;
        let socket = listener.local_addr().map_err(bind)?;
        let addresses = Addresses::new(socket, self.public_url.as_deref())?;
        let engine =
            Arc::new(Engine::new(addresses, self.clock, store, self.lifetimes, self.seeds, self.unproven)?);
        let server = Server::start(listener, engine.clone())?;
        Ok(LocalIam { engine, server, socket })
    }
}

fn seconds(lifetime: Duration) -> i64 {
    i64::try_from(lifetime.as_secs()).unwrap_or(i64::MAX)
}

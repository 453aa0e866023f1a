//! Making connections.

use redis::aio::MultiplexedConnection;
use redis::cluster::ClusterClient;
use redis::cluster_async::ClusterConnection;
use redis::sentinel::{SentinelClient, SentinelClientBuilder, SentinelServerType};
use redis::{
    Client, ConnectionAddr, ConnectionInfo, ErrorKind, FromRedisValue, Pipeline, RedisConnectionInfo,
    RedisError, RedisResult, TlsCertificates, TlsMode,
};

use crate::error::Error;

/// Shared by all that use it at the same time.
#[derive(Clone)]
pub(super) enum Connection {
    Server(MultiplexedConnection),
    Cluster(ClusterConnection),
}

impl Connection {
    pub(super) async fn run<T: FromRedisValue>(&mut self, commands: &Pipeline) -> RedisResult<T> {
        match self {
            Self::Server(connection) => commands.query_async(connection).await,
            Self::Cluster(connection) => commands.query_async(connection).await,
        }
    }
}

/// Makes connections to one server, a cluster, or the server that sentinels name.
pub(super) enum Connector {
    Standalone(Client),
    Cluster { client: ClusterClient, nodes: Vec<ConnectionInfo> },
    Sentinel(Sentinels),
}

impl Connector {
    pub(super) async fn connect(&self) -> RedisResult<Connection> {
        Ok(match self {
            Self::Standalone(client) => Connection::Server(client.get_multiplexed_async_connection().await?),
            Self::Cluster { client, nodes } => match client.get_async_connection().await {
                Ok(connection) => Connection::Cluster(connection),
                Err(error) => return Err(cause(nodes, error).await),
            },
            Self::Sentinel(sentinels) => {
                Connection::Server(sentinels.client()?.get_async_connection().await?)
            }
        })
    }
}

/// Why no node can be used: the error of a cluster has only a text, which may hold that of a server.
async fn cause(nodes: &[ConnectionInfo], error: RedisError) -> RedisError {
    for node in nodes {
        let connected = match Client::open(node.clone()) {
            Ok(client) => client.get_multiplexed_async_connection().await.map(drop),
            Err(error) => Err(error),
        };
        match connected {
            Err(cause) if !cause.is_connection_refusal() => return cause,
            _ => {}
        }
    }
    error
}

/// The sentinels of a service, and how to log in to its master.
pub(super) struct Sentinels {
    pub(super) sentinels: Vec<ConnectionInfo>,
    /// The name of the service stands for the host.
    pub(super) master: ConnectionInfo,
    pub(super) certificates: Option<TlsCertificates>,
}

impl Sentinels {
    pub(super) fn check(&self) -> Result<(), Error> {
        let login = |server: &ConnectionInfo| {
            let settings = server.redis_settings();
            (settings.username().map(str::to_owned), settings.password().map(str::to_owned))
        };
        let mut logins = self.sentinels.iter().map(login);
        let first = logins.next();
        let differ = logins.any(|login| Some(login) != first);
        match self.client() {
            Ok(_) if !differ => Ok(()),
            _ => Err(Error::configuration(
                "Redis Sentinel needs the URL of at least one sentinel and the name of a service as the host of the master's URL, and \
                 all sentinels must have the same user and password",
            )),
        }
    }

    /// A new one for each connection: it would keep its connections to the sentinels.
    fn client(&self) -> RedisResult<SentinelClient> {
        let (service, tls) = match self.master.addr() {
            ConnectionAddr::Tcp(service, _) => (service.as_str(), false),
            ConnectionAddr::TcpTls { host, .. } => (host.as_str(), true),
            _ => return Err((ErrorKind::InvalidClientConfig, "a path names no service").into()),
        };
        let addresses = self.sentinels.iter().map(|sentinel| sentinel.addr().clone());
        let master = self.master.redis_settings();
        let mut builder = SentinelClientBuilder::new(addresses, service, SentinelServerType::Master)?
            .set_client_to_redis_db(master.db())
            .set_client_to_redis_protocol(master.protocol());
        if let Some(user) = master.username() {
            builder = builder.set_client_to_redis_username(user);
        }
        if let Some(password) = master.password() {
            builder = builder.set_client_to_redis_password(password);
        }
        let sentinel = self.sentinels.first().map(ConnectionInfo::redis_settings);
        if let Some(user) = sentinel.and_then(RedisConnectionInfo::username) {
            builder = builder.set_client_to_sentinel_username(user);
        }
        if let Some(password) = sentinel.and_then(RedisConnectionInfo::password) {
            builder = builder.set_client_to_sentinel_password(password);
        }
        if tls {
            builder = builder.set_client_to_redis_tls_mode(TlsMode::Secure);
        }
        if let Some(certificates) = &self.certificates {
            builder = builder.set_client_to_redis_certificates(certificates.clone());
        }
        builder.build()
    }
}

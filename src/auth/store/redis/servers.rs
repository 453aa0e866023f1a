//! Which servers hold the tokens.

use std::fmt;

use redis::cluster::ClusterClientBuilder;
use redis::{Client, ConnectionAddr, ConnectionInfo, IntoConnectionInfo};

use super::connector::{Connector, Sentinels};
use crate::error::Error;

/// The servers of a [`RedisTokenStore`](super::RedisTokenStore): one server, a cluster, or those that Redis Sentinel watches.
///
/// Each server is named by a URL, `redis://[user:password@]host[:port][/database]`; the default port is 6379. Reserved characters
/// of user and password are percent-encoded. `rediss` instead of `redis` is TLS. A text is converted to the server of
/// that URL.
///
/// TLS is that of rustls. A process that has not installed a cryptography provider for rustls when a store with TLS is made gets
/// aws-lc-rs.
///
/// ```no_run
/// use affinidi_tdk_iam_client::auth::{RedisServers, RedisTokenStore};
///
/// # fn example(key: [u8; 32], pem: &str) -> Result<(), affinidi_tdk_iam_client::Error> {
/// let cluster = RedisServers::cluster(["rediss://user:password@redis-1:6379", "rediss://user:password@redis-2:6379"]);
/// let sentinel = RedisServers::sentinel(["redis://sentinel-1:26379", "redis://sentinel-2:26379"], "redis://user:password@mymaster");
/// let store = RedisTokenStore::new(cluster, key)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct RedisServers {
    topology: Topology,
    root_certificates: Option<Vec<u8>>,
}

#[derive(Clone)]
enum Topology {
    Standalone(String),
    Cluster(Vec<String>),
    Sentinel { sentinels: Vec<String>, master: String },
}

impl RedisServers {
    /// One server.
    pub fn standalone(url: impl AsRef<str>) -> Self {
        Self::new(Topology::Standalone(url.as_ref().to_owned()))
    }

    /// A Redis Cluster. It is enough that one of the servers at `urls` can be reached: the others are learned from it, and the
    /// user, the password and TLS are the same for all.
    pub fn cluster(urls: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        Self::new(Topology::Cluster(owned(urls)))
    }

    /// The server that the sentinels at `sentinels` name as the master of a service. `master` is the URL of that server with the
    /// name of the service for its host, such as `redis://user:password@mymaster`. The sentinels have their own user, password
    /// and TLS, the same for all of them; their usual port is 26379 and must be set.
    pub fn sentinel(sentinels: impl IntoIterator<Item = impl AsRef<str>>, master: impl AsRef<str>) -> Self {
        Self::new(Topology::Sentinel { sentinels: owned(sentinels), master: master.as_ref().to_owned() })
    }

    /// Trusts only servers whose certificates these authorities issued, as PEM. Default: the authorities that the operating
    /// system trusts. All URLs must be `rediss`.
    #[must_use]
    pub fn root_certificates_pem(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.root_certificates = Some(pem.as_ref().to_vec());
        self
    }

    fn new(topology: Topology) -> Self {
        Self { topology, root_certificates: None }
    }

    pub(super) fn connector(&self) -> Result<Connector, Error> {
        Ok(match &self.topology {
            Topology::Standalone(url) => {
                let client = Client::open(self.read(url)?);
                Connector::Standalone(client.map_err(|_| Error::configuration(UNREADABLE))?)
            }
            Topology::Cluster(urls) => self.cluster_connector(urls)?,
            Topology::Sentinel { sentinels, master } => {
                let sentinels = Sentinels {
                    sentinels: sentinels.iter().map(|url| self.read(url)).collect::<Result<_, _>>()?,
                    master: self.read(master)?,
                    certificates: self.certificates(),
                };
                sentinels.check()?;
                Connector::Sentinel(sentinels)
            }
        })
    }

    fn cluster_connector(&self, urls: &[String]) -> Result<Connector, Error> {
        let nodes = urls.iter().map(|url| self.read(url)).collect::<Result<Vec<_>, _>>()?;
        // Its defaults wait longer than a token cache does.
        let builder =
            ClusterClientBuilder::new(nodes.clone()).retries(2).min_retry_wait(20).max_retry_wait(100);
        let builder = match self.certificates() {
            Some(certificates) => builder.certs(certificates),
            None => builder,
        };
        let client = builder.build().map_err(|_| {
            Error::configuration(
                "a Redis Cluster needs the URL of at least one of its servers, and all URLs must have the same user, password, \
                 database and scheme",
            )
        })?;
        Ok(Connector::Cluster { client, nodes })
    }

    /// The libraries' errors might repeat the URL, which may hold a password.
    fn read(&self, url: &str) -> Result<ConnectionInfo, Error> {
        let server = url.into_connection_info().map_err(|_| Error::configuration(UNREADABLE))?;
        if let ConnectionAddr::TcpTls { insecure, .. } = server.addr() {
            if *insecure {
                return Err(Error::configuration(
                    "the URL of a Redis server ends in `#insecure`: trust the server's authority with `root_certificates_pem` instead",
                ));
            }
            tls::choose_cryptography();
        }
        if let Some(certificates) = self.certificates() {
            return tls::trusting(server, certificates);
        }
        Ok(server)
    }

    fn certificates(&self) -> Option<redis::TlsCertificates> {
        let root_cert = self.root_certificates.clone()?;
        Some(redis::TlsCertificates { client_tls: None, root_cert: Some(root_cert) })
    }
}

const UNREADABLE: &str = "the URL of a Redis server cannot be read";

fn owned(urls: impl IntoIterator<Item = impl AsRef<str>>) -> Vec<String> {
    urls.into_iter().map(|url| url.as_ref().to_owned()).collect()
}

/// One server.
impl<S: AsRef<str>> From<S> for RedisServers {
    fn from(url: S) -> Self {
        Self::standalone(url)
    }
}

/// Prints no URL: it may hold a password.
impl fmt::Debug for RedisServers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisServers").finish_non_exhaustive()
    }
}

mod tls {
    use redis::{Client, ConnectionInfo, TlsCertificates};
    use rustls::crypto::{CryptoProvider, aws_lc_rs};
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject as _;

    use crate::error::Error;

    pub(super) fn trusting(
        server: ConnectionInfo,
        certificates: TlsCertificates,
    ) -> Result<ConnectionInfo, Error> {
        // A text without any certificate would trust nobody.
        let pem = certificates.root_cert.as_deref().unwrap_or_default();
        if CertificateDer::pem_slice_iter(pem).next().is_none() {
            return Err(Error::configuration("`root_certificates_pem` has no certificate in PEM"));
        }
        let client = Client::build_with_tls(server, certificates).map_err(|_| {
            Error::configuration(
                "`root_certificates_pem` needs `rediss` URLs and certificates that can be read",
            )
        })?;
        Ok(client.get_connection_info().clone())
    }

    /// The library takes the provider of the process, and panics where a program has two of them and has chosen none.
    pub(super) fn choose_cryptography() {
        if CryptoProvider::get_default().is_none() {
            let _ = aws_lc_rs::default_provider().install_default();
        }
    }
}

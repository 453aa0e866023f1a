//! Building a [`HyperTransport`].

use std::fmt;
use std::time::Duration;

use super::HyperTransport;
use super::trust::Trust;
use crate::error::Error;
use crate::transport::route::ConnectionSettings;

/// Builds a [`HyperTransport`]; the defaults are those of the built-in transport.
///
/// ```
/// use std::time::Duration;
///
/// use affinidi_tdk_iam_client::transport::HyperTransport;
///
/// # fn main() -> Result<(), affinidi_tdk_iam_client::Error> {
/// let transport = HyperTransport::builder()
///     .connect_timeout(Duration::from_secs(2))
///     .pool_max_idle_per_host(32)
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct HyperTransportBuilder {
    settings: ConnectionSettings,
    root_certificates: Vec<u8>,
}

impl HyperTransportBuilder {
    /// How long making a connection may take, name resolution and TLS included, and waiting for a stream of HTTP/2 where all are in
    /// use. Default: 5 s. Exceeding it fails with an error for which both [`Error::is_timeout`] and [`Error::is_connect`] are true.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.settings.connect_timeout = timeout;
        self
    }

    /// How long a connection is kept for the next request while it is idle. Default: 15 s. With `Duration::ZERO` every request by
    /// HTTP/1.1 makes its own connection.
    pub fn pool_idle_timeout(mut self, timeout: Duration) -> Self {
        self.settings.pool_idle_timeout = timeout;
        self
    }

    /// How many idle connections to one host are kept at most. Default: 256.
    pub fn pool_max_idle_per_host(mut self, connections: usize) -> Self {
        self.settings.pool_max_idle_per_host = connections;
        self
    }

    /// How many connections of HTTP/2 are made to one host at most; another one is made when all streams of those that there are are in
    /// use. Default: 100; 0 counts as 1.
    #[cfg(feature = "http2")]
    pub fn http2_max_connections_per_host(mut self, connections: usize) -> Self {
        self.settings.http2_max_connections = connections.max(1);
        self
    }

    /// Certificate authorities to trust beside those of the operating system: one or more certificates as PEM. Further calls add to
    /// them. Default: none.
    pub fn root_certificates(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.root_certificates.extend_from_slice(pem.as_ref());
        self.root_certificates.push(b'\n');
        self
    }

    /// Makes the transport. Nothing is sent and nothing is spawned.
    ///
    /// # Errors
    ///
    /// [`Error::is_configuration`] when the root certificates cannot be used, or TLS cannot be set up with them. Without them,
    /// certificates are loaded when a client for an `https` URL is built, or when `https` is first needed.
    pub fn build(self) -> Result<HyperTransport, Error> {
        let trust = Trust::new(self.root_certificates).map_err(Error::configuration)?;
        Ok(HyperTransport::with(self.settings, trust))
    }
}

impl fmt::Debug for HyperTransportBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HyperTransportBuilder").field("settings", &self.settings).finish_non_exhaustive()
    }
}

//! Which certificates are trusted, by the library for TLS that is built in.

use std::sync::OnceLock;

use super::super::TransportError;

#[cfg(feature = "rustls-no-provider")]
mod library {
    use std::sync::Arc;

    use rustls::ClientConfig;

    use crate::transport::tls;

    pub(in super::super) type WithTls<T> = hyper_rustls::HttpsConnector<T>;

    /// One configuration for services, and one for proxies, with which no version of HTTP is negotiated.
    pub(super) struct Settings {
        service: Arc<ClientConfig>,
        proxy: Arc<ClientConfig>,
    }

    impl Settings {
        pub(super) fn new(root_certificates: &[u8]) -> Result<Self, String> {
            let service = match root_certificates {
                [] => tls::client_config()?,
                pem => tls::client_config_with(pem)?,
            };
            let mut proxy = service.clone();
            proxy.alpn_protocols.clear();
            Ok(Self { service: Arc::new(service), proxy: Arc::new(proxy) })
        }

        pub(super) fn for_service<T>(&self, connector: T) -> WithTls<T> {
            (connector, self.service.clone()).into()
        }

        pub(super) fn for_proxy<T>(&self, connector: T) -> WithTls<T> {
            (connector, self.proxy.clone()).into()
        }
    }
}

#[cfg(all(feature = "native-tls", not(feature = "rustls-no-provider")))]
mod library {
    use hyper_tls::native_tls::{Certificate, Error, TlsConnector};

    pub(in super::super) type WithTls<T> = hyper_tls::HttpsConnector<T>;

    /// One configuration for services, and one for proxies, with which no version of HTTP is negotiated.
    pub(super) struct Settings {
        service: TlsConnector,
        proxy: TlsConnector,
    }

    impl Settings {
        pub(super) fn new(root_certificates: &[u8]) -> Result<Self, String> {
            Self::set_up(root_certificates).map_err(|error| format!("TLS could not be set up: {error}"))
        }

        fn set_up(root_certificates: &[u8]) -> Result<Self, Error> {
            let mut builder = TlsConnector::builder();
            if !root_certificates.is_empty() {
                for certificate in Certificate::stack_from_pem(root_certificates)? {
                    builder.add_root_certificate(certificate);
                }
            }
            let proxy = builder.build()?;
            #[cfg(feature = "http2")]
            builder.request_alpns(&["h2", "http/1.1"]);
            Ok(Self { service: builder.build()?, proxy })
        }

        pub(super) fn for_service<T>(&self, connector: T) -> WithTls<T> {
            (connector, self.service.clone().into()).into()
        }

        pub(super) fn for_proxy<T>(&self, connector: T) -> WithTls<T> {
            (connector, self.proxy.clone().into()).into()
        }
    }
}

#[cfg(not(any(feature = "native-tls", feature = "rustls-no-provider")))]
mod library {
    /// Never made.
    pub(in super::super) type WithTls<T> = T;

    pub(super) struct Settings;

    impl Settings {
        pub(super) fn new(_: &[u8]) -> Result<Self, String> {
            Err("https needs TLS: turn on the feature `rustls` or `native-tls` of this crate".to_owned())
        }

        pub(super) fn for_service<T>(&self, connector: T) -> WithTls<T> {
            connector
        }

        pub(super) fn for_proxy<T>(&self, connector: T) -> WithTls<T> {
            connector
        }
    }
}

pub(super) use self::library::WithTls;

/// What TLS trusts, loaded when it is first needed.
#[derive(Default)]
pub(super) struct Trust {
    /// Authorities beside those of the operating system, as PEM.
    root_certificates: Vec<u8>,
    settings: OnceLock<library::Settings>,
}

impl Trust {
    /// Trusts more authorities than those of the operating system.
    ///
    /// # Errors
    ///
    /// A text: why they cannot be used.
    pub(super) fn new(root_certificates: Vec<u8>) -> Result<Self, String> {
        let settings = OnceLock::new();
        if !root_certificates.is_empty() {
            let loaded = library::Settings::new(&root_certificates)?;
            settings.get_or_init(|| loaded);
        }
        Ok(Self { root_certificates, settings })
    }

    /// Adds TLS to a connector to services.
    pub(super) fn with_tls<T>(&self, connector: T) -> Result<WithTls<T>, TransportError> {
        self.settings().map(|settings| settings.for_service(connector))
    }

    /// Adds TLS to a connector to proxies.
    pub(super) fn with_tls_to_proxy<T>(&self, connector: T) -> Result<WithTls<T>, TransportError> {
        self.settings().map(|settings| settings.for_proxy(connector))
    }

    fn settings(&self) -> Result<&library::Settings, TransportError> {
        self.loaded().map_err(TransportError::other)
    }

    /// Loads it, if it is not there yet.
    ///
    /// # Errors
    ///
    /// A text: why there is no TLS, and what to do about it.
    pub(super) fn load(&self) -> Result<(), String> {
        self.loaded().map(drop)
    }

    fn loaded(&self) -> Result<&library::Settings, String> {
        if let Some(settings) = self.settings.get() {
            return Ok(settings);
        }
        let loaded = library::Settings::new(&self.root_certificates)?;
        Ok(self.settings.get_or_init(|| loaded))
    }
}

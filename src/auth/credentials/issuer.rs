//! Where a credential sends its own requests, and what its builder sets of that.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};

use crate::auth::cache::{DEFAULT_FETCH_TIMEOUT, TokenCache, TokenCacheBuilder};
use crate::auth::store::TokenStore;
use crate::auth::token::{TokenSource, jwt};
use crate::call::RetryPolicy;
use crate::client::{Client, ClientBuilder};
use crate::error::Error;

/// What the builder of a credential sets of the issuer of its tokens.
pub(super) struct IssuerSettings {
    pub(super) client: ClientBuilder,
    pub(super) fetch_timeout: Duration,
    pub(super) store: Option<Arc<dyn TokenStore>>,
}

impl Default for IssuerSettings {
    fn default() -> Self {
        Self { client: ClientBuilder::default(), fetch_timeout: DEFAULT_FETCH_TIMEOUT, store: None }
    }
}

/// Adds to a credential's builder the setters of its field `issuer`.
macro_rules! issuer_setters {
    ($builder:ident) => {
        impl $builder {
            /// The URL of the operations with which tokens are fetched. Default: that of the client.
            pub fn base_url(mut self, url: impl AsRef<str>) -> Self {
                self.issuer.client = self.issuer.client.base_url(url);
                self
            }

            /// Which deployment issues the tokens. Default: that of the client.
            pub fn environment(mut self, environment: $crate::Environment) -> Self {
                self.issuer.client = self.issuer.client.environment(environment);
                self
            }

            /// Which region's gateway issues the tokens. Default: that of the client.
            pub fn region(mut self, region: $crate::Region) -> Self {
                self.issuer.client = self.issuer.client.region(region);
                self
            }

            /// The `reqwest` client to send with. Default: that of the client. See
            /// [`ClientBuilder::http_client`](crate::ClientBuilder::http_client).
            pub fn http_client(mut self, client: ::reqwest::Client) -> Self {
                self.issuer.client = self.issuer.client.http_client(client);
                self
            }

            /// The transport to send with. Default: that of the client.
            pub fn transport(mut self, transport: impl $crate::transport::Transport) -> Self {
                self.issuer.client = self.issuer.client.transport(transport);
                self
            }

            /// How long fetching one token may take, all attempts included. Default: 30 s.
            pub fn fetch_timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.issuer.fetch_timeout = timeout;
                self
            }

            /// Shares tokens with other processes through a store. Default: every process fetches its own.
            pub fn store(mut self, store: impl $crate::auth::TokenStore) -> Self {
                self.issuer.store = Some(::std::sync::Arc::new(store));
                self
            }
        }
    };
}
pub(super) use issuer_setters;

/// The issuer of a credential's tokens: what its builder set, and for the rest what the first client it serves has. A credential
/// that serves no client uses only its own settings.
pub(super) struct Issuer {
    settings: IssuerSettings,
    client: Arc<OnceLock<Client>>,
}

impl Issuer {
    pub(super) fn new(settings: IssuerSettings) -> Self {
        Self { settings, client: Arc::default() }
    }

    /// Takes from `client` what is not set. One credential has one place to send its requests to.
    pub(super) fn bind(&self, client: &Client) -> Result<(), Error> {
        let wanted = self.settings.client.clone().completed_from(client)?;
        let bound = self.client.get_or_init(|| wanted.clone());
        if bound.base_url() == wanted.base_url() && bound.environment() == wanted.environment() {
            return Ok(());
        }
        Err(Error::configuration(format!(
            "the credential serves a client of {} and cannot serve one of {} as well: make a second credential, or set its \
             `base_url` and `environment` for all clients",
            bound.base_url(),
            wanted.base_url(),
        )))
    }

    /// The client to send with; it has no credentials. Retrying a request is left to the cache's fetch, which signs a fresh
    /// assertion each time, so no retry policy of the client may do it.
    pub(super) fn client(&self) -> Result<&Client, Error> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let client = self.settings.client.clone().retry_policy(RetryPolicy::never()).build()?;
        Ok(self.client.get_or_init(|| client))
    }

    /// A cache of the tokens of `source`, which a shared store keeps under `name`.
    pub(super) fn cache(
        &self,
        source: impl TokenSource,
        step: &'static str,
        name: impl Fn() -> Result<String, Error> + Send + Sync + 'static,
    ) -> TokenCache {
        let cache: TokenCacheBuilder = TokenCache::builder(source);
        let cache = cache.step(step).fetch_timeout(self.settings.fetch_timeout);
        match &self.settings.store {
            Some(store) => {
                let client = self.client.clone();
                let observer = move || client.get()?.settings().defaults.observer.clone();
                cache.shared(store.clone(), Box::new(name)).observed(Box::new(observer)).build()
            }
            None => cache.build(),
        }
    }
}

/// The name of a token in a shared store: a hash of everything that decides what the token is.
pub(super) fn name_in_store(kind: &str, parts: &[&str]) -> String {
    let parts = serde_json::Value::from_iter(parts.iter().copied()).to_string();
    let hash = digest(&SHA256, parts.as_bytes());
    format!("{kind}:{}", jwt::base64url(hash))
}

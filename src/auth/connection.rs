//! Where a credential sends its own requests.

use std::sync::OnceLock;

use crate::Error;
use crate::RetryPolicy;
use crate::client::{Client, ClientBuilder};

/// What the builder of a credential was told, and for the rest what the first client it serves has. A credential that
/// serves no client stands on its own settings.
pub(super) struct Connection {
    own: ClientBuilder,
    client: OnceLock<Client>,
}

impl Connection {
    pub(super) fn new(own: ClientBuilder) -> Self {
        Self { own, client: OnceLock::new() }
    }

    /// Takes from `client` what is not set. One credential has one place to send its requests to.
    pub(super) fn bind(&self, client: &Client) -> Result<(), Error> {
        let wanted = self.own.clone().completed_from(client)?;
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

    /// The client to send with; it has no credentials. Repeating a request is left to the cache's fetch, which signs a fresh
    /// assertion each time, so no retry policy of the client may do it.
    pub(super) fn client(&self) -> Result<&Client, Error> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let client = self.own.clone().retry_policy(RetryPolicy::never()).build()?;
        Ok(self.client.get_or_init(|| client))
    }
}

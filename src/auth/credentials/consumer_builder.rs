//! Building a consumer credential.

use std::fmt;

use super::consumer::{ConsumerCredential, ConsumerEndpoint};
use super::issuer::{IssuerSettings, issuer_setters};
use crate::auth::signing::DidSigner;
use crate::error::Error;

impl ConsumerCredential {
    /// Starts building a credential.
    pub fn builder() -> ConsumerCredentialBuilder {
        ConsumerCredentialBuilder::default()
    }
}

/// Builder for [`ConsumerCredential`] (see its example). `signer` is required.
#[derive(Default)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct ConsumerCredentialBuilder {
    signer: Option<Box<dyn DidSigner>>,
    endpoint: ConsumerEndpoint,
    scope: Option<String>,
    issuer: IssuerSettings,
}

impl ConsumerCredentialBuilder {
    /// The signer for the consumer's DID.
    pub fn signer(mut self, signer: impl DidSigner) -> Self {
        self.signer = Some(Box::new(signer));
        self
    }

    /// Which service issues the tokens. Default: [`ConsumerEndpoint::Iam`].
    pub fn endpoint(mut self, endpoint: ConsumerEndpoint) -> Self {
        self.endpoint = endpoint;
        self
    }

    /// The scope to ask for, values separated by spaces (RFC 6749, section 3.3). Default: none; the service
    /// decides.
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = Some(scope.into());
        self
    }

    /// Makes the credential. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`Error::is_configuration`] when there is no signer.
    pub fn build(self) -> Result<ConsumerCredential, Error> {
        let signer =
            self.signer.ok_or_else(|| Error::configuration("the consumer has no key: set `signer`"))?;
        Ok(ConsumerCredential::new(signer, self.endpoint, self.scope, self.issuer))
    }
}

issuer_setters!(ConsumerCredentialBuilder);

impl fmt::Debug for ConsumerCredentialBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConsumerCredentialBuilder")
            .field("did", &self.signer.as_ref().map(|signer| signer.did()))
            .field("endpoint", &self.endpoint)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

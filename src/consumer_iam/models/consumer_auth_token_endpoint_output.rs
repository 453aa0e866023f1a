// Generated from openapi.consumer-iam.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::wire::{model_debug, object};

/// Token response for a consumer (RFC 6749 section 5.1). Every field is optional in the contract; a successful response has at least `access_token`.
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct ConsumerAuthTokenEndpointOutput {
    /// Access token for the operations secured by `ConsumerTokenAuth`. Its `sub` claim must be the requested DID, otherwise do not use it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_token: Option<String>,
    /// Lifetime of the access token in seconds (RFC 6749 section 5.1), counted from the response. A decimal string is accepted as well when reading.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<i64>,
    /// Scope that was granted, values separated by spaces (RFC 6749 section 3.3). Unproven, no response with it has been seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// How the access token is used, usually `bearer` (RFC 6749 section 7.1); case does not matter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_type: Option<String>,
}

impl ConsumerAuthTokenEndpointOutput {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new() -> Self {
        Self { access_token: None, expires_in: None, scope: None, token_type: None }
    }

    /// Sets `access_token`.
    #[must_use]
    pub fn with_access_token(mut self, access_token: impl Into<String>) -> Self {
        self.access_token = Some(access_token.into());
        self
    }

    /// Sets `expires_in`.
    #[must_use]
    pub fn with_expires_in(mut self, expires_in: i64) -> Self {
        self.expires_in = Some(expires_in);
        self
    }

    /// Sets `scope`.
    #[must_use]
    pub fn with_scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = Some(scope.into());
        self
    }

    /// Sets `token_type`.
    #[must_use]
    pub fn with_token_type(mut self, token_type: impl Into<String>) -> Self {
        self.token_type = Some(token_type.into());
        self
    }

    /// How long the token is valid, counted from the response: `expires_in`, which is in seconds (RFC 6749 section 5.1).
    ///
    /// `None` when the value is absent or negative.
    pub fn lifetime(&self) -> Option<std::time::Duration> {
        let seconds = self.expires_in?;
        u64::try_from(seconds).ok().map(std::time::Duration::from_secs)
    }
}

object!(ConsumerAuthTokenEndpointOutput closed {
    optional access_token = "access_token",
    optional_integer expires_in = "expires_in",
    optional scope = "scope",
    optional token_type = "token_type",
});

model_debug!(ConsumerAuthTokenEndpointOutput {
    optional_secret access_token,
    plain expires_in,
    plain scope,
    plain token_type,
});

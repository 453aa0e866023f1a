// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::wire::{model_debug, object};

/// A token that is valid in one project.
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct CreateProjectScopedTokenOutput {
    /// Access token for the operations secured by `ProjectTokenAuth`.
    #[serde(rename = "accessToken")]
    pub access_token: String,
    /// Lifetime of the token in seconds (RFC 6749 section 5.1), counted from the response; 3600 in every response seen. A decimal string is accepted as well when reading.
    #[serde(rename = "expiresIn")]
    pub expires_in: i64,
    /// Scope of the token, values separated by spaces (RFC 6749 section 3.3). Which values the service sends is unproven.
    pub scope: String,
}

impl CreateProjectScopedTokenOutput {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new(access_token: impl Into<String>, expires_in: i64, scope: impl Into<String>) -> Self {
        Self { access_token: access_token.into(), expires_in, scope: scope.into() }
    }

    /// How long the token is valid, counted from the response: `expiresIn`, which is in seconds (RFC 6749 section 5.1).
    ///
    /// `None` when the value is negative.
    pub fn lifetime(&self) -> Option<std::time::Duration> {
        let seconds = self.expires_in;
        u64::try_from(seconds).ok().map(std::time::Duration::from_secs)
    }
}

object!(CreateProjectScopedTokenOutput closed {
    required access_token = "accessToken",
    integer expires_in = "expiresIn",
    required scope = "scope",
});

model_debug!(CreateProjectScopedTokenOutput {
    secret access_token,
    plain expires_in,
    plain scope,
});

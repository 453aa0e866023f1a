// Generated from openapi.consumer-iam.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::consumer_iam::models;
use crate::wire::{model_debug, object};

/// Token request of a consumer (RFC 6749 section 4.4, with the client authentication of RFC 7523 section 2.2). The gateway refuses fields beyond these.
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct ConsumerAuthTokenEndpointInput {
    /// For whom the token is: the client itself, or a profile that granted it access.
    pub grant_type: models::GrantType,
    /// The kind of assertion in `client_assertion`; it depends on the grant type.
    pub client_assertion_type: models::ClientAssertionType,
    /// JWT signed with a key of the DID. Header `alg` and `kid` (identifier of the key within the DID document); claims `iss` (own DID), `sub` (own DID, or the DID of the profile to act for), `aud` (URL of the token endpoint), `jti` (unique), `iat` and `exp` (at most 300 seconds later).
    pub client_assertion: String,
    /// Identifier of the client: its DID, the same as the `iss` claim of the assertion.
    pub client_id: String,
}

impl ConsumerAuthTokenEndpointInput {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new(
        grant_type: models::GrantType,
        client_assertion_type: models::ClientAssertionType,
        client_assertion: impl Into<String>,
        client_id: impl Into<String>,
    ) -> Self {
        Self {
            grant_type,
            client_assertion_type,
            client_assertion: client_assertion.into(),
            client_id: client_id.into(),
        }
    }
}

object!(ConsumerAuthTokenEndpointInput closed {
    required grant_type = "grant_type",
    required client_assertion_type = "client_assertion_type",
    required client_assertion = "client_assertion",
    required client_id = "client_id",
});

model_debug!(ConsumerAuthTokenEndpointInput {
    plain grant_type,
    plain client_assertion_type,
    secret client_assertion,
    plain client_id,
});

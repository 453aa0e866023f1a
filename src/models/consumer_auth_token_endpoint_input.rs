// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::models;
use crate::wire::{model_debug, object};

/// Token request of a consumer (RFC 6749 section 4.4, with the client authentication of RFC 7523 section 2.2). The published contract names no `scope` and allows no further fields; they are allowed here, because the token endpoint that the contract was modelled on reads `scope`. A request with `scope` is unproven, and the gateway probably refuses it. The example shows every field for reference; a client credentials request needs `grant_type`, `client_id`, `client_assertion_type` and `client_assertion` only.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ConsumerAuthTokenEndpointInput {
    /// For whom the token is: the client itself, or a profile that granted it access.
    pub grant_type: models::GrantType,
    /// Authorization code, for grants that redeem one (RFC 6749 section 4.1.3). Not used by client credentials and delegation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Refresh token of an earlier response, sent with a new assertion (RFC 6749 section 6). Unproven, no response with a refresh token has been seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// Redirection URI that the authorization request named, when `code` is sent (RFC 6749 section 4.1.3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirect_uri: Option<String>,
    /// Identifier of the client: its DID, the same as the `iss` claim of the assertion.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// The kind of assertion in `client_assertion`; it depends on the grant type.
    pub client_assertion_type: models::ClientAssertionType,
    /// JWT signed with a key of the DID. Header `alg` and `kid` (identifier of the key within the DID document); claims `iss` (own DID), `sub` (own DID, or the DID of the profile to act for), `aud` (URL of the token endpoint), `jti` (unique), `iat` and `exp` (at most 300 seconds later).
    pub client_assertion: String,
    /// Fields that the contract does not name, by their names.
    #[serde(flatten)]
    pub additional_properties: serde_json::Map<String, serde_json::Value>,
}

impl ConsumerAuthTokenEndpointInput {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new(
        grant_type: models::GrantType,
        client_assertion_type: models::ClientAssertionType,
        client_assertion: impl Into<String>,
    ) -> Self {
        Self {
            grant_type,
            code: None,
            refresh_token: None,
            redirect_uri: None,
            client_id: None,
            client_assertion_type,
            client_assertion: client_assertion.into(),
            additional_properties: serde_json::Map::new(),
        }
    }

    /// Sets `code`.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// Sets `refresh_token`.
    #[must_use]
    pub fn with_refresh_token(mut self, refresh_token: impl Into<String>) -> Self {
        self.refresh_token = Some(refresh_token.into());
        self
    }

    /// Sets `redirect_uri`.
    #[must_use]
    pub fn with_redirect_uri(mut self, redirect_uri: impl Into<String>) -> Self {
        self.redirect_uri = Some(redirect_uri.into());
        self
    }

    /// Sets `client_id`.
    #[must_use]
    pub fn with_client_id(mut self, client_id: impl Into<String>) -> Self {
        self.client_id = Some(client_id.into());
        self
    }

    /// Sets a field that the contract does not name.
    #[must_use]
    pub fn with_additional_property(
        mut self,
        name: impl Into<String>,
        value: impl Into<serde_json::Value>,
    ) -> Self {
        self.additional_properties.insert(name.into(), value.into());
        self
    }
}

object!(ConsumerAuthTokenEndpointInput open {
    required grant_type = "grant_type",
    optional code = "code",
    optional refresh_token = "refresh_token",
    optional redirect_uri = "redirect_uri",
    optional client_id = "client_id",
    required client_assertion_type = "client_assertion_type",
    required client_assertion = "client_assertion",
});

model_debug!(ConsumerAuthTokenEndpointInput {
    plain grant_type,
    optional_secret code,
    optional_secret refresh_token,
    plain redirect_uri,
    plain client_id,
    plain client_assertion_type,
    secret client_assertion,
    open additional_properties,
});

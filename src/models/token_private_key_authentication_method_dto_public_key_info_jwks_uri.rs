// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::{Deserialize, Serialize};

#[allow(unused_imports)]
use crate::models;
use crate::support::redact::model_debug;

/// The place where the public keys are published.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoJwksUri {
    /// URL that answers with a JSON Web Key Set (RFC 7517 section 5).
    #[serde(rename = "jwksUri")]
    pub jwks_uri: String,
}

impl TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoJwksUri {
    /// Builds it from what the contract requires; the rest is set with `with_…` or left out.
    pub fn new(jwks_uri: impl Into<String>) -> Self {
        Self { jwks_uri: jwks_uri.into() }
    }
}

model_debug!(TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoJwksUri {
    plain jwks_uri,
});

// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::wire::object;

/// The place where the public keys are published.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoJwksUri {
    /// URL that responds with a JSON Web Key Set (RFC 7517 section 5).
    #[serde(rename = "jwksUri")]
    pub jwks_uri: String,
}

impl TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoJwksUri {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new(jwks_uri: impl Into<String>) -> Self {
        Self { jwks_uri: jwks_uri.into() }
    }
}

object!(TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoJwksUri closed {
    required jwks_uri = "jwksUri",
} without "jwks");

// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::models;
use crate::wire::object;

/// The public keys themselves.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoJwks {
    /// The public keys themselves (RFC 7517 section 5).
    pub jwks: models::JsonWebKeySetDto,
}

impl TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoJwks {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new(jwks: models::JsonWebKeySetDto) -> Self {
        Self { jwks }
    }
}

object!(TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoJwks closed {
    required jwks = "jwks",
} without "jwksUri");

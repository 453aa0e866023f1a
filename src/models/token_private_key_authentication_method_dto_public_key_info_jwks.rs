// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::{Deserialize, Serialize};

use crate::models;

/// The public keys themselves.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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

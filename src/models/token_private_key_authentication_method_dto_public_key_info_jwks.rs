// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::{Deserialize, Serialize};

#[allow(unused_imports)]
use crate::models;
use crate::support::redact::model_debug;

/// The public keys themselves.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoJwks {
    /// The public keys themselves (RFC 7517 section 5).
    #[serde(rename = "jwks")]
    pub jwks: models::JsonWebKeySetDto,
}

impl TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoJwks {
    /// Builds it from what the contract requires; the rest is set with `with_…` or left out.
    pub fn new(jwks: models::JsonWebKeySetDto) -> Self {
        Self { jwks }
    }
}

model_debug!(TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoJwks {
    plain jwks,
});

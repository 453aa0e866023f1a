// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::{Deserialize, Serialize};

use crate::models;
use crate::wire::Redacted;

/// Where the public keys of a personal access token are found: stated here (`jwks`) or published elsewhere (`jwksUri`), exactly one of the two.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfo {
    /// The public keys themselves.
    Jwks(models::TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoJwks),
    /// The place where the public keys are published.
    JwksUri(models::TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoJwksUri),
    /// A form that this version does not know, or several forms at once, as the service writes it.
    Unknown(serde_json::Value),
}

impl From<models::TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoJwks>
    for TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfo
{
    fn from(value: models::TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoJwks) -> Self {
        Self::Jwks(value)
    }
}

impl From<models::TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoJwksUri>
    for TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfo
{
    fn from(value: models::TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoJwksUri) -> Self {
        Self::JwksUri(value)
    }
}

impl std::fmt::Debug for TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Jwks(value) => f.debug_tuple("Jwks").field(value).finish(),
            Self::JwksUri(value) => f.debug_tuple("JwksUri").field(value).finish(),
            Self::Unknown(_) => f.debug_tuple("Unknown").field(&Redacted).finish(),
        }
    }
}

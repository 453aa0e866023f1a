// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::{Deserialize, Serialize};

#[allow(unused_imports)]
use crate::models;
use crate::support::redact::model_debug;

/// How a personal access token proves itself: the algorithm with which it signs, and the public keys that verify its signatures.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TokenPrivateKeyAuthenticationMethodDto {
    /// Kind of proof; a signature by a private key is the only one known.
    #[serde(rename = "type")]
    pub r#type: models::AuthenticationMethodType,
    /// Algorithm with which the assertions of the token are signed.
    #[serde(rename = "signingAlgorithm")]
    pub signing_algorithm: models::SigningAlgorithm,
    /// Where the public keys that verify the assertions are found.
    #[serde(rename = "publicKeyInfo")]
    pub public_key_info: models::TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfo,
}

impl TokenPrivateKeyAuthenticationMethodDto {
    /// Builds it from what the contract requires; the rest is set with `with_…` or left out.
    pub fn new(
        r#type: models::AuthenticationMethodType,
        signing_algorithm: models::SigningAlgorithm,
        public_key_info: models::TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfo,
    ) -> Self {
        Self { r#type, signing_algorithm, public_key_info }
    }
}

model_debug!(TokenPrivateKeyAuthenticationMethodDto {
    plain r#type,
    plain signing_algorithm,
    plain public_key_info,
});

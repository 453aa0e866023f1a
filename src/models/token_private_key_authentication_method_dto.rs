// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::models;
use crate::wire::object;

/// How a personal access token proves itself: the algorithm with which it signs, and the public keys that verify its signatures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TokenPrivateKeyAuthenticationMethodDto {
    /// Kind of proof; a signature by a private key is the only one known.
    pub r#type: models::AuthenticationMethodType,
    /// Algorithm with which the assertions of the token are signed.
    #[serde(rename = "signingAlgorithm")]
    pub signing_algorithm: models::SigningAlgorithm,
    /// Where the public keys that verify the assertions are found.
    #[serde(rename = "publicKeyInfo")]
    pub public_key_info: models::TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfo,
}

impl TokenPrivateKeyAuthenticationMethodDto {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new(
        r#type: models::AuthenticationMethodType,
        signing_algorithm: models::SigningAlgorithm,
        public_key_info: models::TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfo,
    ) -> Self {
        Self { r#type, signing_algorithm, public_key_info }
    }
}

object!(TokenPrivateKeyAuthenticationMethodDto closed {
    required r#type = "type",
    required signing_algorithm = "signingAlgorithm",
    required public_key_info = "publicKeyInfo",
});

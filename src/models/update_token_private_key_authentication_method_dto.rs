// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::models;
use crate::wire::object;

/// Changes to how a personal access token proves itself; omitted fields keep their value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct UpdateTokenPrivateKeyAuthenticationMethodDto {
    /// Kind of proof; left as it is when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#type: Option<models::AuthenticationMethodType>,
    /// Algorithm with which the assertions of the token are signed; left as it is when absent.
    #[serde(rename = "signingAlgorithm", skip_serializing_if = "Option::is_none")]
    pub signing_algorithm: Option<models::SigningAlgorithm>,
    /// Where the public keys that verify the assertions are found; left as it is when absent.
    #[serde(rename = "publicKeyInfo", skip_serializing_if = "Option::is_none")]
    pub public_key_info: Option<models::TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfo>,
}

impl UpdateTokenPrivateKeyAuthenticationMethodDto {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new() -> Self {
        Self { r#type: None, signing_algorithm: None, public_key_info: None }
    }

    /// Sets `type`.
    #[must_use]
    pub fn with_type(mut self, r#type: models::AuthenticationMethodType) -> Self {
        self.r#type = Some(r#type);
        self
    }

    /// Sets `signingAlgorithm`.
    #[must_use]
    pub fn with_signing_algorithm(mut self, signing_algorithm: models::SigningAlgorithm) -> Self {
        self.signing_algorithm = Some(signing_algorithm);
        self
    }

    /// Sets `publicKeyInfo`.
    #[must_use]
    pub fn with_public_key_info(
        mut self,
        public_key_info: models::TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfo,
    ) -> Self {
        self.public_key_info = Some(public_key_info);
        self
    }
}

object!(UpdateTokenPrivateKeyAuthenticationMethodDto closed {
    optional r#type = "type",
    optional signing_algorithm = "signingAlgorithm",
    optional public_key_info = "publicKeyInfo",
});

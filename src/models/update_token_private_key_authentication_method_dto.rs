// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::{Deserialize, Serialize};

#[allow(unused_imports)]
use crate::models;
use crate::support::redact::model_debug;

/// Changes to how a personal access token proves itself; members that are left out keep their value.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UpdateTokenPrivateKeyAuthenticationMethodDto {
    /// Kind of proof; left as it is when absent.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub r#type: Option<models::AuthenticationMethodType>,
    /// Algorithm with which the assertions of the token are signed; left as it is when absent.
    #[serde(rename = "signingAlgorithm", default, skip_serializing_if = "Option::is_none")]
    pub signing_algorithm: Option<models::SigningAlgorithm>,
    /// Where the public keys that verify the assertions are found; left as it is when absent.
    #[serde(rename = "publicKeyInfo", default, skip_serializing_if = "Option::is_none")]
    pub public_key_info: Option<models::TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfo>,
}

impl UpdateTokenPrivateKeyAuthenticationMethodDto {
    /// Builds it from what the contract requires; the rest is set with `with_…` or left out.
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

model_debug!(UpdateTokenPrivateKeyAuthenticationMethodDto {
    plain r#type,
    plain signing_algorithm,
    plain public_key_info,
});

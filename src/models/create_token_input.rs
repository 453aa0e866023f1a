// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::{Deserialize, Serialize};

#[allow(unused_imports)]
use crate::models;
use crate::support::redact::model_debug;

/// A personal access token to register.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CreateTokenInput {
    /// Display name of the token, at least 3 characters.
    #[serde(rename = "name")]
    pub name: String,
    /// How the token will prove itself: its signing algorithm and its public keys.
    #[serde(rename = "authenticationMethod")]
    pub authentication_method: models::TokenPrivateKeyAuthenticationMethodDto,
    /// What the token is for, free text.
    #[serde(rename = "description", default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl CreateTokenInput {
    /// Builds it from what the contract requires; the rest is set with `with_…` or left out.
    pub fn new(
        name: impl Into<String>,
        authentication_method: models::TokenPrivateKeyAuthenticationMethodDto,
    ) -> Self {
        Self { name: name.into(), authentication_method, description: None }
    }

    /// Sets `description`.
    #[must_use]
    pub fn with_description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }
}

model_debug!(CreateTokenInput {
    plain name,
    plain authentication_method,
    plain description,
});

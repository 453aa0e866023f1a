// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::models;
use crate::wire::object;

/// A personal access token to register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CreateTokenInput {
    /// Display name of the token, at least 3 characters.
    pub name: String,
    /// How the token will prove itself: its signing algorithm and its public keys.
    #[serde(rename = "authenticationMethod")]
    pub authentication_method: models::TokenPrivateKeyAuthenticationMethodDto,
    /// What the token is for, free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl CreateTokenInput {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
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

object!(CreateTokenInput closed {
    required name = "name",
    required authentication_method = "authenticationMethod",
    optional description = "description",
});

// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::models;
use crate::wire::object;

/// Changes to a personal access token; omitted fields keep their value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct UpdateTokenInput {
    /// New display name of the token, at least 3 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What to change in the way the token proves itself; left as it is when absent.
    #[serde(rename = "authenticationMethod", skip_serializing_if = "Option::is_none")]
    pub authentication_method: Option<models::UpdateTokenPrivateKeyAuthenticationMethodDto>,
}

impl UpdateTokenInput {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new() -> Self {
        Self { name: None, authentication_method: None }
    }

    /// Sets `name`.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets `authenticationMethod`.
    #[must_use]
    pub fn with_authentication_method(
        mut self,
        authentication_method: models::UpdateTokenPrivateKeyAuthenticationMethodDto,
    ) -> Self {
        self.authentication_method = Some(authentication_method);
        self
    }
}

object!(UpdateTokenInput closed {
    optional name = "name",
    optional authentication_method = "authenticationMethod",
});

// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::wire::object;

/// Changes to a project; omitted fields keep their value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct UpdateProjectInput {
    /// New display name of the project. 2 to 100 characters: ASCII letters, digits, `.`, `_`, `-` and spaces; the first one is a letter or a digit, the last one is not a space.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// New description, free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether identity verification is to be switched on for the project.
    #[serde(rename = "identityVerificationEnabled", skip_serializing_if = "Option::is_none")]
    pub identity_verification_enabled: Option<bool>,
}

impl UpdateProjectInput {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new() -> Self {
        Self { name: None, description: None, identity_verification_enabled: None }
    }

    /// Sets `name`.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets `description`.
    #[must_use]
    pub fn with_description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Sets `identityVerificationEnabled`.
    #[must_use]
    pub fn with_identity_verification_enabled(mut self, identity_verification_enabled: bool) -> Self {
        self.identity_verification_enabled = Some(identity_verification_enabled);
        self
    }
}

object!(UpdateProjectInput closed {
    optional name = "name",
    optional description = "description",
    optional identity_verification_enabled = "identityVerificationEnabled",
});

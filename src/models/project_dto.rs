// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::wire::object;

/// A project: the boundary of principals, policies and resources.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct ProjectDto {
    /// Identifier of the project, a UUID in practice.
    pub id: String,
    /// Display name of the project.
    pub name: String,
    /// Principal that owns the project: `user/` followed by a UUID.
    #[serde(rename = "ownerId", skip_serializing_if = "Option::is_none")]
    pub owner_id: Option<String>,
    /// What the project is for, free text; may be empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// When the project was created, in the form of RFC 3339 with milliseconds and `Z`.
    #[serde(rename = "createdAt", skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    /// When the project was changed last, in the form of RFC 3339 with milliseconds and `Z`.
    #[serde(rename = "updatedAt", skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<String>,
    /// Whether identity verification is switched on for the project; `false` when absent.
    #[serde(rename = "identityVerificationEnabled", skip_serializing_if = "Option::is_none")]
    pub identity_verification_enabled: Option<bool>,
}

impl ProjectDto {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            owner_id: None,
            description: None,
            created_at: None,
            updated_at: None,
            identity_verification_enabled: None,
        }
    }

    /// Sets `ownerId`.
    #[must_use]
    pub fn with_owner_id(mut self, owner_id: impl Into<String>) -> Self {
        self.owner_id = Some(owner_id.into());
        self
    }

    /// Sets `description`.
    #[must_use]
    pub fn with_description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Sets `createdAt`.
    #[must_use]
    pub fn with_created_at(mut self, created_at: impl Into<String>) -> Self {
        self.created_at = Some(created_at.into());
        self
    }

    /// Sets `updatedAt`.
    #[must_use]
    pub fn with_updated_at(mut self, updated_at: impl Into<String>) -> Self {
        self.updated_at = Some(updated_at.into());
        self
    }

    /// Sets `identityVerificationEnabled`.
    #[must_use]
    pub fn with_identity_verification_enabled(mut self, identity_verification_enabled: bool) -> Self {
        self.identity_verification_enabled = Some(identity_verification_enabled);
        self
    }
}

object!(ProjectDto closed {
    required id = "id",
    required name = "name",
    optional owner_id = "ownerId",
    optional description = "description",
    optional created_at = "createdAt",
    optional updated_at = "updatedAt",
    optional identity_verification_enabled = "identityVerificationEnabled",
});

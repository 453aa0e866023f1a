// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::models;
use crate::wire::{model_debug, object};

/// What one principal may do in one project: nothing, except what a statement allows. The published contract allows no further fields; they are allowed here so that fields it does not name survive reading, changing and writing back.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PolicyDto {
    /// Display name of the policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What the policy is for, free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Principal the policy belongs to, such as `token/` or `user/` followed by the identifier.
    #[serde(rename = "principalId", skip_serializing_if = "Option::is_none")]
    pub principal_id: Option<String>,
    /// Identifier of the project in which the policy applies.
    #[serde(rename = "projectId", skip_serializing_if = "Option::is_none")]
    pub project_id: Option<String>,
    /// Version of the policy language, a date; `2022-12-15` is the only one known.
    pub version: String,
    /// The statements of the policy; together they allow what any of them allows.
    pub statement: Vec<models::PolicyStatementDto>,
    /// Fields that the contract does not name, by their names.
    #[serde(flatten)]
    pub additional_properties: serde_json::Map<String, serde_json::Value>,
}

impl PolicyDto {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new(
        version: impl Into<String>,
        statement: impl IntoIterator<Item = models::PolicyStatementDto>,
    ) -> Self {
        Self {
            name: None,
            description: None,
            principal_id: None,
            project_id: None,
            version: version.into(),
            statement: statement.into_iter().collect(),
            additional_properties: serde_json::Map::new(),
        }
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

    /// Sets `principalId`.
    #[must_use]
    pub fn with_principal_id(mut self, principal_id: impl Into<String>) -> Self {
        self.principal_id = Some(principal_id.into());
        self
    }

    /// Sets `projectId`.
    #[must_use]
    pub fn with_project_id(mut self, project_id: impl Into<String>) -> Self {
        self.project_id = Some(project_id.into());
        self
    }

    /// Sets a field that the contract does not name.
    #[must_use]
    pub fn with_additional_property(
        mut self,
        name: impl Into<String>,
        value: impl Into<serde_json::Value>,
    ) -> Self {
        self.additional_properties.insert(name.into(), value.into());
        self
    }
}

object!(PolicyDto open {
    optional name = "name",
    optional description = "description",
    optional principal_id = "principalId",
    optional project_id = "projectId",
    required version = "version",
    required statement = "statement",
});

model_debug!(PolicyDto {
    plain name,
    plain description,
    plain principal_id,
    plain project_id,
    plain version,
    plain statement,
    open additional_properties,
});

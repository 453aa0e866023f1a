// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::wire::object;

/// A project to create.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct CreateProjectInput {
    /// Display name of the project. 2 to 100 characters: ASCII letters, digits, `.`, `_`, `-` and spaces; the first one is a letter or a digit, the last one is not a space.
    pub name: String,
    /// What the project is for, free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl CreateProjectInput {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), description: None }
    }

    /// Sets `description`.
    #[must_use]
    pub fn with_description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }
}

object!(CreateProjectInput closed {
    required name = "name",
    optional description = "description",
});

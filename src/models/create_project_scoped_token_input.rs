// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::wire::object;

/// The project for which a token is requested.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct CreateProjectScopedTokenInput {
    /// Identifier of the project.
    #[serde(rename = "projectId")]
    pub project_id: String,
}

impl CreateProjectScopedTokenInput {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new(project_id: impl Into<String>) -> Self {
        Self { project_id: project_id.into() }
    }
}

object!(CreateProjectScopedTokenInput closed {
    required project_id = "projectId",
});

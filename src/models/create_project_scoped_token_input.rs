// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::{Deserialize, Serialize};

#[allow(unused_imports)]
use crate::models;
use crate::support::redact::model_debug;

/// The project for which a token is asked.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CreateProjectScopedTokenInput {
    /// Identifier of the project.
    #[serde(rename = "projectId")]
    pub project_id: String,
}

impl CreateProjectScopedTokenInput {
    /// Builds it from what the contract requires; the rest is set with `with_…` or left out.
    pub fn new(project_id: impl Into<String>) -> Self {
        Self { project_id: project_id.into() }
    }
}

model_debug!(CreateProjectScopedTokenInput {
    plain project_id,
});

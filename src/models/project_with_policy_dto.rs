// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::{Deserialize, Serialize};

use crate::models;

/// A project together with the policy that a token has in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProjectWithPolicyDto {
    /// Identifier of the project, a UUID in practice.
    pub id: String,
    /// Display name of the project.
    pub name: String,
    /// What the token may do in the project.
    pub policy: models::PolicyDto,
}

impl ProjectWithPolicyDto {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new(id: impl Into<String>, name: impl Into<String>, policy: models::PolicyDto) -> Self {
        Self { id: id.into(), name: name.into(), policy }
    }
}

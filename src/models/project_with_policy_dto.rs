// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::models;
use crate::wire::object;

/// A project together with the policy that a token has in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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

object!(ProjectWithPolicyDto closed {
    required id = "id",
    required name = "name",
    required policy = "policy",
});

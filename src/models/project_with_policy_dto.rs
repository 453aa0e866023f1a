// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::{Deserialize, Serialize};

#[allow(unused_imports)]
use crate::models;
use crate::support::redact::model_debug;

/// A project together with the policy that a token has in it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProjectWithPolicyDto {
    /// Identifier of the project, a UUID in practice.
    #[serde(rename = "id")]
    pub id: String,
    /// Display name of the project.
    #[serde(rename = "name")]
    pub name: String,
    /// What the token may do in the project.
    #[serde(rename = "policy")]
    pub policy: models::PolicyDto,
}

impl ProjectWithPolicyDto {
    /// Builds it from what the contract requires; the rest is set with `with_…` or left out.
    pub fn new(id: impl Into<String>, name: impl Into<String>, policy: models::PolicyDto) -> Self {
        Self { id: id.into(), name: name.into(), policy }
    }
}

model_debug!(ProjectWithPolicyDto {
    plain id,
    plain name,
    plain policy,
});

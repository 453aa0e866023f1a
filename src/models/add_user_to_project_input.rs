// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::{Deserialize, Serialize};

#[allow(unused_imports)]
use crate::models;
use crate::support::redact::model_debug;

/// The principal to add to a project.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AddUserToProjectInput {
    /// Identifier of the user or of the personal access token to add, without prefix.
    #[serde(rename = "principalId")]
    pub principal_id: String,
    /// Kind of the principal. Known values are `user` and `token`; the contract leaves the set open.
    #[serde(rename = "principalType")]
    pub principal_type: String,
}

impl AddUserToProjectInput {
    /// Builds it from what the contract requires; the rest is set with `with_…` or left out.
    pub fn new(principal_id: impl Into<String>, principal_type: impl Into<String>) -> Self {
        Self { principal_id: principal_id.into(), principal_type: principal_type.into() }
    }
}

model_debug!(AddUserToProjectInput {
    plain principal_id,
    plain principal_type,
});

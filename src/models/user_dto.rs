// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::{Deserialize, Serialize};

#[allow(unused_imports)]
use crate::models;
use crate::support::redact::model_debug;

/// A principal of a project, user or token.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UserDto {
    /// Identifier of the principal, with its kind as prefix: `user/` or `token/` followed by a UUID.
    #[serde(rename = "principalId")]
    pub principal_id: String,
}

impl UserDto {
    /// Builds it from what the contract requires; the rest is set with `with_…` or left out.
    pub fn new(principal_id: impl Into<String>) -> Self {
        Self { principal_id: principal_id.into() }
    }
}

model_debug!(UserDto {
    plain principal_id,
});

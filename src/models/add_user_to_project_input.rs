// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::models;
use crate::wire::object;

/// The principal to add to a project.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct AddUserToProjectInput {
    /// Identifier of the user or of the personal access token to add, without prefix.
    #[serde(rename = "principalId")]
    pub principal_id: String,
    /// Kind of the principal; the published contract allows any text.
    #[serde(rename = "principalType")]
    pub principal_type: models::PrincipalType,
}

impl AddUserToProjectInput {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new(principal_id: impl Into<String>, principal_type: impl Into<models::PrincipalType>) -> Self {
        Self { principal_id: principal_id.into(), principal_type: principal_type.into() }
    }
}

object!(AddUserToProjectInput closed {
    required principal_id = "principalId",
    required principal_type = "principalType",
});

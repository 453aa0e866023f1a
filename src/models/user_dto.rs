// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::wire::object;

/// A principal of a project, user or token.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct UserDto {
    /// Identifier of the principal, with its kind as prefix: `user/` or `token/` followed by a UUID.
    #[serde(rename = "principalId")]
    pub principal_id: String,
}

impl UserDto {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new(principal_id: impl Into<String>) -> Self {
        Self { principal_id: principal_id.into() }
    }
}

object!(UserDto closed {
    required principal_id = "principalId",
});

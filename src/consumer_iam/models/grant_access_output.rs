// Generated from openapi.consumer-iam.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::wire::object;

/// Outcome of granting access.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct GrantAccessOutput {
    /// Whether the access was granted.
    pub success: bool,
    /// Identifier of the grant, a UUID; may be absent.
    #[serde(rename = "grantId", skip_serializing_if = "Option::is_none")]
    pub grant_id: Option<uuid::Uuid>,
}

impl GrantAccessOutput {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new(success: bool) -> Self {
        Self { success, grant_id: None }
    }

    /// Sets `grantId`.
    #[must_use]
    pub fn with_grant_id(mut self, grant_id: uuid::Uuid) -> Self {
        self.grant_id = Some(grant_id);
        self
    }
}

object!(GrantAccessOutput closed {
    required success = "success",
    optional grant_id = "grantId",
});

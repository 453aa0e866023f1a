// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::{Deserialize, Serialize};

#[allow(unused_imports)]
use crate::models;
use crate::support::redact::model_debug;

/// Outcome of granting access.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GrantAccessOutput {
    /// Whether the access was granted.
    #[serde(rename = "success")]
    pub success: bool,
    /// Identifier of the grant, a UUID; may be absent.
    #[serde(rename = "grantId", default, skip_serializing_if = "Option::is_none")]
    pub grant_id: Option<uuid::Uuid>,
}

impl GrantAccessOutput {
    /// Builds it from what the contract requires; the rest is set with `with_…` or left out.
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

model_debug!(GrantAccessOutput {
    plain success,
    plain grant_id,
});

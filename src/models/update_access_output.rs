// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::{Deserialize, Serialize};

#[allow(unused_imports)]
use crate::models;
use crate::support::redact::model_debug;

/// Outcome of replacing rights.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UpdateAccessOutput {
    /// Whether the rights were replaced.
    #[serde(rename = "success")]
    pub success: bool,
}

impl UpdateAccessOutput {
    /// Builds it from what the contract requires; the rest is set with `with_…` or left out.
    pub fn new(success: bool) -> Self {
        Self { success }
    }
}

model_debug!(UpdateAccessOutput {
    plain success,
});

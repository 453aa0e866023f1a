// Generated from openapi.consumer-iam.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::wire::object;

/// Outcome of replacing permissions.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct UpdateAccessOutput {
    /// Whether the permissions were replaced.
    pub success: bool,
}

impl UpdateAccessOutput {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new(success: bool) -> Self {
        Self { success }
    }
}

object!(UpdateAccessOutput closed {
    required success = "success",
});

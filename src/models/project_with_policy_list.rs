// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::models;
use crate::wire::object;

/// One page of the projects of a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ProjectWithPolicyList {
    /// The projects of this page; may be empty.
    pub projects: Vec<models::ProjectWithPolicyDto>,
    /// Cursor of the next page, to be passed as `exclusiveStartKey`. Absent on the last page; opaque.
    #[serde(rename = "lastEvaluatedKey", skip_serializing_if = "Option::is_none")]
    pub last_evaluated_key: Option<String>,
}

impl ProjectWithPolicyList {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new(projects: impl IntoIterator<Item = models::ProjectWithPolicyDto>) -> Self {
        Self { projects: projects.into_iter().collect(), last_evaluated_key: None }
    }

    /// Sets `lastEvaluatedKey`.
    #[must_use]
    pub fn with_last_evaluated_key(mut self, last_evaluated_key: impl Into<String>) -> Self {
        self.last_evaluated_key = Some(last_evaluated_key.into());
        self
    }
}

object!(ProjectWithPolicyList closed {
    required projects = "projects",
    optional last_evaluated_key = "lastEvaluatedKey",
});

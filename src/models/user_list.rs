// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::models;
use crate::wire::object;

/// One page of the principals of a project.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct UserList {
    /// The principals of this page; may be empty.
    pub records: Vec<models::UserDto>,
    /// Cursor of the next page, to be passed as `exclusiveStartKey`. Absent on the last page; opaque.
    #[serde(rename = "lastEvaluatedKey", skip_serializing_if = "Option::is_none")]
    pub last_evaluated_key: Option<String>,
}

impl UserList {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new(records: impl IntoIterator<Item = models::UserDto>) -> Self {
        Self { records: records.into_iter().collect(), last_evaluated_key: None }
    }

    /// Sets `lastEvaluatedKey`.
    #[must_use]
    pub fn with_last_evaluated_key(mut self, last_evaluated_key: impl Into<String>) -> Self {
        self.last_evaluated_key = Some(last_evaluated_key.into());
        self
    }
}

object!(UserList closed {
    required records = "records",
    optional last_evaluated_key = "lastEvaluatedKey",
});

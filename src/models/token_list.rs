// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::models;
use crate::wire::object;

/// One page of personal access tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TokenList {
    /// The tokens of this page; may be empty.
    pub tokens: Vec<models::TokenDto>,
    /// Cursor of the next page, to be passed as `exclusiveStartKey`. Absent on the last page; opaque.
    #[serde(rename = "lastEvaluatedKey", skip_serializing_if = "Option::is_none")]
    pub last_evaluated_key: Option<String>,
}

impl TokenList {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new(tokens: impl IntoIterator<Item = models::TokenDto>) -> Self {
        Self { tokens: tokens.into_iter().collect(), last_evaluated_key: None }
    }

    /// Sets `lastEvaluatedKey`.
    #[must_use]
    pub fn with_last_evaluated_key(mut self, last_evaluated_key: impl Into<String>) -> Self {
        self.last_evaluated_key = Some(last_evaluated_key.into());
        self
    }
}

object!(TokenList closed {
    required tokens = "tokens",
    optional last_evaluated_key = "lastEvaluatedKey",
});

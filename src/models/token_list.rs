// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::{Deserialize, Serialize};

#[allow(unused_imports)]
use crate::models;
use crate::support::redact::model_debug;

/// One page of personal access tokens.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TokenList {
    /// The tokens of this page; may be empty.
    #[serde(rename = "tokens")]
    pub tokens: Vec<models::TokenDto>,
    /// Cursor of the next page, to be passed as `exclusiveStartKey`. Absent on the last page; opaque.
    #[serde(rename = "lastEvaluatedKey", default, skip_serializing_if = "Option::is_none")]
    pub last_evaluated_key: Option<String>,
}

impl TokenList {
    /// Builds it from what the contract requires; the rest is set with `with_…` or left out.
    pub fn new(tokens: impl IntoIterator<Item = impl Into<models::TokenDto>>) -> Self {
        Self { tokens: tokens.into_iter().map(Into::into).collect(), last_evaluated_key: None }
    }

    /// Sets `lastEvaluatedKey`.
    #[must_use]
    pub fn with_last_evaluated_key(mut self, last_evaluated_key: impl Into<String>) -> Self {
        self.last_evaluated_key = Some(last_evaluated_key.into());
        self
    }
}

model_debug!(TokenList {
    plain tokens,
    plain last_evaluated_key,
});

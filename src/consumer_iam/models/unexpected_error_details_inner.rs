// Generated from openapi.consumer-iam.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::wire::{model_debug, object};

/// One finding about a request that failed.
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct UnexpectedErrorDetailsInner {
    /// What is wrong, in words.
    pub issue: String,
    /// Name of the parameter or field concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Value that was refused. It may echo what was sent, so it is not printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Part of the request that holds the field, such as `body`, `path`, `query` or `header`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
}

impl UnexpectedErrorDetailsInner {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new(issue: impl Into<String>) -> Self {
        Self { issue: issue.into(), field: None, value: None, location: None }
    }

    /// Sets `field`.
    #[must_use]
    pub fn with_field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Sets `value`.
    #[must_use]
    pub fn with_value(mut self, value: impl Into<String>) -> Self {
        self.value = Some(value.into());
        self
    }

    /// Sets `location`.
    #[must_use]
    pub fn with_location(mut self, location: impl Into<String>) -> Self {
        self.location = Some(location.into());
        self
    }
}

object!(UnexpectedErrorDetailsInner closed {
    required issue = "issue",
    optional field = "field",
    optional value = "value",
    optional location = "location",
});

model_debug!(UnexpectedErrorDetailsInner {
    plain issue,
    plain field,
    optional_secret value,
    plain location,
});

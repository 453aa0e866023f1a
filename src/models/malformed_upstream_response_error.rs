// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::models;
use crate::wire::object;

/// Status 422: the identity service behind this one sent a response that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct MalformedUpstreamResponseError {
    /// Kind of the error, always `MalformedUpstreamResponseError`.
    pub name: String,
    /// What happened, in words. The published contract pins it to one constant; never compare the text.
    pub message: String,
    /// Status of the response, always 422.
    #[serde(rename = "httpStatusCode")]
    pub http_status_code: i64,
    /// Identifier of the request in the logs of the service; quote it when asking for support.
    #[serde(rename = "traceId")]
    pub trace_id: String,
    /// What exactly is wrong, one entry per finding; absent when there is nothing more to report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<Vec<models::UnexpectedErrorDetailsInner>>,
}

impl MalformedUpstreamResponseError {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new(
        name: impl Into<String>,
        message: impl Into<String>,
        http_status_code: i64,
        trace_id: impl Into<String>,
    ) -> Self {
        Self {
            name: name.into(),
            message: message.into(),
            http_status_code,
            trace_id: trace_id.into(),
            details: None,
        }
    }

    /// Sets `details`.
    #[must_use]
    pub fn with_details(
        mut self,
        details: impl IntoIterator<Item = models::UnexpectedErrorDetailsInner>,
    ) -> Self {
        self.details = Some(details.into_iter().collect());
        self
    }
}

object!(MalformedUpstreamResponseError closed {
    required name = "name",
    required message = "message",
    required http_status_code = "httpStatusCode",
    required trace_id = "traceId",
    optional details = "details",
});

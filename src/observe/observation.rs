//! What an observer is notified of.

use std::time::Duration;

use http::{Method, StatusCode};

/// How an attempt or a call ended. All fields but the duration are low-cardinality and free of personal data, so they are safe
/// as metric labels.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Observation<'a> {
    /// The operationId in the API description; `tokenEndpoint` for the token endpoint of personal access tokens, which is not in
    /// the API description.
    pub operation: &'static str,
    /// The HTTP method.
    pub method: &'static Method,
    /// The path template of the API description, such as `/v1/projects/{projectId}`; empty where it has none.
    pub route: &'static str,
    /// The status of the operation's response, where one was received.
    pub status: Option<StatusCode>,
    /// What went wrong, as `error.type` of the OpenTelemetry conventions: the status of a response that is not a success, or one
    /// of `body_too_large`, `cancelled` (the future was dropped), `certificate`, `configuration`, `connect`, `connection_lost`,
    /// `credential`, `decode`, `invalid_input`, `missing_token`, `not_processed`, `timeout`, `token_rejected` and `transport`. `None` for success.
    pub error_type: Option<&'a str>,
    /// How long it took: an attempt from sending to the last byte of the response, a call with all its waits.
    pub duration: Duration,
    /// How often the call has sent its request, this attempt included; 0 when nothing was sent.
    pub attempts: u32,
    /// What is left of the client's [`retry_budget`](crate::ClientBuilder::retry_budget).
    pub retries_left: u32,
}

impl Observation<'_> {
    /// A success that took no time and sent nothing: for tests of a [`CallObserver`](crate::CallObserver). Set the other fields as needed.
    pub fn new(operation: &'static str, method: &'static Method, route: &'static str) -> Self {
        Self {
            operation,
            method,
            route,
            status: None,
            error_type: None,
            duration: Duration::ZERO,
            attempts: 0,
            retries_left: 0,
        }
    }
}

//! The response that an error keeps.

use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};

use super::ServiceError;
use super::retry_after::retry_after;
use crate::support::redact::Secrets;

/// How much of the body of an error is read and kept at most, in bytes: enough for all it says, and no burden where errors are kept.
pub(crate) const ERROR_BODY_LIMIT: usize = 64 * 1024;

/// What came from the service, kept with the error.
pub(crate) struct ErrorResponse {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) service: Option<ServiceError>,
    pub(super) retry_after: Option<Duration>,
}

impl ErrorResponse {
    pub(crate) fn new(status: StatusCode, headers: HeaderMap, body: Bytes) -> Self {
        let retry_after = retry_after(&headers);
        Self { status, headers, body, service: None, retry_after }
    }

    /// Describes in a few words a body that could not be read.
    pub(super) fn describe(&self) -> String {
        let media_type = self.headers.get(CONTENT_TYPE).filter(|value| !value.is_sensitive());
        let media_type = media_type.and_then(|value| value.to_str().ok());
        let media_type = Secrets::none().mask(media_type.unwrap_or("no media type"));
        format!("a body of {} bytes ({media_type})", self.body.len())
    }
}

//! What an operation responds with when it does not refuse, and how that is written as HTTP.

use std::borrow::Cow;

use bytes::Bytes;
use http::StatusCode;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderValue, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use serde_json::Value;

use super::problem::Problem;
use super::trace::Trace;

pub(crate) enum Response {
    Json(Value),
    /// As [`Response::Json`], with `no-store`, because it holds a token (RFC 6749 section 5.1).
    Secret(Value),
    /// A text and its media type.
    Text(&'static str, Cow<'static, str>),
    NoContent,
    /// A refusal whose changes to the database are kept.
    Refused(Problem),
    /// An error in the form of RFC 6749 section 5.2.
    OAuthError(StatusCode, Value),
}

pub(crate) type Outcome = Result<Response, Problem>;

/// The outcome as an HTTP response.
pub(crate) fn into_http(outcome: Outcome, trace: &Trace) -> http::Response<Bytes> {
    let json = |status, body: &Value| text(status, "application/json", body.to_string().into());
    match outcome {
        Ok(Response::Json(body)) => json(StatusCode::OK, &body),
        Ok(Response::Secret(body)) => no_store(json(StatusCode::OK, &body)),
        Ok(Response::OAuthError(status, body)) => no_store(json(status, &body)),
        Ok(Response::Text(media_type, body)) => text(StatusCode::OK, media_type, body),
        Ok(Response::NoContent) => {
            let mut response = http::Response::new(Bytes::new());
            *response.status_mut() = StatusCode::NO_CONTENT;
            response
        }
        Ok(Response::Refused(problem)) | Err(problem) => problem.into_response(trace),
    }
}

fn text(status: StatusCode, media_type: &'static str, body: Cow<'static, str>) -> http::Response<Bytes> {
    let mut response = http::Response::new(match body {
        Cow::Borrowed(body) => Bytes::from_static(body.as_bytes()),
        Cow::Owned(body) => Bytes::from(body),
    });
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}

fn no_store(mut response: http::Response<Bytes>) -> http::Response<Bytes> {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Keeps pages of others from framing a page of the service and from reading a response as something else, and its own page from
/// loading or calling anything but the service at `gateway`.
pub(crate) fn protect(headers: &mut HeaderMap, gateway: &str) {
    // The renderer of the reference page has inline styles, and tries whether it may compile its validators.
    let policy = format!(
        "default-src 'self' data: blob:; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; \
         connect-src 'self' {gateway}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    );
    if let Ok(policy) = HeaderValue::try_from(policy) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
}

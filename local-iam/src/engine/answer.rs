//! What an operation answers when it does not refuse, and how that goes on the wire.

use std::borrow::Cow;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};
use serde_json::Value;

use super::problem::Problem;

pub(crate) enum Answer {
    Json(Value),
    /// As [`Answer::Json`], marked never to be stored, because it holds a token (RFC 6749 section 5.1).
    Secret(Value),
    /// A text and its media type.
    Text(&'static str, Cow<'static, str>),
    NoContent,
    /// A refusal whose changes to the database are kept.
    Refused(Problem),
    /// An error in the form of RFC 6749 section 5.2.
    OAuthError(StatusCode, Value),
}

pub(crate) type Outcome = Result<Answer, Problem>;

/// The answer on the wire.
pub(crate) fn respond(outcome: Outcome, trace_id: &str) -> Response<Bytes> {
    let json = |status, body: &Value| text(status, "application/json", body.to_string().into());
    match outcome {
        Ok(Answer::Json(body)) => json(StatusCode::OK, &body),
        Ok(Answer::Secret(body)) => no_store(json(StatusCode::OK, &body)),
        Ok(Answer::OAuthError(status, body)) => no_store(json(status, &body)),
        Ok(Answer::Text(media_type, body)) => text(StatusCode::OK, media_type, body),
        Ok(Answer::NoContent) => {
            let mut response = Response::new(Bytes::new());
            *response.status_mut() = StatusCode::NO_CONTENT;
            response
        }
        Ok(Answer::Refused(problem)) | Err(problem) => problem.into_response(trace_id),
    }
}

fn text(status: StatusCode, media_type: &'static str, body: Cow<'static, str>) -> Response<Bytes> {
    let mut response = Response::new(match body {
        Cow::Borrowed(body) => Bytes::from_static(body.as_bytes()),
        Cow::Owned(body) => Bytes::from(body),
    });
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}

fn no_store(mut response: Response<Bytes>) -> Response<Bytes> {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

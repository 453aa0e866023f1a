//! The contract's error bodies.

use std::fmt;

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// A refused request: its name in the contract, and what exactly was wrong.
#[derive(Debug)]
pub(crate) struct Problem {
    kind: Kind,
    message: String,
    details: Vec<Detail>,
    allow: Option<String>,
}

/// One thing that was wrong. Values that could be secret are never put here.
#[derive(Debug, Serialize)]
pub(crate) struct Detail {
    pub(crate) issue: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) field: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) location: Option<&'static str>,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    InvalidParameter,
    InvalidDid,
    Unauthorized,
    ActionForbidden,
    PrincipalDoesNotBelongToProject,
    NotFound,
    MethodNotAllowed,
    PrincipalCannotBeDeleted,
    AlreadyExists,
    Unexpected,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::InvalidParameter => "InvalidParameterError",
            Self::InvalidDid => "InvalidDIDError",
            Self::Unauthorized => "UnauthorizedError",
            Self::ActionForbidden => "ActionForbiddenError",
            Self::PrincipalDoesNotBelongToProject => "PrincipalDoesNotBelongToProjectError",
            Self::PrincipalCannotBeDeleted => "PrincipalCannotBeDeletedError",
            Self::AlreadyExists => "AlreadyExistsError",
            Self::NotFound => "NotFoundError",
            Self::MethodNotAllowed => "MethodNotAllowedError",
            Self::Unexpected => "UnexpectedError",
        }
    }

    fn status(self) -> StatusCode {
        match self {
            Self::InvalidParameter | Self::InvalidDid => StatusCode::BAD_REQUEST,
            // The contract's UnauthorizedError is a 403.
            Self::Unauthorized | Self::ActionForbidden | Self::PrincipalDoesNotBelongToProject => {
                StatusCode::FORBIDDEN
            }
            Self::PrincipalCannotBeDeleted | Self::AlreadyExists => StatusCode::CONFLICT,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Unexpected => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl Problem {
    fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), details: Vec::new(), allow: None }
    }

    /// What the contract forbids; the first detail's field is the one the message names.
    pub(crate) fn invalid(details: Vec<Detail>) -> Self {
        let field = details.first().and_then(|detail| detail.field.as_deref()).unwrap_or("request");
        let message = format!("Invalid parameter: {field}.");
        Self { details, ..Self::new(Kind::InvalidParameter, message) }
    }

    pub(crate) fn invalid_body(issue: impl Into<String>) -> Self {
        Self::invalid(vec![Detail::of("body", issue, "body")])
    }

    pub(crate) fn invalid_did(detail: Detail) -> Self {
        let message = "Unable to resolve DID method. Invalid public key";
        Self { details: vec![detail], ..Self::new(Kind::InvalidDid, message) }
    }

    pub(crate) fn unauthorized(detail: Detail) -> Self {
        let message = format!("Unauthorized: {}.", detail.issue);
        Self { details: vec![detail], ..Self::new(Kind::Unauthorized, message) }
    }

    /// A token that is missing or does not verify.
    pub(crate) fn bad_token(issue: &str) -> Self {
        Self::unauthorized(Detail::of("authorization", format!("the token {issue}"), "header"))
    }

    pub(crate) fn forbidden(principal: impl fmt::Display, action: &str, resource: &str) -> Self {
        let message =
            format!("Principal {principal} can not execute action {action} on given resource {resource}");
        Self::new(Kind::ActionForbidden, message)
    }

    pub(crate) fn not_a_member() -> Self {
        let message = "Principal does not belong to the given project";
        Self::new(Kind::PrincipalDoesNotBelongToProject, message)
    }

    pub(crate) fn own_record() -> Self {
        let message = "Cannot delete own record from the project with the same principalId";
        Self::new(Kind::PrincipalCannotBeDeleted, message)
    }

    pub(crate) fn already_exists(what: &str) -> Self {
        Self::new(Kind::AlreadyExists, format!("Already exists: {what}."))
    }

    pub(crate) fn invalid_field(field: &str, issue: impl Into<String>) -> Self {
        Self::invalid(vec![Detail::of(field, issue, "body")])
    }

    pub(crate) fn not_found(what: &str) -> Self {
        Self::new(Kind::NotFound, format!("Not found: {what}."))
    }

    pub(crate) fn method_not_allowed(method: &http::Method, allow: String) -> Self {
        let message = format!("Method {method} is not allowed here.");
        Self { allow: Some(allow), ..Self::new(Kind::MethodNotAllowed, message) }
    }

    pub(crate) fn unexpected() -> Self {
        Self::new(Kind::Unexpected, "Unexpected Error Occurred.")
    }

    pub(crate) fn into_response(self, trace_id: &str) -> Response<Bytes> {
        let status = self.kind.status();
        let mut body = Map::new();
        body.insert("name".into(), self.kind.name().into());
        body.insert("message".into(), self.message.into());
        body.insert("httpStatusCode".into(), status.as_u16().into());
        body.insert("traceId".into(), trace_id.into());
        if !self.details.is_empty() {
            body.insert("details".into(), json!(self.details));
        }
        let mut response = Response::new(Bytes::from(Value::Object(body).to_string()));
        *response.status_mut() = status;
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(Ok(allow)) = self.allow.map(HeaderValue::try_from) {
            response.headers_mut().insert(ALLOW, allow);
        }
        response
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// The database failed: nothing a client can do about it, so the cause goes to the log only.
impl From<rusqlite::Error> for Problem {
    fn from(error: rusqlite::Error) -> Self {
        eprintln!("affinidi-iam-local: the database failed: {error}");
        Self::unexpected()
    }
}

impl Detail {
    pub(crate) fn of(field: impl Into<String>, issue: impl Into<String>, location: &'static str) -> Self {
        Self { issue: issue.into(), field: Some(field.into()), value: None, location: Some(location) }
    }
}

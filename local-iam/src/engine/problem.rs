//! Why a request is refused, and the error bodies for that: those of the contract, and those of the gateway in front.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::trace::Trace;

/// A refused request: its name in the contract, and what exactly was wrong.
#[derive(Debug)]
pub(crate) struct Problem {
    kind: Kind,
    message: Cow<'static, str>,
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
    /// The authorizer in front of the service responds with 403 and the service with 401; the body says 401 in both.
    InvalidJwtToken(StatusCode),
    ActionForbidden,
    PrincipalDoesNotBelongToProject,
    NotFound,
    MethodNotAllowed,
    PrincipalCannotBeDeleted,
    AlreadyExists,
    Unexpected,
    /// A body of the gateway with a name and a code.
    Gateway(StatusCode, &'static str, &'static str),
    /// A body of the gateway with nothing but a message.
    GatewayMessage(StatusCode),
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::InvalidParameter => "InvalidParameterError",
            Self::InvalidDid => "InvalidDIDError",
            Self::Unauthorized => "UnauthorizedError",
            Self::InvalidJwtToken(_) => "InvalidJwtTokenError",
            Self::ActionForbidden => "ActionForbiddenError",
            Self::PrincipalDoesNotBelongToProject => "PrincipalDoesNotBelongToProjectError",
            Self::PrincipalCannotBeDeleted => "PrincipalCannotBeDeletedError",
            Self::AlreadyExists => "AlreadyExistsError",
            Self::NotFound => "NotFoundError",
            Self::MethodNotAllowed => "MethodNotAllowedError",
            Self::Unexpected => "UnexpectedError",
            Self::Gateway(_, name, _) => name,
            Self::GatewayMessage(_) => "",
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
            Self::InvalidJwtToken(status) | Self::Gateway(status, ..) | Self::GatewayMessage(status) => {
                status
            }
        }
    }
}

impl Problem {
    fn new(kind: Kind, message: impl Into<Cow<'static, str>>) -> Self {
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
        Self { details: vec![detail], ..Self::new(Kind::Unauthorized, "Unauthorized") }
    }

    /// A token that does not verify or is expired. `status` is 403 from the authorizer and 401 from the service.
    pub(crate) fn invalid_token(status: StatusCode, issue: &str) -> Self {
        let detail = Detail { issue: issue.to_owned(), field: None, value: None, location: None };
        Self { details: vec![detail], ..Self::new(Kind::InvalidJwtToken(status), "JWT token is invalid") }
    }

    pub(crate) fn forbidden() -> Self {
        Self::new(Kind::ActionForbidden, "Principal can not execute action on given resource")
    }

    pub(crate) fn not_a_member() -> Self {
        let message = "Principal does not belong to the given project";
        Self::new(Kind::PrincipalDoesNotBelongToProject, message)
    }

    pub(crate) fn own_record() -> Self {
        let message = "Cannot delete own record from the project with the same principalId";
        Self::new(Kind::PrincipalCannotBeDeleted, message)
    }

    pub(crate) fn already_exists() -> Self {
        Self::new(Kind::AlreadyExists, "Resource already exists")
    }

    pub(crate) fn invalid_field(field: &str, issue: impl Into<String>) -> Self {
        Self::invalid(vec![Detail::of(field, issue, "body")])
    }

    pub(crate) fn not_found(what: &str) -> Self {
        Self::new(Kind::NotFound, format!("Not found: {what}."))
    }

    pub(crate) fn method_not_allowed(allow: String) -> Self {
        Self { allow: Some(allow), ..Self::new(Kind::MethodNotAllowed, "Method not allowed") }
    }

    pub(crate) fn unexpected() -> Self {
        Self::new(Kind::Unexpected, "Unexpected Error Occurred.")
    }

    /// No token, found before the service is reached.
    pub(crate) fn no_token() -> Self {
        let kind = Kind::Gateway(StatusCode::FORBIDDEN, "NoAuthorizationError", "APIERR-2");
        Self::new(kind, "No JWT token is present in request headers")
    }

    /// A body that does not fit the contract's schema, found before the service is reached.
    pub(crate) fn bad_request(issues: impl IntoIterator<Item = String>) -> Self {
        let kind = Kind::Gateway(StatusCode::BAD_REQUEST, "BadRequestError", "APIERR-1");
        let detail = |issue| Detail { issue, field: None, value: None, location: None };
        Self { details: issues.into_iter().map(detail).collect(), ..Self::new(kind, "Invalid request body") }
    }

    /// A refusal of the gateway itself, which has nothing but a message.
    pub(crate) fn gateway(status: StatusCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::GatewayMessage(status), message)
    }

    /// Whether the input is at fault, and not the service.
    pub(crate) fn is_of_input(&self) -> bool {
        self.kind.status().is_client_error()
    }

    pub(crate) fn into_response(self, trace: &Trace) -> Response<Bytes> {
        let status = self.kind.status();
        let mut body = Map::new();
        let mut set = |name: &str, value: Value| body.insert(name.to_owned(), value);
        match self.kind {
            Kind::GatewayMessage(_) => {}
            Kind::Gateway(_, name, code) => {
                set("name", name.into());
                set("code", code.into());
                set("debugId", trace.debug_id.as_str().into());
            }
            kind => {
                let inner = match kind {
                    Kind::InvalidJwtToken(_) => StatusCode::UNAUTHORIZED,
                    _ => status,
                };
                set("name", kind.name().into());
                set("httpStatusCode", inner.as_u16().into());
                set("traceId", trace.request_id.as_str().into());
            }
        }
        set("message", self.message.into());
        if !self.details.is_empty() {
            set("details", json!(self.details));
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

/// What exactly was wrong, or the message when there is no detail.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.details.is_empty() {
            return f.write_str(&self.message);
        }
        for (index, detail) in self.details.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            match &detail.field {
                Some(field) => write!(f, "{separator}`{field}` {}", detail.issue)?,
                None => write!(f, "{separator}{}", detail.issue)?,
            }
        }
        Ok(())
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

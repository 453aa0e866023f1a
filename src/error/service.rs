//! How the service describes an error.

use std::error::Error as StdError;
use std::fmt;

use zeroize::Zeroizing;

use super::fields::Fields;
use crate::support::redact::{Redacted, Secrets};

/// An error as the service describes it: the body of one of the error schemas of the API description, of the gateway in
/// front of it, which has a message and at times a name, or of an OAuth 2.0 error response (RFC 6749, section 5.2), whose `error`
/// and `error_description` become name and message.
///
/// Every field is optional, because gateways and later versions leave some out. Texts are masked: what the request sent as a
/// secret, in whatever spelling, and everything shaped like a JSON Web Token is replaced by `[REDACTED]`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceError {
    name: Option<String>,
    message: Option<String>,
    code: Option<String>,
    trace_id: Option<String>,
    details: Vec<ErrorDetail>,
}

/// One thing that is wrong with a request, as the service describes it.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorDetail {
    issue: String,
    field: Option<String>,
    value: Option<String>,
    location: Option<String>,
}

impl ServiceError {
    /// An error with this name and message: for tests of code that handles errors; see
    /// [`Error::from_service`](crate::Error::from_service).
    pub fn new(name: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            name: Some(name.into()),
            message: Some(message.into()),
            code: None,
            trace_id: None,
            details: Vec::new(),
        }
    }

    /// Reads what can be read, whatever else the body holds; `None` when it does not name an error.
    pub(crate) fn read(body: &[u8], secrets: &Secrets) -> Option<Self> {
        let Fields { texts, details } = Fields::read(body);
        let masked = |text: Option<Zeroizing<String>>| text.map(|text| secrets.mask(&text));
        let [name, error, message, description, code, trace_id, debug_id] = texts.map(masked);
        let (name, message) = (name.or(error), message.or(description));
        if name.is_none() && message.is_none() {
            return None;
        }
        let details = details.into_iter().filter_map(|texts| {
            let [issue, field, value, location] = texts.map(masked);
            Some(ErrorDetail { issue: issue?, field, value, location })
        });
        Some(Self { name, message, code, trace_id: trace_id.or(debug_id), details: details.collect() })
    }

    /// What the authorizer says of a token that it cannot use at all.
    pub(super) fn is_unusable_token(&self) -> bool {
        self.name() == Some("InvalidJwtTokenError")
            && !self.details.iter().any(|detail| detail.issue == "jwt-expired")
    }

    /// The error's name, such as `NotFoundError`, or the OAuth 2.0 error code, such as `invalid_client`.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// What happened, for people to read. Its text changes; do not match on it.
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// The gateway's code for the error, such as `APIERR-2`, in errors that come from the gateway and not from the service.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// The identifier under which the service logged the call: `traceId` of the service, or `debugId` of the gateway.
    pub fn trace_id(&self) -> Option<&str> {
        self.trace_id.as_deref()
    }

    /// What exactly is wrong with the request, where the service reports it; the first hundred findings.
    pub fn details(&self) -> &[ErrorDetail] {
        &self.details
    }
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Messages repeat details at times, and end with a full stop.
        let message = self.message.as_deref().unwrap_or_default();
        let mut details =
            self.details.iter().take(3).filter(|detail| !message.contains(&detail.issue)).peekable();
        let message = if details.peek().is_some() { message.trim_end_matches('.') } else { message };
        let mut separator = "";
        for part in [self.name.as_deref().unwrap_or_default(), message] {
            if !part.is_empty() {
                write!(f, "{separator}{part}")?;
                separator = ": ";
            }
        }
        details.try_for_each(|detail| write!(f, "; {detail}"))
    }
}

impl StdError for ServiceError {}

impl ErrorDetail {
    /// What is wrong.
    pub fn issue(&self) -> &str {
        &self.issue
    }

    /// The field or parameter that is wrong.
    pub fn field(&self) -> Option<&str> {
        self.field.as_deref()
    }

    /// The value that was sent, as the service repeats it; kept out of `Debug` and `Display`.
    pub fn value(&self) -> Option<&str> {
        self.value.as_deref()
    }

    /// Where the field is: `body`, `query`, `path` or `header`.
    pub fn location(&self) -> Option<&str> {
        self.location.as_deref()
    }
}

impl fmt::Display for ErrorDetail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.field {
            Some(field) => write!(f, "{field}: {}", self.issue),
            None => f.write_str(&self.issue),
        }
    }
}

impl fmt::Debug for ErrorDetail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErrorDetail")
            .field("issue", &self.issue)
            .field("field", &self.field)
            .field("value", &self.value.as_ref().map(|_| Redacted))
            .field("location", &self.location)
            .finish()
    }
}

//! The one error of this crate: how it is made (`construct`), what can be asked of it (`predicates`), and the response that it
//! keeps.

mod cause;
mod construct;
mod fields;
mod kind;
mod predicates;
mod rejection;
mod response;
mod retry_after;
mod service;
mod trace_id;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use url::Url;

use self::cause::Cause;
pub(crate) use self::kind::{Kind, TransportErrorKind};
pub use self::rejection::TokenRejection;
pub(crate) use self::response::{ERROR_BODY_LIMIT, ErrorResponse};
pub use self::service::{ErrorDetail, ServiceError};
pub(crate) use self::trace_id::{TRACE_HEADERS, trace_id};
use crate::support::redact::{Redacted, Secrets};

/// What went wrong, for every operation and every step of it.
///
/// Inspect it with predicates ([`is_not_found`](Self::is_not_found), [`is_timeout`](Self::is_timeout), …) and read what is
/// known with accessors. Dispatch on those and on [`ServiceError::name`], never on the text.
///
/// Neither `Display` nor `Debug` ever holds a token, an assertion, a key or a passphrase, even when the service sends one
/// back: text from the service is masked before it is kept, and so is what a cause prints. Only [`body`](Self::body),
/// [`headers`](Self::headers) and [`get_ref`](Self::get_ref) return the original.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use affinidi_tdk_iam_client::{Client, auth, uuid::Uuid};
/// # let iam = affinidi_iam_local::LocalIam::start().await?;
/// # let user = auth::StaticToken::new(iam.user_token()?);
/// # let client = Client::builder().base_url(iam.base_url()).user_token(user).build()?;
/// # let token_id = Uuid::nil();
/// match client.tokens().get_token(token_id).await {
///     Ok(token) => println!("{}", token.name),
///     Err(error) if error.is_not_found() => println!("no such token"),
///     Err(error) => eprintln!("{error} (status {:?}, trace {:?})", error.status(), error.trace_id()),
/// }
/// # Ok(())
/// # }
/// ```
///
/// `Display` includes the cause of a transport or credential error, so that one line of a log says everything; [`source`] then
/// starts below that cause, so that reporters which print the chain do not repeat it. [`source`] has the texts of the causes, masked;
/// to downcast a cause, use [`get_ref`](Self::get_ref), which returns the cause itself.
///
/// A clone is cheap: it shares the response and the cause.
///
/// [`source`]: std::error::Error::source
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    kind: Kind,
    operation: Option<&'static str>,
    /// What was being done for the operation: fetching one of its tokens.
    step: Option<&'static str>,
    message: Cow<'static, str>,
    /// Where the request was sent, or would have been.
    base_url: Option<Url>,
    cause: Option<Cause>,
    /// How much of the cause the message holds.
    printed: Printed,
    response: Option<Arc<ErrorResponse>>,
    attempts: u32,
    elapsed: Option<Duration>,
}

/// How much of an error's cause its message holds: `source` leaves that out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Printed {
    Nothing,
    /// The cause itself, and nothing of what is below it.
    Cause,
    /// The root, below which there is nothing.
    Root,
}

impl Error {
    /// The operationId, in the API description, of the call that failed.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// How often the request was sent before this error was returned; 0 when it was not sent at all.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How long all attempts and the waits between them took; `None` when nothing was sent.
    pub fn elapsed(&self) -> Option<Duration> {
        self.0.elapsed
    }

    /// The base URL of the request that failed, without its path and query, which may hold identifiers; `None` when the call failed
    /// before its first attempt.
    pub fn base_url(&self) -> Option<&Url> {
        self.0.base_url.as_ref()
    }

    /// The status of the response, where one was received.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.response.as_ref().map(|response| response.status)
    }

    /// The headers of the response, where one was received.
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.response.as_ref().map(|response| &response.headers)
    }

    /// The body of the response, without its content coding where that could be undone: unmasked, so do not log it. With a status
    /// other than success, at most its first 64 KiB.
    pub fn body(&self) -> Option<&[u8]> {
        self.0.response.as_ref().map(|response| response.body.as_ref())
    }

    /// What the service reported, where its response is an error of the API description or an OAuth 2.0 error (RFC 6749,
    /// section 5.2).
    pub fn service_error(&self) -> Option<&ServiceError> {
        self.0.response.as_ref()?.service.as_ref()
    }

    /// The identifier under which the service logged the call: from the error's body, else from the headers that
    /// [`Response::trace_id`](crate::Response::trace_id) reads.
    pub fn trace_id(&self) -> Option<&str> {
        let response = self.0.response.as_ref()?;
        response
            .service
            .as_ref()
            .and_then(ServiceError::trace_id)
            .or_else(|| trace_id(&response.headers, &Secrets::none()))
    }

    /// How long the service asks to wait before the next request: its `Retry-After` header, in seconds or as a date (RFC
    /// 9110, section 10.2.3), counted from when the response was received.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.response.as_ref()?.retry_after
    }

    /// The error that caused this one, such as the one given to [`credential`](Self::credential) or to a
    /// [`TransportError`](crate::transport::TransportError).
    pub fn get_ref(&self) -> Option<&(dyn StdError + Send + Sync + 'static)> {
        self.0.cause.as_ref().map(|cause| &*cause.error as _)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.0.operation {
            write!(f, "{operation}: ")?;
        }
        if let Some(step) = self.0.step {
            write!(f, "{step}: ")?;
        }
        f.write_str(&self.0.message)?;
        let Some(base_url) = &self.0.base_url else { return Ok(()) };
        match self.0.elapsed {
            Some(elapsed) if self.0.attempts > 1 => {
                write!(f, " ({base_url}, after {} attempts in {elapsed:.1?})", self.0.attempts)
            }
            _ => write!(f, " ({base_url})"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("operation", &self.0.operation)
            .field("step", &self.0.step)
            .field("message", &self.0.message)
            .field("base_url", &self.0.base_url.as_ref().map(Url::as_str))
            .field("status", &self.status())
            .field("trace_id", &self.trace_id())
            .field("attempts", &self.0.attempts)
            .field("elapsed", &self.0.elapsed)
            .field("body", &self.body().map(|_| Redacted))
            .field("cause", &self.0.cause.as_ref().map(|cause| &cause.masked))
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let cause = &*self.0.cause.as_ref()?.masked;
        match self.0.printed {
            Printed::Nothing => Some(cause),
            Printed::Cause => cause.source(),
            Printed::Root => None,
        }
    }
}

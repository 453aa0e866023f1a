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
/// Several predicates may be `true` for one error. *Processed?* says whether the service may have done what was asked for.
///
/// | Predicate | `true` for | Processed? | What to do |
/// | --- | --- | --- | --- |
/// | [`is_configuration`](Self::is_configuration) | a client or a credential that cannot be built | not sent | change the setting that the message names |
/// | [`is_invalid_input`](Self::is_invalid_input) | a parameter, header or body that cannot be sent | not sent | change the argument |
/// | [`is_missing_token`](Self::is_missing_token) | a client without a token for the operation | not sent | set the credential that the message names |
/// | [`is_credential`](Self::is_credential) | a token that could not be fetched; status, name and body are from the token endpoint | not sent, or not retried | look at the credential; the other predicates say why it failed |
/// | [`is_token_rejected`](Self::is_token_rejected) | a token that a `TokenVerifier` rejected; `rejection()` is the failed check | not sent | refuse the caller |
/// | [`is_connect`](Self::is_connect) | no connection: DNS, TCP, the proxy, TLS or `connect_timeout` | no | check address, proxy and network, then try again later |
/// | [`is_certificate`](Self::is_certificate) | no connection, because the certificate is out of date, for another name or of an unknown authority | no | trust the authority, or correct the address |
/// | [`is_not_processed`](Self::is_not_processed) | an HTTP/2 stream that the service refused, or a connection that it was closing | no | try again later |
/// | [`is_connection_lost`](Self::is_connection_lost) | a connection that was lost before the response was complete | possibly | find out with a get or list operation before a `POST` or `PATCH` is sent again |
/// | [`is_timeout`](Self::is_timeout) | a time limit that was exceeded: `connect_timeout`, `attempt_timeout` or `timeout` | possibly | as for `is_connection_lost()`, or allow more time |
/// | [`is_body_too_large`](Self::is_body_too_large) | a response larger than `body_limit` (default: 8 MiB) | probably | raise `body_limit`, or request smaller pages |
/// | [`is_decode`](Self::is_decode) | success with a body that does not match the model, cannot be decompressed or has too many values; the message names the JSON path | yes | check the base URL; report it with `trace_id()` |
/// | [`is_unsuccessful`](Self::is_unsuccessful) | success with `success: false`; only from `ensure_success()` of an output | no | treat it as refused |
/// | [`is_status`](Self::is_status) | every status other than success | see below | use the predicates below, `status()` and `service_error()` |
/// | [`is_bad_request`](Self::is_bad_request) | 400 of the operation itself, such as `InvalidParameterError` | rejected | change the input that `service_error()` names |
/// | [`is_unauthorized`](Self::is_unauthorized) | 401, or 403 with the name `UnauthorizedError`, `InvalidJwtTokenError` or `NoAuthorizationError`: the token was refused | rejected | check the credential; replace a `StaticToken`, which has expired |
/// | [`is_forbidden`](Self::is_forbidden) | 403 for any other reason, such as `ActionForbiddenError`; never together with `is_unauthorized()` | rejected | change the policy of the principal |
/// | [`is_not_found`](Self::is_not_found) | 404 of the operation itself, such as `NotFoundError` | rejected | treat it as absent; if nothing is ever found, check the base URL |
/// | [`is_conflict`](Self::is_conflict) | 409 of the operation itself, such as `PrincipalCannotBeDeletedError` | rejected | read the current state, then decide |
/// | [`is_rate_limited`](Self::is_rate_limited) | 429 | no | wait for `retry_after()`, and send less |
/// | [`is_server_error`](Self::is_server_error) | 500 to 599 | possibly | as for `is_connection_lost()`; report it with `trace_id()` |
/// | [`is_retryable`](Self::is_retryable) | a cause that may pass: `is_connect()` except for a certificate or a port that does not speak TLS, `is_not_processed()`, `is_connection_lost()`, `is_timeout()`, 408, 429, 500, 502, 503, 504 | possibly | try again later, if the operation can be repeated |
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

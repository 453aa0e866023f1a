//! The one error of this crate.

mod service;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, StatusCode};
use url::Url;

pub use self::service::{ErrorDetail, ServiceError};
use crate::auth::TokenCheck;
use crate::clock;
use crate::redact::{Redacted, scrub};
use crate::response::trace_id;
use crate::transport::{TransportError, TransportErrorKind, TransportResponse};

/// What went wrong, for every operation and every step of it.
///
/// Ask it with predicates ([`is_not_found`](Self::is_not_found), [`is_timeout`](Self::is_timeout), …) and read what is
/// known with accessors. Dispatch on those and on [`ServiceError::name`], never on the text.
///
/// Neither `Display` nor `Debug` ever holds a token, an assertion, a key or a passphrase, even when the service sends one
/// back: text from the service is masked before it is kept. Only [`body`](Self::body) and [`headers`](Self::headers) give
/// what came, unmasked.
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
/// A clone is cheap: it shares the answer and the source.
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    kind: Kind,
    operation: Option<&'static str>,
    /// What was being done for the operation: fetching one of its tokens.
    step: Option<&'static str>,
    message: Cow<'static, str>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
    answer: Option<Arc<Answer>>,
    attempts: u32,
    elapsed: Option<Duration>,
}

/// What came from the service, kept with the error.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    service: Option<ServiceError>,
    retry_after: Option<Duration>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The client or a credential cannot be built from what was given.
    Configuration,
    /// A parameter, header or body cannot be sent.
    Request,
    /// The operation needs a token and the client has no provider for it.
    MissingToken,
    /// A credential could not do its work.
    Credential,
    /// A token did not pass verification.
    Token(TokenCheck),
    /// The time ran out: the attempt's or the call's.
    Timeout,
    /// The transport brought no answer.
    Transport(TransportErrorKind),
    /// The service answered with a status that is no success.
    Service,
    /// The service answered with success and a body that does not fit.
    Decode,
}

impl Error {
    fn new(kind: Kind, message: impl Into<Cow<'static, str>>) -> Self {
        let message = message.into();
        Self(Box::new(Inner {
            kind,
            operation: None,
            step: None,
            message,
            source: None,
            answer: None,
            attempts: 0,
            elapsed: None,
        }))
    }

    /// Wraps what kept a credential of your own from its work, such as the error of a key management service: for
    /// implementations of [`TokenProvider`](crate::auth::TokenProvider), [`TokenSource`](crate::auth::TokenSource),
    /// [`DidSigner`](crate::auth::DidSigner) and [`TokenStore`](crate::auth::TokenStore). What `source` prints becomes part of
    /// the text, so it must hold no secret.
    pub fn credential(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let source = source.into();
        let message = format!("the credential failed: {}", scrub::<&str>(&source.to_string(), &[]));
        Self::new(Kind::Credential, message).with_source(source)
    }

    /// The answer of a token endpoint that must not be used.
    pub(crate) fn unusable_token(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Credential, message)
    }

    pub(crate) fn token(check: TokenCheck, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Token(check), message)
    }

    pub(crate) fn configuration(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Configuration, message)
    }

    pub(crate) fn request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Request, message)
    }

    pub(crate) fn missing_token(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::MissingToken, message)
    }

    pub(crate) fn timeout(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Timeout, message)
    }

    pub(crate) fn decode(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Decode, message)
    }

    /// Names the peer and the root cause, which is what tells a wrong port from a wrong certificate.
    pub(crate) fn transport(mut error: TransportError, url: &Url) -> Self {
        let mut message = format!("{error} ({}", url.authority());
        let mut cause: Option<&dyn StdError> = error.source();
        while let Some(deeper) = cause.and_then(StdError::source) {
            cause = Some(deeper);
        }
        if let Some(cause) = cause {
            message.push_str(": ");
            message.push_str(&scrub::<&str>(&cause.to_string(), &[]));
        }
        message.push(')');
        let mut this = Self::new(Kind::Transport(error.kind), message);
        this.0.source = error.source.take().map(Arc::from);
        this
    }

    /// An answer whose status is no success. `secrets` is what the request sent and no text may repeat.
    pub(crate) fn service(response: TransportResponse, secrets: &[String]) -> Self {
        let service = ServiceError::read(&response.body, secrets);
        let status = response.status;
        let message = match &service {
            Some(service) => format!("{status}: {service}"),
            None if status.is_redirection() => {
                format!("{status}: redirects are not followed, check the base URL")
            }
            None => format!("{status}: the answer is {}", describe(&response)),
        };
        let mut this = Self::new(Kind::Service, message);
        this.0.answer = Some(Arc::new(Answer { service, ..Answer::new(response) }));
        this
    }

    /// An answer of success whose body does not fit, for the `reason` given, whose JSON path may repeat one of the `secrets`
    /// that the request sent.
    pub(crate) fn undecodable(response: TransportResponse, reason: &str, secrets: &[String]) -> Self {
        let reason = scrub(reason, secrets);
        let message = format!("{}: cannot read {}: {reason}", response.status, describe(&response));
        let mut this = Self::new(Kind::Decode, message);
        this.0.answer = Some(Arc::new(Answer::new(response)));
        this
    }

    /// An answer that came, but not whole or not within limits.
    pub(crate) fn in_answer(mut self, response: TransportResponse) -> Self {
        self.0.answer = Some(Arc::new(Answer::new(response)));
        self
    }

    pub(crate) fn in_operation(mut self, operation: &'static str) -> Self {
        self.0.operation.get_or_insert(operation);
        self
    }

    /// Says that the error came while a token was fetched for an operation, which is not known here. Of nested steps the
    /// innermost is kept.
    pub(crate) fn in_step(mut self, step: &'static str) -> Self {
        self.0.step.get_or_insert(step);
        self.0.operation = None;
        self
    }

    /// Whether the error came from a step that has already done its own retries.
    pub(crate) fn has_step(&self) -> bool {
        self.0.step.is_some()
    }

    /// Says how often the request was sent and how long that took.
    pub(crate) fn after(mut self, attempts: u32, elapsed: Duration) -> Self {
        self.0.attempts = attempts;
        self.0.elapsed = Some(elapsed);
        self
    }

    pub(crate) fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(Arc::from(source.into()));
        self
    }

    /// The client or a credential could not be built from what was given.
    pub fn is_configuration(&self) -> bool {
        self.0.kind == Kind::Configuration
    }

    /// A parameter, header or body was refused before anything was sent.
    pub fn is_invalid_request(&self) -> bool {
        self.0.kind == Kind::Request
    }

    /// The operation needs a token and the client has none to send; nothing was sent.
    pub fn is_missing_token(&self) -> bool {
        self.0.kind == Kind::MissingToken
    }

    /// The operation itself was not sent, or not again, because no token could be had for it: the error is about the
    /// credential, and status, headers and body are those of the token endpoint.
    pub fn is_credential(&self) -> bool {
        self.0.kind == Kind::Credential || self.0.step.is_some()
    }

    /// A token did not pass [`TokenVerifier`](crate::auth::TokenVerifier); [`token_check`](Self::token_check) says why.
    pub fn is_invalid_token(&self) -> bool {
        matches!(self.0.kind, Kind::Token(_))
    }

    /// The check that a token did not pass.
    pub fn token_check(&self) -> Option<TokenCheck> {
        match self.0.kind {
            Kind::Token(check) => Some(check),
            _ => None,
        }
    }

    /// Time ran out: for the connection, for one attempt or for the whole call.
    pub fn is_timeout(&self) -> bool {
        matches!(
            self.0.kind,
            Kind::Timeout | Kind::Transport(TransportErrorKind::Timeout | TransportErrorKind::ConnectTimeout)
        )
    }

    /// No connection could be made, so the service has not seen the request.
    pub fn is_connect(&self) -> bool {
        matches!(
            self.0.kind,
            Kind::Transport(
                TransportErrorKind::Connect
                    | TransportErrorKind::ConnectTimeout
                    | TransportErrorKind::Certificate
            )
        )
    }

    /// No connection was made because the service's TLS certificate was not accepted: it is for another name, out of date, or
    /// from an authority that is not trusted here. [`is_connect`](Self::is_connect) says yes too. With the feature `native-tls`
    /// only that does, because that library says why in words alone.
    pub fn is_certificate(&self) -> bool {
        self.0.kind == Kind::Transport(TransportErrorKind::Certificate)
    }

    /// The connection broke before the answer was complete; the service may have processed the request.
    pub fn is_interrupted(&self) -> bool {
        self.0.kind == Kind::Transport(TransportErrorKind::Interrupted)
    }

    /// The answer is larger than [`ClientBuilder::body_limit`](crate::ClientBuilder::body_limit), as received or
    /// decompressed.
    pub fn is_body_too_large(&self) -> bool {
        self.0.kind == Kind::Transport(TransportErrorKind::BodyTooLarge)
    }

    /// The service answered with success and a body that does not fit the contract.
    pub fn is_decode(&self) -> bool {
        self.0.kind == Kind::Decode
    }

    /// The service answered with a status that is no success.
    pub fn is_service(&self) -> bool {
        self.0.kind == Kind::Service
    }

    /// Status 400: the service refused a parameter or the body; see [`ServiceError::details`]. Always about the operation,
    /// never about its token: see [`is_credential`](Self::is_credential).
    pub fn is_bad_request(&self) -> bool {
        !self.is_credential() && self.has_status(StatusCode::BAD_REQUEST)
    }

    /// The token was not accepted: status 401, or 403 with the name `UnauthorizedError`, which is how this service says it.
    pub fn is_unauthorized(&self) -> bool {
        self.has_status(StatusCode::UNAUTHORIZED)
            || (self.is_forbidden()
                && self.service_error().is_some_and(|error| error.name() == Some("UnauthorizedError")))
    }

    /// Status 403, for whatever reason the service gave.
    pub fn is_forbidden(&self) -> bool {
        self.has_status(StatusCode::FORBIDDEN)
    }

    /// Status 404. Always about the operation, so that a mistaken token endpoint does not pass for a missing resource.
    pub fn is_not_found(&self) -> bool {
        !self.is_credential() && self.has_status(StatusCode::NOT_FOUND)
    }

    /// Status 409. Always about the operation.
    pub fn is_conflict(&self) -> bool {
        !self.is_credential() && self.has_status(StatusCode::CONFLICT)
    }

    /// Status 429; [`retry_after`](Self::retry_after) says how long to wait, if the service does.
    pub fn is_rate_limited(&self) -> bool {
        self.has_status(StatusCode::TOO_MANY_REQUESTS)
    }

    /// Status 500 to 599.
    pub fn is_server_error(&self) -> bool {
        self.is_service() && self.status().is_some_and(|status| status.is_server_error())
    }

    /// Whether the cause may pass by itself: connection failures other than over a certificate, timeouts, torn connections and
    /// the statuses 408, 429, 500, 502, 503 and 504. It does not say that sending the same request again is harmless.
    pub fn is_retryable(&self) -> bool {
        match self.0.kind {
            Kind::Timeout => true,
            Kind::Transport(kind) => {
                use TransportErrorKind::{BodyTooLarge, Certificate, Other};
                !matches!(kind, Certificate | BodyTooLarge | Other)
            }
            Kind::Service => self
                .status()
                .is_some_and(|status| matches!(status.as_u16(), 408 | 429 | 500 | 502 | 503 | 504)),
            Kind::Configuration
            | Kind::Request
            | Kind::MissingToken
            | Kind::Credential
            | Kind::Token(_)
            | Kind::Decode => false,
        }
    }

    /// What went wrong in one word out of few, fit to be a label: the status of the answer, or what the predicate for it is
    /// called.
    pub(crate) fn label(&self) -> &str {
        match self.0.kind {
            _ if self.has_step() => "credential",
            Kind::Configuration => "configuration",
            Kind::Request => "invalid_request",
            Kind::MissingToken => "missing_token",
            Kind::Credential => "credential",
            Kind::Token(_) => "invalid_token",
            Kind::Timeout | Kind::Transport(TransportErrorKind::Timeout) => "timeout",
            Kind::Transport(TransportErrorKind::Connect | TransportErrorKind::ConnectTimeout) => "connect",
            Kind::Transport(TransportErrorKind::Certificate) => "certificate",
            Kind::Transport(TransportErrorKind::Interrupted) => "interrupted",
            Kind::Transport(TransportErrorKind::BodyTooLarge) => "body_too_large",
            Kind::Transport(TransportErrorKind::Other) => "transport",
            Kind::Service => self.0.answer.as_ref().map_or("service", |answer| answer.status.as_str()),
            Kind::Decode => "decode",
        }
    }

    /// The contract's operationId of the call that failed.
    pub fn operation(&self) -> Option<&str> {
        self.0.operation
    }

    /// How often the request was sent before this error was given back; 0 when it was not sent at all.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How long all attempts and the waits between them took; `None` when nothing was sent.
    pub fn elapsed(&self) -> Option<Duration> {
        self.0.elapsed
    }

    /// The status of the answer, where one came.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.answer.as_ref().map(|answer| answer.status)
    }

    /// The headers of the answer, where one came.
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.answer.as_ref().map(|answer| &answer.headers)
    }

    /// The body of the answer as it came, where one came: unmasked, so do not log it.
    pub fn body(&self) -> Option<&[u8]> {
        self.0.answer.as_ref().map(|answer| answer.body.as_ref())
    }

    /// What the service said, where its answer is an error of the contract or an OAuth 2.0 error (RFC 6749, section 5.2).
    pub fn service_error(&self) -> Option<&ServiceError> {
        self.0.answer.as_ref()?.service.as_ref()
    }

    /// The identifier under which the service logged the call: from the error's body, else from the headers that
    /// [`Response::trace_id`](crate::Response::trace_id) reads.
    pub fn trace_id(&self) -> Option<&str> {
        let answer = self.0.answer.as_ref()?;
        answer.service.as_ref().and_then(ServiceError::trace_id).or_else(|| trace_id(&answer.headers))
    }

    /// How long the service asks to wait before another request: its `Retry-After` header, in seconds or as a date (RFC
    /// 9110, section 10.2.3), counted from when the answer was received.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.answer.as_ref()?.retry_after
    }

    fn has_status(&self, status: StatusCode) -> bool {
        self.is_service() && self.status() == Some(status)
    }
}

impl Answer {
    fn new(response: TransportResponse) -> Self {
        let TransportResponse { status, headers, body } = response;
        let retry_after = retry_after(&headers);
        Self { status, headers, body, service: None, retry_after }
    }
}

/// Says in a few words what a body is that could not be read.
fn describe(response: &TransportResponse) -> String {
    let media_type = response.headers.get(http::header::CONTENT_TYPE).filter(|value| !value.is_sensitive());
    let media_type = media_type.and_then(|value| value.to_str().ok());
    let media_type = scrub::<&str>(media_type.unwrap_or("no media type"), &[]);
    format!("a body of {} bytes ({media_type})", response.body.len())
}

/// A date is taken relative to the answer's own `Date`, so that a wrong clock on either side does not matter.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = |value: &str| httpdate::parse_http_date(value).ok();
    let now = headers.get(DATE).and_then(|value| date(value.to_str().ok()?)).unwrap_or_else(clock::date);
    Some(date(value)?.duration_since(now).unwrap_or_default())
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
        match self.0.elapsed {
            Some(elapsed) if self.0.attempts > 1 => {
                write!(f, " (after {} attempts in {elapsed:.1?})", self.0.attempts)
            }
            _ => Ok(()),
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
            .field("status", &self.status())
            .field("trace_id", &self.trace_id())
            .field("attempts", &self.0.attempts)
            .field("elapsed", &self.0.elapsed)
            .field("body", &self.body().map(|_| Redacted))
            .field("source", &self.0.source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::HeaderMap;

    use super::retry_after;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn retry_after_is_read_in_both_forms() {
        assert_eq!(retry_after(&headers(&[("retry-after", "7")])), Some(Duration::from_secs(7)));
        let dates =
            [("date", "Mon, 23 Nov 2026 10:00:00 GMT"), ("retry-after", "Mon, 23 Nov 2026 10:00:30 GMT")];
        assert_eq!(retry_after(&headers(&dates)), Some(Duration::from_secs(30)));
    }

    #[test]
    fn a_retry_after_in_the_past_is_now_and_nonsense_is_nothing() {
        let dates =
            [("date", "Mon, 23 Nov 2026 10:00:00 GMT"), ("retry-after", "Mon, 23 Nov 2020 10:00:00 GMT")];
        assert_eq!(retry_after(&headers(&dates)), Some(Duration::ZERO));
        for nonsense in ["-1", "", "soon", "99999999999999999999999", "1.5"] {
            assert_eq!(retry_after(&headers(&[("retry-after", nonsense)])), None, "{nonsense}");
        }
    }
}

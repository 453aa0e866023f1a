//! How errors are made.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use tokio::runtime::Handle;
use url::Url;

use super::cause::Cause;
use super::{Error, ErrorResponse, Inner, Kind, Printed, ServiceError, TokenRejection};
use crate::support::random;
use crate::support::redact::Secrets;

impl Error {
    pub(crate) fn new(kind: Kind, message: impl Into<Cow<'static, str>>) -> Self {
        let message = message.into();
        Self(Box::new(Inner {
            kind,
            operation: None,
            step: None,
            message,
            base_url: None,
            cause: None,
            printed: Printed::Nothing,
            response: None,
            attempts: 0,
            elapsed: None,
        }))
    }

    /// Wraps what kept a custom credential from its work, such as the error of a key management service: for implementations of
    /// [`TokenProvider`](crate::auth::TokenProvider), [`TokenSource`](crate::auth::TokenSource),
    /// [`Signer`](crate::auth::Signer) and [`TokenStore`](crate::auth::TokenStore). What `cause` prints becomes part of the
    /// text; what is shaped like a JSON Web Token is masked, so it must not hold a secret of another shape.
    pub fn credential(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let cause = Cause::new(cause.into(), &Secrets::none());
        let mut this = Self::new(Kind::Credential, format!("the credential failed: {}", cause.masked));
        this.0.cause = Some(cause);
        this.0.printed = Printed::Cause;
        this
    }

    /// The error of a call to which the service responds with `status` and `error`: for tests of code that handles errors.
    ///
    /// ```
    /// use affinidi_tdk_iam_client::{Error, ServiceError, http::StatusCode};
    ///
    /// let error = Error::from_service(
    ///     StatusCode::NOT_FOUND,
    ///     ServiceError::new("NotFoundError", "Not found: project."),
    /// );
    /// assert!(error.is_not_found());
    /// assert_eq!(error.service_error().and_then(ServiceError::name), Some("NotFoundError"));
    /// ```
    pub fn from_service(status: StatusCode, error: ServiceError) -> Self {
        let response = ErrorResponse::new(status, HeaderMap::new(), Bytes::new());
        Self::of_status(ErrorResponse { service: Some(error), ..response })
    }

    /// A token that must not be used.
    pub(crate) fn unusable_token(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Credential, message)
    }

    pub(crate) fn token_rejected(rejection: TokenRejection, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::TokenRejected(rejection), message)
    }

    pub(crate) fn configuration(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Configuration, message)
    }

    /// Refuses to go on where there is no runtime, whose timers would panic.
    pub(crate) fn check_runtime() -> Result<(), Self> {
        Handle::try_current().map(drop).map_err(|_| {
            Self::configuration(
                "there is no tokio runtime here: await this in a runtime of tokio, such as in a function with `#[tokio::main]`, or \
                 with `block_on` of a `tokio::runtime::Runtime`",
            )
        })
    }

    pub(crate) fn invalid_input(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::InvalidInput, message)
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

    pub(crate) fn unsuccessful() -> Self {
        Self::new(
            Kind::Unsuccessful,
            "the service did not do what was asked for: it responded with `success: false`",
        )
    }

    /// A response with a status other than success. `secrets` is what the request sent and no text may repeat.
    pub(crate) fn service(response: impl Into<ErrorResponse>, secrets: &Secrets) -> Self {
        let response = response.into();
        let service = ServiceError::read(&response.body, secrets);
        Self::of_status(ErrorResponse { service, ..response })
    }

    fn of_status(response: ErrorResponse) -> Self {
        let status = response.status;
        let message = match &response.service {
            // What the gateway says of a path or a method that it does not know.
            Some(service) if service.message() == Some("Missing Authentication Token") => format!(
                "{status}: {service}: the gateway does not know this path or method, check the base URL; the token is not meant"
            ),
            Some(service) if service.is_unusable_token() => format!(
                "{status}: {service}: the token is damaged, from another service, or of another kind than the operation takes (user, \
                 project or consumer)"
            ),
            Some(service) => format!("{status}: {service}"),
            None if status.is_redirection() => {
                format!("{status}: redirects are not followed, check the base URL")
            }
            None => format!("{status}: the response is {}", response.describe()),
        };
        Self::new(Kind::Status, message).in_response(response)
    }

    /// A response of success whose body does not fit, for the `reason` given, whose JSON path may repeat one of the `secrets`
    /// that the request sent.
    pub(crate) fn undecodable(response: impl Into<ErrorResponse>, reason: &str, secrets: &Secrets) -> Self {
        let response = response.into();
        let reason = secrets.mask(reason);
        let message = format!("{}: cannot use {}: {reason}", response.status, response.describe());
        Self::new(Kind::Decode, message).in_response(response)
    }

    /// Keeps the response that the error is about.
    pub(crate) fn in_response(mut self, response: impl Into<ErrorResponse>) -> Self {
        self.0.response = Some(Arc::new(response.into()));
        self
    }

    pub(crate) fn in_operation(mut self, operation: &'static str) -> Self {
        self.0.operation.get_or_insert(operation);
        self
    }

    /// Notes that the error came while a token was fetched for an operation, which is not known here. Of nested steps the
    /// innermost is kept.
    pub(crate) fn in_step(mut self, step: &'static str) -> Self {
        self.0.step.get_or_insert(step);
        self.0.operation = None;
        self
    }

    /// Notes what the request was for, such as which project.
    pub(crate) fn about(mut self, what: impl fmt::Display) -> Self {
        self.0.message = format!("{}: {what}", self.0.message).into();
        self
    }

    /// Notes where the request was sent, how often, and how long that took.
    pub(crate) fn after(mut self, base_url: &Url, attempts: u32, elapsed: Duration) -> Self {
        self.0.base_url = Some(base_url.clone());
        self.0.attempts = attempts;
        self.0.elapsed = Some(elapsed);
        self
    }

    /// Keeps a cause that the message does not repeat.
    pub(crate) fn with_cause(mut self, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.cause = Some(Cause::new(cause.into(), &Secrets::none()));
        self
    }

    /// Keeps a cause whose root the message holds already, and which may repeat one of the `secrets`.
    pub(crate) fn with_printed_root(
        mut self,
        cause: Option<Box<dyn StdError + Send + Sync>>,
        secrets: &Secrets,
    ) -> Self {
        self.0.cause = cause.map(|cause| Cause::new(cause, secrets));
        self.0.printed = Printed::Root;
        self
    }
}

impl From<random::Unavailable> for Error {
    fn from(_: random::Unavailable) -> Self {
        Self::configuration("the operating system has no random numbers")
    }
}

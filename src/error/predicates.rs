//! What can be asked of an error.

use http::StatusCode;

use super::{Error, Kind, ServiceError, TokenRejection, TransportErrorKind};

impl Error {
    /// The client or a credential cannot be built from what was given.
    pub fn is_configuration(&self) -> bool {
        self.0.kind == Kind::Configuration
    }

    /// A parameter, header or body was refused before anything was sent.
    pub fn is_invalid_input(&self) -> bool {
        self.0.kind == Kind::InvalidInput
    }

    /// The operation needs a token and the client has none to send; nothing was sent.
    pub fn is_missing_token(&self) -> bool {
        self.0.kind == Kind::MissingToken
    }

    /// The operation itself was not sent, or not retried, because no token was available for it: the error is about the
    /// credential, and status, headers and body are those of the token endpoint.
    pub fn is_credential(&self) -> bool {
        self.0.kind == Kind::Credential || self.has_step()
    }

    /// A [`TokenVerifier`](crate::auth::TokenVerifier) rejected a token; [`rejection`](Self::rejection) returns why.
    pub fn is_token_rejected(&self) -> bool {
        matches!(self.0.kind, Kind::TokenRejected(_))
    }

    /// The check that a token failed.
    pub fn rejection(&self) -> Option<TokenRejection> {
        match self.0.kind {
            Kind::TokenRejected(rejection) => Some(rejection),
            _ => None,
        }
    }

    /// Time ran out: for the connection, for one attempt or for the whole call.
    pub fn is_timeout(&self) -> bool {
        self.0.kind.is_timeout()
    }

    /// No connection could be made, so the service has not seen the request.
    pub fn is_connect(&self) -> bool {
        self.0.kind.is_connect()
    }

    /// No connection was made because the service's TLS certificate was refused: it is for another name, out of date, or from
    /// an authority that is not trusted here. [`is_connect`](Self::is_connect) is also true. With the feature `native-tls`
    /// only `is_connect` is: that library reports the cause as text.
    pub fn is_certificate(&self) -> bool {
        self.0.kind == Kind::Transport(TransportErrorKind::Certificate)
    }

    /// The connection was lost before the response was complete; the service may have processed the request.
    pub fn is_connection_lost(&self) -> bool {
        self.0.kind == Kind::Transport(TransportErrorKind::ConnectionLost)
    }

    /// The service stated that it did not process the request: it refused the HTTP/2 stream, or was closing the connection before
    /// the request came (RFC 9113, section 8.7). Such a request is retried, whatever its method.
    pub fn is_not_processed(&self) -> bool {
        self.0.kind == Kind::Transport(TransportErrorKind::NotProcessed)
    }

    /// The response is larger than [`ClientBuilder::body_limit`](crate::ClientBuilder::body_limit), as received or
    /// decompressed.
    pub fn is_body_too_large(&self) -> bool {
        self.0.kind == Kind::Transport(TransportErrorKind::BodyTooLarge)
    }

    /// The service responded with success and a body that does not fit the API description, is encoded in a way that was not asked
    /// for, or would take too much memory; see [`ClientBuilder::body_limit`](crate::ClientBuilder::body_limit). The whole response
    /// was received, so the request is not retried.
    pub fn is_decode(&self) -> bool {
        self.0.kind == Kind::Decode
    }

    /// The service responded with success and says that it did not do what was asked for. Calls never fail so, only
    /// `ensure_success` of their output, such as
    /// [`UpdateAccessOutput::ensure_success`](crate::models::UpdateAccessOutput::ensure_success).
    pub fn is_unsuccessful(&self) -> bool {
        self.0.kind == Kind::Unsuccessful
    }

    /// The service responded with a status other than success.
    pub fn is_status(&self) -> bool {
        self.0.kind == Kind::Status
    }

    /// Status 400: the service refused a parameter or the body; see
    /// [`ServiceError::details`](crate::ServiceError::details). Always about the operation, never about its token: see
    /// [`is_credential`](Self::is_credential).
    pub fn is_bad_request(&self) -> bool {
        !self.is_credential() && self.has_status(StatusCode::BAD_REQUEST)
    }

    /// The service refused the token: status 401, or 403 with a name that means the token (`UnauthorizedError`,
    /// `InvalidJwtTokenError`, `NoAuthorizationError`), which is how the gateway reports it.
    /// [`is_forbidden`](Self::is_forbidden) is false then.
    pub fn is_unauthorized(&self) -> bool {
        self.has_status(StatusCode::UNAUTHORIZED)
            || (self.has_status(StatusCode::FORBIDDEN) && self.names_the_token())
    }

    /// Status 403 for any reason but the token: a policy that does not allow the action (`ActionForbiddenError`), a firewall, or a
    /// path or method that the gateway does not know.
    /// [`is_unauthorized`](Self::is_unauthorized) is false then.
    pub fn is_forbidden(&self) -> bool {
        self.has_status(StatusCode::FORBIDDEN) && !self.names_the_token()
    }

    /// Status 404. Always about the operation, so that a mistaken token endpoint does not pass for a missing resource.
    #[doc(alias("not found", "404"))]
    pub fn is_not_found(&self) -> bool {
        !self.is_credential() && self.has_status(StatusCode::NOT_FOUND)
    }

    /// Status 409. Always about the operation.
    pub fn is_conflict(&self) -> bool {
        !self.is_credential() && self.has_status(StatusCode::CONFLICT)
    }

    /// Status 429; [`retry_after`](Self::retry_after) returns how long to wait, if the service states it.
    pub fn is_rate_limited(&self) -> bool {
        self.has_status(StatusCode::TOO_MANY_REQUESTS)
    }

    /// Status 500 to 599.
    pub fn is_server_error(&self) -> bool {
        self.is_status() && self.status().is_some_and(|status| status.is_server_error())
    }

    /// Whether the cause may pass by itself: connection failures other than over a certificate or without TLS, timeouts, lost connections and
    /// the statuses 408, 429, 500, 502, 503 and 504. It does not mean that sending the same request again is harmless.
    pub fn is_retryable(&self) -> bool {
        self.0.kind.is_retryable(self.status())
    }

    /// Whether the error came from a step that has already made its own retries.
    pub(crate) fn has_step(&self) -> bool {
        self.0.step.is_some()
    }

    /// The kind of the error, fit to be a metric's label: the status of the response, or what the predicate for it is called.
    pub(crate) fn label(&self) -> &str {
        match self.0.kind {
            _ if self.has_step() => Kind::Credential.label(),
            Kind::Status => {
                self.0.response.as_ref().map_or(Kind::Status.label(), |response| response.status.as_str())
            }
            kind => kind.label(),
        }
    }

    fn has_status(&self, status: StatusCode) -> bool {
        self.is_status() && self.status() == Some(status)
    }

    /// Whether the service's name for the error is that of a refused token.
    fn names_the_token(&self) -> bool {
        let name = self.service_error().and_then(ServiceError::name);
        matches!(name, Some("UnauthorizedError" | "InvalidJwtTokenError" | "NoAuthorizationError"))
    }
}

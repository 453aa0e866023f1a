//! What kinds of errors there are, and what follows from each.

use http::StatusCode;

use super::TokenRejection;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The client or a credential cannot be built from what was given.
    Configuration,
    /// A parameter, header or body cannot be sent.
    InvalidInput,
    /// The operation needs a token and the client has no provider for it.
    MissingToken,
    /// A credential could not do its work.
    Credential,
    /// A token did not pass verification.
    TokenRejected(TokenRejection),
    /// The time ran out: the attempt's or the call's.
    Timeout,
    /// The transport brought no response.
    Transport(TransportErrorKind),
    /// The service responded with a status other than success.
    Status,
    /// The service responded with success and a body that does not fit.
    Decode,
    /// The service responded with success and says that it did not do what was asked for.
    Unsuccessful,
}

/// How far a request got that brought no response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TransportErrorKind {
    Connect,
    ConnectTimeout,
    Certificate,
    NotTls,
    Timeout,
    ConnectionLost,
    NotProcessed,
    BodyTooLarge,
    Other,
}

impl Kind {
    pub(crate) fn is_timeout(self) -> bool {
        use TransportErrorKind::{ConnectTimeout, Timeout};
        matches!(self, Self::Timeout | Self::Transport(Timeout | ConnectTimeout))
    }

    pub(crate) fn is_connect(self) -> bool {
        use TransportErrorKind::{Certificate, Connect, ConnectTimeout, NotTls};
        matches!(self, Self::Transport(Connect | ConnectTimeout | Certificate | NotTls))
    }

    /// Whether the cause may pass by itself; `status` is that of the response, where one came.
    pub(crate) fn is_retryable(self, status: Option<StatusCode>) -> bool {
        use TransportErrorKind::{BodyTooLarge, Certificate, NotTls, Other};
        match self {
            Self::Timeout => true,
            Self::Transport(kind) => !matches!(kind, Certificate | NotTls | BodyTooLarge | Other),
            Self::Status => {
                status.is_some_and(|status| matches!(status.as_u16(), 408 | 429 | 500 | 502 | 503 | 504))
            }
            Self::Configuration
            | Self::InvalidInput
            | Self::MissingToken
            | Self::Credential
            | Self::TokenRejected(_)
            | Self::Decode
            | Self::Unsuccessful => false,
        }
    }

    /// The name of the kind for metrics: what the predicate for it is called.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::InvalidInput => "invalid_input",
            Self::MissingToken => "missing_token",
            Self::Credential => "credential",
            Self::TokenRejected(_) => "token_rejected",
            Self::Timeout | Self::Transport(TransportErrorKind::Timeout) => "timeout",
            Self::Transport(
                TransportErrorKind::Connect | TransportErrorKind::ConnectTimeout | TransportErrorKind::NotTls,
            ) => "connect",
            Self::Transport(TransportErrorKind::Certificate) => "certificate",
            Self::Transport(TransportErrorKind::ConnectionLost) => "connection_lost",
            Self::Transport(TransportErrorKind::NotProcessed) => "not_processed",
            Self::Transport(TransportErrorKind::BodyTooLarge) => "body_too_large",
            Self::Transport(TransportErrorKind::Other) => "transport",
            Self::Status => "status",
            Self::Decode => "decode",
            Self::Unsuccessful => "unsuccessful",
        }
    }
}

//! What became of an attempt or a call.

use http::StatusCode;

use crate::error::Error;

/// What became of an attempt or a call.
pub(crate) enum Outcome<'a> {
    /// The status, and the trace id for those who record it.
    Response(StatusCode, &'a dyn Fn() -> Option<&'a str>),
    Failure(&'a Error),
    /// Nobody waited for it any longer.
    Cancelled,
}

impl Outcome<'_> {
    pub(crate) fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Response(status, _) => Some(*status),
            // The response of a step is not the operation's.
            Self::Failure(error) => error.status().filter(|_| !error.has_step()),
            Self::Cancelled => None,
        }
    }

    pub(crate) fn error_type(&self) -> Option<&str> {
        match self {
            Self::Response(..) => None,
            Self::Failure(error) => Some(error.label()),
            Self::Cancelled => Some("cancelled"),
        }
    }

    #[cfg_attr(not(feature = "tracing"), expect(dead_code, reason = "only spans hold it"))]
    pub(crate) fn trace_id(&self) -> Option<&str> {
        match self {
            Self::Response(_, trace_id) => trace_id(),
            Self::Failure(error) => error.trace_id(),
            Self::Cancelled => None,
        }
    }
}

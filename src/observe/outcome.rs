//! What became of an attempt or a call.

use http::{HeaderMap, StatusCode};

use crate::error::{Error, trace_id};

/// What became of an attempt or a call.
pub(crate) enum Outcome<'a> {
    Response(StatusCode, &'a HeaderMap),
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
            Self::Response(_, headers) => trace_id(headers),
            Self::Failure(error) => error.trace_id(),
            Self::Cancelled => None,
        }
    }
}

//! Why a service could not start.

use std::fmt;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// An error of starting a [`LocalIam`](crate::LocalIam). Requests never cause it: they get the error bodies of the
/// contract.
#[derive(Debug)]
pub struct Error {
    message: String,
    source: Option<Cause>,
}

impl Error {
    /// What could not be done, and what stopped it.
    pub(crate) fn caused(doing: impl fmt::Display, source: impl Into<Cause>) -> Self {
        Self { message: format!("cannot {doing}"), source: Some(source.into()) }
    }

    /// What was not done, and why it must not be.
    pub(crate) fn refused(doing: impl fmt::Display, why: impl fmt::Display) -> Self {
        Self { message: format!("cannot {doing}: {why}"), source: None }
    }

    /// What cryptography could not do; its library never gives a reason.
    pub(crate) fn crypto(doing: impl fmt::Display) -> Self {
        Self { message: format!("cannot {doing}"), source: None }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| &**source as _)
    }
}

//! Why a service could not start.

use std::fmt;
use std::io;

/// An error of starting a [`LocalIam`](crate::LocalIam). Requests never yield it: they are answered with the
/// contract's error bodies.
#[derive(Debug)]
pub struct Error {
    doing: String,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    pub(crate) fn io(doing: impl Into<String>, source: io::Error) -> Self {
        Self::other(doing, source)
    }

    pub(crate) fn database(doing: impl Into<String>, source: rusqlite::Error) -> Self {
        Self::other(doing, source)
    }

    pub(crate) fn other(
        doing: impl Into<String>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self { doing: doing.into(), source: Some(source.into()) }
    }

    pub(crate) fn refused(doing: &str, why: impl Into<String>) -> Self {
        Self { doing: doing.into(), source: Some(why.into().into()) }
    }

    pub(crate) fn crypto(doing: impl Into<String>) -> Self {
        Self { doing: doing.into(), source: None }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot {}", self.doing)?;
        match &self.source {
            Some(source) => write!(f, ": {source}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| &**source as _)
    }
}

//! Why a service could not start, or did not do what it was told to.

use std::fmt;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// An error of starting a [`LocalIam`](crate::LocalIam), or of a method that controls it. Requests never cause it: they get the
/// error bodies of the contract.
#[derive(Debug)]
pub struct Error {
    message: String,
    source: Option<Cause>,
    is_invalid_input: bool,
}

impl Error {
    /// Whether what the caller asked for is wrong: an operation that does not exist, a value out of its range, an id that is
    /// taken or unknown, a public URL with a path. Then the message names it. Everything else failed on this machine.
    pub fn is_invalid_input(&self) -> bool {
        self.is_invalid_input
    }

    /// What could not be done, and what stopped it.
    pub(crate) fn caused(doing: impl fmt::Display, source: impl Into<Cause>) -> Self {
        Self { message: format!("cannot {doing}"), source: Some(source.into()), is_invalid_input: false }
    }

    /// What was not done, and why it must not be.
    pub(crate) fn refused(doing: impl fmt::Display, why: impl fmt::Display) -> Self {
        Self { message: format!("cannot {doing}: {why}"), source: None, is_invalid_input: false }
    }

    /// What was not done because of the input, and what is wrong with that.
    pub(crate) fn invalid(doing: impl fmt::Display, why: impl fmt::Display) -> Self {
        Self { is_invalid_input: true, ..Self::refused(doing, why) }
    }

    /// What cryptography could not do; its library never gives a reason.
    pub(crate) fn crypto(doing: impl fmt::Display) -> Self {
        Self { message: format!("cannot {doing}"), source: None, is_invalid_input: false }
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

//! An operation as the API description defines it.

use http::Method;

use crate::auth::token::SecurityScheme;

/// An operation of the API description.
#[derive(Debug)]
pub(crate) struct Operation {
    /// Its operationId.
    pub(crate) name: &'static str,
    pub(crate) method: Method,
    /// Its path template.
    pub(crate) path: &'static str,
    pub(crate) security: Option<SecurityScheme>,
    /// Whether the API description marks it as harmless to repeat, whatever the method.
    pub(crate) idempotent: bool,
    /// Whether the API description asks for the prefix `Bearer`.
    pub(crate) bearer: bool,
    /// Top-level fields of the request's body that hold secrets.
    pub(crate) secrets: &'static [&'static str],
    /// Whether its response has no schema, so that a redirect is a response too.
    pub(crate) raw: bool,
}

impl Operation {
    /// Whether doing it twice is the same as doing it once (RFC 9110, section 9.2.2).
    pub(crate) fn is_idempotent(&self) -> bool {
        self.idempotent || self.method.is_idempotent()
    }
}

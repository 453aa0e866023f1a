//! What an operation is. `routes` lists all of them, each with its rule.

use super::schema::Object;

/// One operation: where it is, who may call it, and what it takes.
pub(crate) struct Operation {
    /// The contract's operationId; names of our own outside the contract.
    pub(crate) id: &'static str,
    pub(crate) method: &'static str,
    /// Path template: `{x}` matches one segment, `{x+}` all that are left.
    pub(crate) path: &'static str,
    pub(crate) scheme: Scheme,
    pub(crate) query: &'static Object,
    pub(crate) body: Body,
}

/// The contract's security scheme: which kind of token the `authorization` header must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    Public,
    User,
    Project,
    Consumer,
    /// Not the contract's: loopback callers that a browser cannot be tricked into being.
    Management,
}

pub(crate) enum Body {
    None,
    Json(&'static Object),
    /// `application/x-www-form-urlencoded`, each field once.
    Form(&'static Object),
    /// Anything, of any media type.
    Raw,
}

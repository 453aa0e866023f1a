//! What an operation is. `routes` lists all of them, each with its rule.

use super::schema::Object;

/// One operation: its path, who may call it, and its input.
pub(crate) struct Operation {
    /// The operationId of the contract; a custom name for operations beside the contract.
    pub(crate) id: &'static str,
    pub(crate) method: &'static str,
    /// Path template: `{x}` matches one segment, `{x+}` all remaining segments.
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
    /// Not in the contract: callers on the loopback interface, never a web page under another name.
    Management,
}

impl Operation {
    /// Whether the gateway is in front of the operation; it validates requests before the service sees them.
    pub(crate) fn is_behind_gateway(&self) -> bool {
        is_gateway_path(self.path)
    }
}

/// Whether a path is one of the gateway's services.
pub(crate) fn is_gateway_path(path: &str) -> bool {
    ["/iam", "/cid"].iter().any(|service| {
        path.strip_prefix(service).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

pub(crate) enum Body {
    None,
    Json(&'static Object),
    /// `application/x-www-form-urlencoded`, each field once.
    Form(&'static Object),
    /// Anything, of any media type.
    Raw,
}

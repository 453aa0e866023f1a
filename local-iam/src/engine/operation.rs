//! What the service answers: one table, one row per operation.

use http::Method;

use super::schema::Object;
use super::{Call, Outcome, consumer_token, well_known};

/// One operation: where it is, what it takes, and the rule that answers it.
pub(crate) struct Operation {
    pub(crate) method: Method,
    /// Path template; a segment in braces matches any one segment.
    pub(crate) path: &'static str,
    /// Schema of the JSON body, for operations that take one.
    pub(crate) body: Option<&'static Object>,
    pub(crate) answer: fn(&Call) -> Outcome,
}

pub(crate) const OPERATIONS: &[Operation] = &[
    Operation {
        method: Method::POST,
        path: "/iam/v1/consumer/oauth2/token",
        body: Some(&consumer_token::INPUT),
        answer: consumer_token::answer,
    },
    // The official consumer providers post the same request to the consumer IAM gateway.
    Operation {
        method: Method::POST,
        path: "/cid/v1/consumer/oauth2/token",
        body: Some(&consumer_token::INPUT),
        answer: consumer_token::answer,
    },
    Operation {
        method: Method::GET,
        path: "/iam/.well-known/jwks.json",
        body: None,
        answer: well_known::json_web_key_set,
    },
    Operation {
        method: Method::GET,
        path: "/iam/.well-known/did.json",
        body: None,
        answer: well_known::did_document,
    },
];

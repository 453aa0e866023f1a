//! A request that was routed, validated and authorized: the input of a rule.

use std::sync::Arc;

use bytes::Bytes;
use http::Request;
use serde_json::{Map, Value};

use super::data::principal::Principal;
use super::operation::Operation;
use super::problem::{Detail, Problem};
use super::state::State;
use super::syntax::{DID_RULE, is_did};

pub(crate) struct Call {
    pub(crate) state: Arc<State>,
    pub(crate) request: Arc<Request<Bytes>>,
    pub(crate) operation: &'static Operation,
    pub(crate) parameters: Vec<(&'static str, String)>,
    pub(crate) query: Map<String, Value>,
    /// The body's fields; empty for operations without a body.
    pub(crate) body: Map<String, Value>,
    pub(crate) caller: Caller,
}

/// Whom the `authorization` header identifies.
#[derive(Debug)]
pub(crate) enum Caller {
    Nobody,
    /// `client` is the OAuth client that the token was issued to.
    User {
        principal: Principal,
        client: String,
    },
    Project {
        principal: Principal,
        project_id: String,
    },
    /// Never a delegate: the authorizer refuses those.
    Consumer {
        did: String,
    },
}

impl Call {
    /// A text field of the body.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.body.get(name)?.as_str()
    }

    /// A text field of the query.
    pub(crate) fn query_text(&self, name: &str) -> Option<&str> {
        self.query.get(name)?.as_str()
    }

    /// A path parameter; the template has it, so it is never empty.
    pub(crate) fn parameter(&self, name: &str) -> &str {
        self.parameters.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
    }

    pub(crate) fn now(&self) -> i64 {
        self.state.clock.now()
    }

    /// The principal of a user token.
    pub(crate) fn user(&self) -> Result<&Principal, Problem> {
        match &self.caller {
            Caller::User { principal, .. } => Ok(principal),
            _ => Err(Problem::unexpected()),
        }
    }

    /// The principal and the project of a project token.
    pub(crate) fn member(&self) -> Result<(&Principal, &str), Problem> {
        match &self.caller {
            Caller::Project { principal, project_id } => Ok((principal, project_id)),
            _ => Err(Problem::unexpected()),
        }
    }

    /// The DID of a consumer token.
    pub(crate) fn consumer(&self) -> Result<&str, Problem> {
        match &self.caller {
            Caller::Consumer { did } => Ok(did),
            _ => Err(Problem::unexpected()),
        }
    }

    /// A path parameter that must be a DID.
    pub(crate) fn did(&self, name: &str) -> Result<&str, Problem> {
        let did = self.parameter(name);
        if is_did(did) { Ok(did) } else { Err(Problem::invalid(vec![Detail::of(name, DID_RULE, "path")])) }
    }

    /// The principal that path and query name. The form of the lists, with the kind as prefix, is refused: the contract wants the bare
    /// identifier here.
    pub(crate) fn named_principal(&self) -> Result<Principal, Problem> {
        let (kind, id) = (self.query_text("principalType").unwrap_or(""), self.parameter("principalId"));
        if id.contains('/') {
            let issue = "must be the identifier alone, without `user/` or `token/`";
            return Err(Problem::invalid(vec![Detail::of("principalId", issue, "path")]));
        }
        Principal::named(kind, id)
            .ok_or_else(|| Problem::invalid(vec![Detail::of("principalType", "is required", "query")]))
    }
}

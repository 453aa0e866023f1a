//! Who calls, and whether it may: the authorizer in front of the operations for project and consumer tokens, and the check of
//! user tokens, which the service itself makes.

use bytes::Bytes;
use http::Request;
use http::header::AUTHORIZATION;
use rusqlite::Connection;
use url::form_urlencoded;

use super::access_token;
use super::call::Caller;
use super::data::principal::Principal;
use super::operation::{Operation, Scheme};
use super::permission;
use super::problem::Problem;
use super::state::State;
use crate::store::Store;

/// Judges project and consumer tokens, before anything of the request but its path and its headers counts. Nobody is refused
/// here for other schemes.
pub(crate) fn admit(
    state: &State,
    store: &Store,
    request: &Request<Bytes>,
    operation: &Operation,
    parameters: &[(&'static str, String)],
) -> Result<Caller, Problem> {
    match operation.scheme {
        Scheme::Public | Scheme::Management | Scheme::User => Ok(Caller::Nobody),
        Scheme::Project => {
            let (principal, project_id) = access_token::project(state, token(request)?)?;
            let resource = resource(request, &project_id, parameters);
            store.read(|db| permission::require(db, operation, &principal, &project_id, &resource))?;
            Ok(Caller::Project { principal, project_id })
        }
        Scheme::Consumer => {
            let (did, delegate) = access_token::consumer(state, token(request)?)?;
            // A delegate acts within the profile's files but does not hand on access to them.
            if delegate.is_some() { Err(Problem::forbidden()) } else { Ok(Caller::Consumer { did }) }
        }
    }
}

/// Whom the user token of the request identifies.
pub(crate) fn user(state: &State, request: &Request<Bytes>) -> Result<Caller, Problem> {
    let (principal, client) = access_token::user(state, token(request)?)?;
    Ok(Caller::User { principal, client })
}

/// Refuses the token of a user who does not exist any more.
pub(crate) fn require_existing(db: &Connection, caller: &Caller) -> Result<(), Problem> {
    match caller {
        Caller::User { principal, .. } if !principal.exists(db)? => {
            Err(Problem::invalid_token(http::StatusCode::UNAUTHORIZED, "jwt-invalid"))
        }
        _ => Ok(()),
    }
}

/// The token of `authorization: <token>` and of `authorization: Bearer <token>`.
fn token(request: &Request<Bytes>) -> Result<&str, Problem> {
    let mut values = request.headers().get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return Err(Problem::no_token()) };
    let value = value.to_str().unwrap_or("").trim();
    let token = match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        _ if value.eq_ignore_ascii_case("bearer") => "",
        _ => value,
    };
    if token.is_empty() { Err(Problem::no_token()) } else { Ok(token) }
}

/// What the operation is about: the principal that path and query name, otherwise the project.
fn resource(request: &Request<Bytes>, project_id: &str, parameters: &[(&'static str, String)]) -> String {
    let query = request.uri().query().unwrap_or("").as_bytes();
    let kind = form_urlencoded::parse(query).find(|(name, _)| name == "principalType").map(|(_, kind)| kind);
    let id = parameters.iter().find(|(name, _)| *name == "principalId").map(|(_, id)| id.as_str());
    let principal = kind.zip(id).and_then(|(kind, id)| Principal::named(&kind, id));
    match principal {
        Some(principal) => principal.ari_in(project_id),
        None => permission::project_resource(project_id),
    }
}

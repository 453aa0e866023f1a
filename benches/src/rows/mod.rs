//! The rows of the table, by what they are about.

use crate::callers::Caller;

pub mod calls;
pub mod counted;
pub mod in_flight;
pub mod paging;
pub mod tenants;
pub mod tokens;

/// What a row measures, with the transport unless it is the default one.
fn what<O: Caller>(what: &str) -> String {
    if O::NAME == "ours" { what.to_owned() } else { format!("{what}, {}", O::NAME) }
}

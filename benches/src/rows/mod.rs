//! The rows of the table, by what they are about.

pub mod calls;
pub mod counted;
pub mod in_flight;
pub mod paging;
pub mod tenants;
pub mod tokens;

/// What a row measures, with the transport of ours unless it is the default one.
fn what(what: &str, ours: &str) -> String {
    if ours == "ours" { what.to_owned() } else { format!("{what}, {ours}") }
}

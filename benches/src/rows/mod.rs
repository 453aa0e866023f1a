//! The rows of the table, by what they are about.

pub mod calls;
pub mod counted;
pub mod paging;
pub mod tenants;
pub mod tokens;

//! What the tests share.

pub(crate) mod contract;
pub(crate) mod fakes;
pub(crate) mod models;
pub(crate) mod operations;
pub(crate) mod printing;
pub(crate) mod schema;
pub(crate) mod server;

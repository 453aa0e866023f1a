//! The promises of the service, checked over HTTP.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]
#![allow(unreachable_pub, missing_docs, reason = "nothing here is public")]

mod accounts;
mod addresses;
mod api;
mod authorization;
mod consumer_token;
mod contract;
mod control;
mod database;
mod delegation;
mod evidence;
mod faults;
mod lifecycle;
mod management;
mod paging;
mod pat_token;
mod policies;
mod principals;
mod program;
mod projects;
mod reference;
mod refresh_token;
mod slow_disk;
mod support;
mod tokens;
mod transport;
mod validation;
mod vfs;
mod vfs_permissions;

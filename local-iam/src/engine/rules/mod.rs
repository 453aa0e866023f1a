//! What the operations do: one file per subject, one function per operation.

pub(super) mod accounts;
pub(super) mod consumer_token;
pub(super) mod health;
pub(super) mod management;
pub(super) mod pat_token;
pub(super) mod policies;
pub(super) mod principals;
pub(super) mod project_token;
pub(super) mod projects;
pub(super) mod proxy;
pub(super) mod reference;
pub(super) mod tokens;
pub(super) mod vfs;
pub(super) mod vfs_permissions;
pub(super) mod well_known;
pub(super) mod whoami;

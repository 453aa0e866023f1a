// Generated from openapi.consumer-iam.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::consumer_iam::models;
use crate::wire::object;

/// Access to the virtual file system to grant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct GrantAccessInput {
    /// Permissions to grant, at least one.
    pub permissions: Vec<models::Permission>,
}

impl GrantAccessInput {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new(permissions: impl IntoIterator<Item = models::Permission>) -> Self {
        Self { permissions: permissions.into_iter().collect() }
    }
}

object!(GrantAccessInput closed {
    required permissions = "permissions",
});

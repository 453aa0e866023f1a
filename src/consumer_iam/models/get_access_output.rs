// Generated from openapi.consumer-iam.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::consumer_iam::models;
use crate::wire::object;

/// The access of a grantee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct GetAccessOutput {
    /// Permissions of the grantee.
    pub permissions: Vec<models::Permission>,
}

impl GetAccessOutput {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new(permissions: impl IntoIterator<Item = models::Permission>) -> Self {
        Self { permissions: permissions.into_iter().collect() }
    }
}

object!(GetAccessOutput closed {
    required permissions = "permissions",
});

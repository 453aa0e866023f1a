// Generated from openapi.consumer-iam.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::consumer_iam::models;
use crate::wire::object;

/// The permissions that replace those granted before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct UpdateAccessInput {
    /// Complete new set of permissions.
    pub permissions: Vec<models::Permission>,
}

impl UpdateAccessInput {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new(permissions: impl IntoIterator<Item = models::Permission>) -> Self {
        Self { permissions: permissions.into_iter().collect() }
    }
}

object!(UpdateAccessInput closed {
    required permissions = "permissions",
});

// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::models;
use crate::wire::object;

/// An identity provider, and whether a user can sign in with it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct ProviderDto {
    /// Identifier of the identity provider. The contract does not list the identifiers.
    pub id: String,
    /// Whether the user can sign in with the provider.
    pub status: models::ProviderStatus,
}

impl ProviderDto {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new(id: impl Into<String>, status: models::ProviderStatus) -> Self {
        Self { id: id.into(), status }
    }
}

object!(ProviderDto closed {
    required id = "id",
    required status = "status",
});

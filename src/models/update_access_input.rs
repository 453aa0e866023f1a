// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::models;
use crate::wire::object;

/// The rights that replace those granted before.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct UpdateAccessInput {
    /// Complete new set of rights, at least one.
    pub rights: Vec<models::RightsEnum>,
}

impl UpdateAccessInput {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new(rights: impl IntoIterator<Item = impl Into<models::RightsEnum>>) -> Self {
        Self { rights: rights.into_iter().map(Into::into).collect() }
    }
}

object!(UpdateAccessInput closed {
    required rights = "rights",
});

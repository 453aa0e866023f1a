// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::models;
use crate::wire::object;

/// Identity providers, and whether a user can sign in with each.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct ProviderList {
    /// The identity providers; may be empty.
    pub providers: Vec<models::ProviderDto>,
}

impl ProviderList {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new(providers: impl IntoIterator<Item = models::ProviderDto>) -> Self {
        Self { providers: providers.into_iter().collect() }
    }
}

object!(ProviderList closed {
    required providers = "providers",
});

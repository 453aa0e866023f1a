// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::models;
use crate::wire::object;

/// A JSON Web Key Set (RFC 7517 section 5).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct JsonWebKeySetDto {
    /// The keys of the set, at least one. Their order has no meaning; select by `kid`.
    pub keys: Vec<models::JsonWebKeyDto>,
}

impl JsonWebKeySetDto {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new(keys: impl IntoIterator<Item = models::JsonWebKeyDto>) -> Self {
        Self { keys: keys.into_iter().collect() }
    }
}

object!(JsonWebKeySetDto closed {
    required keys = "keys",
});

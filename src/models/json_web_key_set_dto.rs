// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::{Deserialize, Serialize};

#[allow(unused_imports)]
use crate::models;
use crate::support::redact::model_debug;

/// A JSON Web Key Set (RFC 7517 section 5).
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct JsonWebKeySetDto {
    /// The keys of the set, at least one. Their order means nothing; select by `kid`.
    #[serde(rename = "keys")]
    pub keys: Vec<models::JsonWebKeyDto>,
}

impl JsonWebKeySetDto {
    /// Builds it from what the contract requires; the rest is set with `with_…` or left out.
    pub fn new(keys: impl IntoIterator<Item = impl Into<models::JsonWebKeyDto>>) -> Self {
        Self { keys: keys.into_iter().map(Into::into).collect() }
    }
}

model_debug!(JsonWebKeySetDto {
    plain keys,
});

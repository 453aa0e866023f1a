// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::{Deserialize, Serialize};

#[allow(unused_imports)]
use crate::models;
use crate::support::redact::model_debug;

/// The rights that replace those granted before.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UpdateAccessInput {
    /// Complete new set of rights, at least one.
    #[serde(rename = "rights")]
    pub rights: Vec<models::RightsEnum>,
}

impl UpdateAccessInput {
    /// Builds it from what the contract requires; the rest is set with `with_…` or left out.
    pub fn new(rights: impl IntoIterator<Item = impl Into<models::RightsEnum>>) -> Self {
        Self { rights: rights.into_iter().map(Into::into).collect() }
    }
}

model_debug!(UpdateAccessInput {
    plain rights,
});

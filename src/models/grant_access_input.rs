// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::{Deserialize, Serialize};

#[allow(unused_imports)]
use crate::models;
use crate::support::redact::model_debug;

/// Access to the virtual file system to grant.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GrantAccessInput {
    /// DID of the party that receives the access (DID Core section 3.1).
    #[serde(rename = "granteeDid")]
    pub grantee_did: String,
    /// Rights to grant, at least one.
    #[serde(rename = "rights")]
    pub rights: Vec<models::RightsEnum>,
}

impl GrantAccessInput {
    /// Builds it from what the contract requires; the rest is set with `with_…` or left out.
    pub fn new(
        grantee_did: impl Into<String>,
        rights: impl IntoIterator<Item = impl Into<models::RightsEnum>>,
    ) -> Self {
        Self { grantee_did: grantee_did.into(), rights: rights.into_iter().map(Into::into).collect() }
    }
}

model_debug!(GrantAccessInput {
    plain grantee_did,
    plain rights,
});

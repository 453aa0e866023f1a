// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::models;
use crate::wire::object;

/// Access to the virtual file system to grant.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct GrantAccessInput {
    /// DID of the party that receives the access (DID Core section 3.1).
    #[serde(rename = "granteeDid")]
    pub grantee_did: String,
    /// Rights to grant, at least one.
    pub rights: Vec<models::RightsEnum>,
}

impl GrantAccessInput {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new(
        grantee_did: impl Into<String>,
        rights: impl IntoIterator<Item = impl Into<models::RightsEnum>>,
    ) -> Self {
        Self { grantee_did: grantee_did.into(), rights: rights.into_iter().map(Into::into).collect() }
    }
}

object!(GrantAccessInput closed {
    required grantee_did = "granteeDid",
    required rights = "rights",
});

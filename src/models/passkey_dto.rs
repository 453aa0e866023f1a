// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::wire::object;

/// A passkey with which a user can sign in.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct PasskeyDto {
    /// Identifier of the passkey, opaque.
    pub id: String,
    /// Name that tells the passkey from others.
    #[serde(rename = "displayName")]
    pub display_name: String,
    /// When the passkey was registered. The contract declares any text; a date and time in the form of RFC 3339 is to be expected, as elsewhere.
    #[serde(rename = "createdAt")]
    pub created_at: String,
}

impl PasskeyDto {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new(
        id: impl Into<String>,
        display_name: impl Into<String>,
        created_at: impl Into<String>,
    ) -> Self {
        Self { id: id.into(), display_name: display_name.into(), created_at: created_at.into() }
    }
}

object!(PasskeyDto closed {
    required id = "id",
    required display_name = "displayName",
    required created_at = "createdAt",
});

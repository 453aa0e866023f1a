// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::wire::object;

/// Outcome of granting access.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[must_use = "`success` may be false: call `ensure_success`"]
#[non_exhaustive]
pub struct GrantAccessOutput {
    /// Whether the access was granted.
    pub success: bool,
    /// Identifier of the grant, a UUID; may be absent.
    #[serde(rename = "grantId", skip_serializing_if = "Option::is_none")]
    pub grant_id: Option<uuid::Uuid>,
}

impl GrantAccessOutput {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new(success: bool) -> Self {
        Self { success, grant_id: None }
    }

    /// Sets `grantId`.
    pub fn with_grant_id(mut self, grant_id: uuid::Uuid) -> Self {
        self.grant_id = Some(grant_id);
        self
    }

    /// Fails if `success` is false: the service responded with success, and did not do what was asked for.
    ///
    /// ```
    /// use affinidi_tdk_iam_client::{models, uuid};
    ///
    /// # fn main() -> Result<(), affinidi_tdk_iam_client::Error> {
    /// let output = models::GrantAccessOutput::new(true).with_grant_id(uuid::uuid!("7d3a7932-fc55-48f9-b41c-16c2e09b1f9f"));
    /// output.ensure_success()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::is_unsuccessful`](crate::Error::is_unsuccessful), without the operation and the response.
    pub fn ensure_success(&self) -> Result<(), crate::Error> {
        if self.success { Ok(()) } else { Err(crate::Error::unsuccessful()) }
    }
}

object!(GrantAccessOutput closed {
    required success = "success",
    optional grant_id = "grantId",
});

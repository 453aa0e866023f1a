// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::wire::object;

/// Outcome of replacing rights.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[must_use = "`success` may be false: call `ensure_success`"]
#[non_exhaustive]
pub struct UpdateAccessOutput {
    /// Whether the rights were replaced.
    pub success: bool,
}

impl UpdateAccessOutput {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new(success: bool) -> Self {
        Self { success }
    }

    /// Fails if `success` is false: the service responded with success, and did not do what was asked for.
    ///
    /// ```
    /// use affinidi_tdk_iam_client::models;
    ///
    /// # fn main() -> Result<(), affinidi_tdk_iam_client::Error> {
    /// let output = models::UpdateAccessOutput::new(true);
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

object!(UpdateAccessOutput closed {
    required success = "success",
});

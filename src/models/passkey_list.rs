// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::models;
use crate::wire::object;

/// The passkeys of a user.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct PasskeyList {
    /// The passkeys; may be empty.
    pub passkeys: Vec<models::PasskeyDto>,
}

impl PasskeyList {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new(passkeys: impl IntoIterator<Item = models::PasskeyDto>) -> Self {
        Self { passkeys: passkeys.into_iter().collect() }
    }
}

object!(PasskeyList closed {
    required passkeys = "passkeys",
});

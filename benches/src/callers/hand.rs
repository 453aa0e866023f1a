//! What is sent, as somebody would write it who needs these two calls.

use serde::Serialize;

use super::{DID, TOKEN};

#[derive(Serialize)]
pub(super) struct TokenInput {
    grant_type: String,
    client_id: Option<String>,
    client_assertion_type: String,
    client_assertion: String,
}

impl TokenInput {
    pub(super) fn new() -> Self {
        Self {
            grant_type: "client_credentials".to_owned(),
            client_id: Some(DID.to_owned()),
            client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".to_owned(),
            client_assertion: TOKEN.to_owned(),
        }
    }
}

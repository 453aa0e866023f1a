//! A request that the service received, as its recorder keeps it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A request that the service received, and the status of its response. Tokens, assertions and other secrets are left out:
/// in their place is `[REDACTED]`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordedRequest {
    pub(super) time: i64,
    pub(super) operation: Option<String>,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: Map<String, Value>,
    pub(super) headers: Map<String, Value>,
    pub(super) body: Value,
    pub(super) status: u16,
    pub(super) trace_id: String,
}

impl RecordedRequest {
    /// When the request came, by the clock of the service, in whole seconds.
    pub fn time(&self) -> SystemTime {
        let distance = Duration::from_secs(self.time.unsigned_abs());
        let time =
            if self.time < 0 { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) };
        time.unwrap_or(UNIX_EPOCH)
    }

    /// The operationId of the contract, or `patToken` for the token endpoint of personal access tokens. `None` when no
    /// operation has this method and path.
    pub fn operation(&self) -> Option<&str> {
        self.operation.as_deref()
    }

    /// The method, such as `GET`.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The path as it was sent, without the query: `/iam/v1/projects`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The decoded value of a query parameter.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.get(name)?.as_str()
    }

    /// The value of a header; upper and lower case are the same.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(&name.to_ascii_lowercase())?.as_str()
    }

    /// Whether a token was sent along, in the header `authorization`.
    pub fn has_token(&self) -> bool {
        self.headers.contains_key("authorization")
    }

    /// The body if it is JSON, or a form as an object of texts; `null` when there was none. Of any other body only the size:
    /// `{"bytes": 512}`.
    pub fn body(&self) -> &Value {
        &self.body
    }

    /// The status of the response. If a fault rule replaced it, the replacement.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The trace id of the response, which errors of the client have as well.
    pub fn trace_id(&self) -> &str {
        &self.trace_id
    }
}

// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::{Deserialize, Serialize};

use crate::wire::Redacted;

/// ID token of OpenID Connect. The published contract declares a 64-bit integer, whereas OpenID Connect servers respond with a JWT string (OpenID Connect Core section 2); both are accepted, and what was read is what is written. Unproven: no response of the service with an ID token has been seen.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum IdToken {
    /// A JWT in compact serialization (RFC 7519), what OpenID Connect servers send.
    String(String),
    /// A number, as the published contract has it.
    Integer(i64),
    /// A form that this version does not know, or several forms at once, as the service writes it.
    Unknown(serde_json::Value),
}

impl IdToken {
    /// Returns the value if this is a [`String`](Self::String): a JWT in compact serialization (RFC 7519), what OpenID Connect servers send.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(value) => Some(value),
            _ => None,
        }
    }

    /// Returns the value if this is a [`Integer`](Self::Integer): a number, as the published contract has it.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Integer(value) => Some(*value),
            _ => None,
        }
    }
}

impl From<String> for IdToken {
    fn from(value: String) -> Self {
        Self::String(value)
    }
}

impl From<&str> for IdToken {
    fn from(value: &str) -> Self {
        Self::String(value.into())
    }
}

impl From<i64> for IdToken {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl std::fmt::Debug for IdToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Redacted.fmt(f)
    }
}

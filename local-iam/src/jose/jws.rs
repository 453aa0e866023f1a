//! A signed JWT in compact serialization (RFC 7515 section 7.1, RFC 7519).

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::{VerifyingKey, from_base64url};

/// A token taken apart, its signature not yet verified.
pub(crate) struct Jws<'a> {
    pub(crate) header: Header,
    pub(crate) claims: Map<String, Value>,
    signed: &'a str,
    signature: Vec<u8>,
}

/// The header parameters that the service reads.
#[derive(Deserialize)]
pub(crate) struct Header {
    pub(crate) alg: String,
    pub(crate) kid: Option<String>,
    pub(crate) typ: Option<String>,
    /// Whether there is a `crit`, whatever it holds: extensions that must be understood (RFC 7515 section 4.1.11). No extension is
    /// supported, so a token with it is refused.
    #[serde(default, deserialize_with = "present")]
    pub(crate) crit: bool,
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}

impl<'a> Jws<'a> {
    /// Takes `token` apart; `None` when it is not three base64url parts with JSON objects in the first two.
    pub(crate) fn parse(token: &'a str) -> Option<Self> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        Some(Self {
            header: serde_json::from_slice(&from_base64url(header)?).ok()?,
            claims: serde_json::from_slice(&from_base64url(claims)?).ok()?,
            signed,
            signature: from_base64url(signature)?,
        })
    }

    /// Whether `key` made the signature and the header names that key's algorithm.
    pub(crate) fn is_signed_by(&self, key: &VerifyingKey) -> bool {
        self.header.alg == key.algorithm().name() && key.verifies(self.signed.as_bytes(), &self.signature)
    }
}

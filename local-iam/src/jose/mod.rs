//! JSON Web Signatures: compact serialization, keys and thumbprints (RFC 7515, 7517, 7518, 7638, 8037).
//!
//! All cryptography is `aws-lc-rs`; what is written here is only the assembly of the text forms.

mod algorithm;
pub(crate) mod did_key;
mod jws;
mod signing_key;
mod verifying_key;

pub(crate) use algorithm::Algorithm;
pub(crate) use jws::Jws;
pub(crate) use signing_key::SigningKey;
pub(crate) use verifying_key::VerifyingKey;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

pub(crate) fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn from_base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

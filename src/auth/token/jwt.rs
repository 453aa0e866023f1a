//! JSON Web Tokens in compact serialization (RFC 7515, section 7.1; RFC 7519).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The parts of a token. Nothing of it is verified.
pub(in crate::auth) struct Jwt<'a> {
    pub(in crate::auth) header: &'a str,
    pub(in crate::auth) claims: &'a str,
    pub(in crate::auth) signature: &'a str,
    /// What the signature is made over.
    pub(in crate::auth) signed: &'a str,
}

impl<'a> Jwt<'a> {
    /// `None` when the text does not have three parts.
    pub(in crate::auth) fn split(token: &'a str) -> Option<Self> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        (!claims.contains('.')).then_some(Self { header, claims, signature, signed })
    }
}

pub(in crate::auth) fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Undoes base64url without padding, the only form of RFC 7515, section 2.
pub(in crate::auth) fn from_base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Reads a header or claims.
pub(in crate::auth) fn read<T: DeserializeOwned>(part: &str) -> Option<T> {
    let json = from_base64url(part)?;
    // Of a list, the items would be taken for the fields in their order.
    json.trim_ascii_start().starts_with(b"{").then(|| serde_json::from_slice(&json).ok()).flatten()
}

/// The claims of a token that was just received from its issuer, so that they are as true as the token.
pub(in crate::auth) fn unverified_claims<T: DeserializeOwned>(token: &str) -> Option<T> {
    read(Jwt::split(token)?.claims)
}

/// The lifetime of a token, from `iat` to `exp`: the difference does not depend on this machine's date. One that ends before it
/// begins has none.
pub(in crate::auth) fn lifetime(token: &str) -> Option<Duration> {
    #[derive(Deserialize)]
    struct Times {
        iat: f64,
        exp: f64,
    }
    let Times { iat, exp } = unverified_claims(token)?;
    Duration::try_from_secs_f64((exp - iat).max(0.0)).ok()
}

/// Until when a token is valid (`exp`), by the clock of its issuer. An end before the Unix epoch is over, whenever it was.
pub(in crate::auth) fn expiration(token: &str) -> Option<SystemTime> {
    #[derive(Deserialize)]
    struct Expiration {
        exp: f64,
    }
    let Expiration { exp } = unverified_claims(token)?;
    UNIX_EPOCH.checked_add(Duration::try_from_secs_f64(exp.max(0.0)).ok()?)
}

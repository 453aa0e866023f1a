//! Client assertions (RFC 7523, section 3) and other tokens that a credential signs itself.

use serde::Serialize;
use zeroize::Zeroizing;

use super::{Algorithm, jwt, random};
use crate::{Error, clock};

/// How long an assertion is valid, in seconds.
const LIFETIME: u64 = 300;

#[derive(Serialize)]
struct Header<'a> {
    alg: &'static str,
    typ: &'static str,
    kid: &'a str,
}

/// The claims of a client assertion, with a fresh `jti`.
#[derive(Serialize)]
pub(super) struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    jti: String,
    iat: u64,
    exp: u64,
}

impl<'a> Claims<'a> {
    pub(super) fn new(issuer: &'a str, subject: &'a str, audience: &'a str) -> Result<Self, Error> {
        let iat = clock::numeric_date();
        let jti = random::uuid()?.to_string();
        Ok(Self { iss: issuer, sub: subject, aud: audience, jti, iat, exp: iat + LIFETIME })
    }
}

/// What is to be signed: header and claims (RFC 7515, section 5.1).
pub(super) fn unsigned(
    algorithm: Algorithm,
    key_id: &str,
    claims: &impl Serialize,
) -> Result<Zeroizing<String>, Error> {
    let header = Header { alg: algorithm.as_str(), typ: "JWT", kid: key_id };
    Ok(Zeroizing::new(format!("{}.{}", encode(&header)?, encode(claims)?)))
}

/// The whole token.
pub(super) fn signed(unsigned: &str, signature: &[u8]) -> Zeroizing<String> {
    Zeroizing::new(format!("{unsigned}.{}", jwt::base64url(signature)))
}

fn encode(value: &impl Serialize) -> Result<String, Error> {
    let json =
        serde_json::to_vec(value).map_err(|error| Error::request("a claim is no JSON").with_source(error))?;
    Ok(jwt::base64url(json))
}

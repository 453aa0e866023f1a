//! The rules for the claims of a client assertion (RFC 7523 section 3).

use serde_json::{Map, Value};

use crate::engine::problem::Detail;
use crate::jose::{Algorithm, Jws};

/// The `client_assertion_type` of an assertion by which a client authenticates itself (RFC 7523 section 2.2).
pub(crate) const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How far ahead `exp` may lie, in seconds.
pub(crate) const MAX_LIFETIME: i64 = 600;
/// How far ahead `iat` and `nbf` may lie, in seconds: clocks differ a little.
pub(crate) const MAX_SKEW: i64 = 10;

/// The claims that an assertion must have.
pub(crate) struct Expected<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) subject: &'a str,
    /// The endpoint's URL under every address of the service, the advertised one first; `aud` must name one.
    pub(crate) audiences: &'a [String],
    pub(crate) now: i64,
}

/// The claims that are needed after the check.
#[derive(Debug)]
pub(crate) struct Checked<'a> {
    pub(crate) jti: &'a str,
    pub(crate) exp: i64,
}

/// Checks every claim except that `jti` was not used before.
pub(crate) fn check<'a>(claims: &'a Map<String, Value>, expected: &Expected) -> Result<Checked<'a>, Detail> {
    for (claim, value) in [("iss", expected.issuer), ("sub", expected.subject)] {
        if claims.get(claim).and_then(Value::as_str) != Some(value) {
            return Err(refused(claim, "must be the client's id"));
        }
    }
    if !names_audience(claims.get("aud"), expected.audiences) {
        let advertised = expected.audiences.first().map(String::as_str).unwrap_or_default();
        return Err(refused("aud", &format!("must be the URL of this token endpoint, {advertised}")));
    }
    let exp = date(claims, "exp")?.ok_or_else(|| refused("exp", "is required"))?;
    if exp <= expected.now {
        return Err(refused("exp", "is in the past"));
    }
    if exp > expected.now.saturating_add(MAX_LIFETIME) {
        return Err(refused("exp", "is more than 10 minutes ahead"));
    }
    for claim in ["iat", "nbf"] {
        if date(claims, claim)?.is_some_and(|date| date > expected.now.saturating_add(MAX_SKEW)) {
            return Err(refused(claim, "is more than 10 seconds ahead"));
        }
    }
    match claims.get("jti").and_then(Value::as_str) {
        Some(jti) if !jti.is_empty() => Ok(Checked { jti, exp }),
        _ => Err(refused("jti", "is required")),
    }
}

/// Checks the header of an assertion whose key is of `algorithm`.
pub(crate) fn check_header(jws: &Jws, algorithm: Algorithm) -> Result<(), Detail> {
    if jws.header.crit {
        return Err(refused("crit", "names extensions that are not supported"));
    }
    if jws.header.typ.as_deref().is_some_and(|typ| !typ.eq_ignore_ascii_case("JWT")) {
        return Err(refused("typ", "must be JWT"));
    }
    if jws.header.alg != algorithm.name() {
        return Err(refused("alg", &format!("must be {algorithm} for this key")));
    }
    Ok(())
}

/// A refusal that names the claim or header parameter, in words that never quote the assertion.
pub(crate) fn refused(field: &str, issue: &str) -> Detail {
    Detail::of(field, format!("{field} {issue}"), "client_assertion")
}

fn names_audience(aud: Option<&Value>, accepted: &[String]) -> bool {
    let is_accepted = |aud: &Value| aud.as_str().is_some_and(|aud| accepted.iter().any(|url| url == aud));
    match aud {
        Some(Value::Array(several)) => several.iter().any(is_accepted),
        Some(one) => is_accepted(one),
        None => false,
    }
}

/// A `NumericDate` in whole seconds; fractions are allowed (RFC 7519 section 2) and rounded up, so that an id is
/// remembered at least as long as its assertion is valid.
fn date(claims: &Map<String, Value>, claim: &str) -> Result<Option<i64>, Detail> {
    let Some(value) = claims.get(claim) else { return Ok(None) };
    let seconds = value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds.ceil() as i64));
    seconds.map(Some).ok_or_else(|| refused(claim, "must be a number of seconds"))
}

//! The consumer token endpoint: a `did:key` signs an assertion and gets an access token (RFC 6749 section 4.4,
//! RFC 7523 section 2.2).

use serde_json::{Value, json};

use super::assertion::{self, Expected, refused};
use super::problem::{Detail, Problem};
use super::schema::{Member, Object, Shape};
use super::{Answer, Call, Outcome, random_uuid};
use crate::did_key;
use crate::jose::Jws;

const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const DELEGATION: &str = "urn:ietf:params:oauth:delegation-assertion-type:jwt-bearer";

/// `ConsumerAuthTokenEndpointInput`; open, because clients send `scope`, which the published contract does not list.
pub(crate) const INPUT: Object = Object {
    members: &[
        Member::required("grant_type", Shape::OneOf(&["client_credentials", "affinidi_delegation"])),
        Member::required("client_assertion_type", Shape::OneOf(&[JWT_BEARER, DELEGATION])),
        Member::required("client_assertion", Shape::Text),
        Member::optional("client_id", Shape::Text),
        Member::optional("code", Shape::Text),
        Member::optional("refresh_token", Shape::Text),
        Member::optional("redirect_uri", Shape::Text),
        Member::optional("scope", Shape::Text),
    ],
    open: true,
};

/// Lifetime of a consumer access token, in seconds.
const LIFETIME: i64 = 3600;
/// The scopes that can be granted; the first is the default (RFC 6749 section 3.3).
const SCOPES: [&str; 1] = ["consumer"];

pub(crate) fn answer(call: &Call) -> Outcome {
    if call.text("grant_type") != Some("client_credentials") {
        return Err(invalid("grant_type", "affinidi_delegation was not granted to anyone"));
    }
    if call.text("client_assertion_type") != Some(JWT_BEARER) {
        return Err(invalid(
            "client_assertion_type",
            &format!("must be {JWT_BEARER} for client_credentials"),
        ));
    }
    let scope = granted_scope(call.text("scope"))?;
    let did = authenticated_did(call)?;
    issue(call, &did, &scope)
}

/// The DID that signed the assertion, after every check.
fn authenticated_did(call: &Call) -> Result<String, Problem> {
    let assertion = call.text("client_assertion").unwrap_or("");
    let jws = Jws::parse(assertion).ok_or_else(|| invalid("client_assertion", "must be a signed JWT"))?;
    let issuer = jws.claims.get("iss").and_then(Value::as_str);
    let did = issuer.ok_or_else(|| Problem::unauthorized(refused("iss", "is required")))?;
    let key = did_key::resolve(did).ok_or_else(|| {
        Problem::invalid_did(refused("iss", "must be a did:key with a P-256, secp256k1 or Ed25519 key"))
    })?;

    let unauthorized = |field, issue| Problem::unauthorized(refused(field, issue));
    if jws.header.crit.is_some() {
        return Err(unauthorized("crit", "names extensions that are not supported"));
    }
    if jws.header.typ.as_deref().is_some_and(|typ| !typ.eq_ignore_ascii_case("JWT")) {
        return Err(unauthorized("typ", "must be JWT"));
    }
    if jws.header.kid.as_deref() != Some(key.key_id.as_str()) {
        return Err(unauthorized("kid", "must be the id of the DID's key"));
    }
    let algorithm = key.key.algorithm().name();
    if jws.header.alg != algorithm {
        return Err(unauthorized("alg", &format!("must be {algorithm} for this key")));
    }
    if !jws.is_signed_by(&key.key) {
        return Err(unauthorized("signature", "does not verify with the DID's key"));
    }
    if call.text("client_id").is_some_and(|client_id| client_id != did) {
        let issue = "client_id must be the DID that issued the assertion";
        return Err(Problem::unauthorized(Detail::of("client_id", issue, "body")));
    }
    let engine = call.engine;
    let now = engine.clock.now();
    let expected = Expected { client: did, audiences: &engine.consumer_audiences, now };
    let checked = assertion::check(&jws.claims, &expected).map_err(Problem::unauthorized)?;
    // A poisoned lock means a bug elsewhere; the memory itself is still sound.
    let mut used = engine.used_ids.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    if !used.use_once(did, checked.jti, checked.exp, now) {
        return Err(unauthorized("jti", "was used before"));
    }
    Ok(did.to_owned())
}

fn issue(call: &Call, did: &str, scope: &str) -> Outcome {
    let engine = call.engine;
    let now = engine.clock.now();
    let claims = json!({
        "iss": engine.base_url,
        "sub": did,
        "aud": engine.base_url,
        "exp": now.saturating_add(LIFETIME),
        "iat": now,
        "jti": random_uuid(),
        "client_id": did,
        "scope": scope,
    });
    let access_token = engine.key.sign("at+jwt", &claims).ok_or_else(Problem::unexpected)?;
    Ok(Answer::Json(json!({
        "access_token": access_token,
        "expires_in": LIFETIME,
        "token_type": "Bearer",
        "scope": scope,
    })))
}

/// What of the requested scope is granted. Unknown values are left out, as RFC 6749 section 3.3 allows; the answer
/// always says what was granted.
fn granted_scope(requested: Option<&str>) -> Result<String, Problem> {
    let Some(requested) = requested else { return Ok(SCOPES[0].to_owned()) };
    let granted: Vec<_> = SCOPES
        .into_iter()
        .filter(|scope| requested.split(' ').any(|requested| requested == *scope))
        .collect();
    if granted.is_empty() {
        return Err(invalid("scope", &format!("must name at least one of: {}", SCOPES.join(", "))));
    }
    Ok(granted.join(" "))
}

fn invalid(field: &str, issue: &str) -> Problem {
    Problem::invalid(vec![Detail::of(field, issue, "body")])
}

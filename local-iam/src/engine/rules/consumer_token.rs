//! The consumer token endpoint: a `did:key` signs an assertion and gets an access token (RFC 6749 section 4.4,
//! RFC 7523 section 2.2), for itself or for a profile that granted it access.

use serde_json::{Map, Value};

use crate::engine::access_token;
use crate::engine::call::Call;
use crate::engine::data::assertion::{self, Expected, JWT_BEARER, refused};
use crate::engine::data::{grants, refresh_token, used_ids};
use crate::engine::problem::{Detail, Problem};
use crate::engine::response::{Outcome, Response};
use crate::jose::{Jws, did_key};

const DELEGATION: &str = "urn:ietf:params:oauth:delegation-assertion-type:jwt-bearer";

/// The scopes that can be granted to a consumer where what is unproven is on; the first is the default (RFC 6749 section
/// 3.3). `openid` adds an ID token to the response, `offline` a refresh token.
const SCOPES: [&str; 3] = ["consumer", "openid", "offline"];

/// `POST /v1/consumer/oauth2/token`
pub(crate) fn respond(call: &Call) -> Outcome {
    // Where what is unproven is off, the gateway refused it already.
    if call.body.get("scope").is_some_and(|scope| !scope.is_string()) {
        return Err(Problem::invalid_field("scope", "must be a string"));
    }
    let delegation = call.text("grant_type") == Some("affinidi_delegation");
    let assertion_type = if delegation { DELEGATION } else { JWT_BEARER };
    if call.text("client_assertion_type") != Some(assertion_type) {
        let issue = format!("must be {assertion_type} for this grant type");
        return Err(Problem::invalid_field("client_assertion_type", issue));
    }
    if delegation { delegated(call) } else { own(call) }
}

/// A token for the consumer itself, by its assertion alone; where what is unproven is on, also with a refresh token from an
/// earlier response.
fn own(call: &Call) -> Outcome {
    let (did, _) = authenticated(call, false)?;
    if !call.engine.unproven {
        return Ok(Response::Secret(Value::Object(output(call, &did, None)?)));
    }
    let (scope, refresh) = match call.text("refresh_token") {
        None => {
            let scope = granted_scope(call.text("scope"))?;
            let offline = scope.split(' ').any(|scope| scope == "offline");
            let refresh =
                offline.then(|| refresh_token::begin(call.db, call.now(), &did, &scope)).transpose()?;
            (scope, refresh)
        }
        Some(presented) => match refresh_token::rotate(call.db, call.now(), &did, presented)? {
            Ok((scope, refresh)) => (scope, Some(refresh)),
            Err(refusal) => return Ok(Response::Refused(refusal)),
        },
    };
    let mut output = output(call, &did, None)?;
    if scope.split(' ').any(|scope| scope == "openid") {
        output.insert("id_token".into(), access_token::id_token(call.engine, &did)?.into());
    }
    output.insert("scope".into(), scope.into());
    if let Some(refresh) = refresh {
        output.insert("refresh_token".into(), refresh.into());
    }
    Ok(Response::Secret(Value::Object(output)))
}

/// A token for the profile that the assertion's `sub` names, held by the consumer that signed. It gets no refresh token, so
/// that a withdrawn grant ends with the token.
fn delegated(call: &Call) -> Outcome {
    let (did, profile) = authenticated(call, true)?;
    let rights = grants::rights(call.db, &profile, &did, call.now())?;
    if rights.is_empty() {
        let refusal = refused("sub", "is a profile that granted no access to the client");
        return Err(Problem::unauthorized(refusal));
    }
    let mut output = output(call, &profile, Some(&did))?;
    if call.engine.unproven {
        output.insert("scope".into(), rights.join(" ").into());
    }
    Ok(Response::Secret(Value::Object(output)))
}

/// The fields that every response has (RFC 6749 section 5.1), with a token for `did`.
fn output(call: &Call, did: &str, delegate: Option<&str>) -> Result<Map<String, Value>, Problem> {
    let lifetime = call.engine.lifetimes.consumer;
    let mut output = Map::new();
    let access_token = access_token::for_consumer(call.engine, did, delegate, lifetime)?;
    output.insert("access_token".into(), access_token.into());
    output.insert("expires_in".into(), lifetime.into());
    output.insert("token_type".into(), "Bearer".into());
    Ok(output)
}

/// The DID that signed the assertion and the one that it is about, after every check. Without delegation they are one.
fn authenticated(call: &Call, delegation: bool) -> Result<(String, String), Problem> {
    let assertion = call.text("client_assertion").unwrap_or("");
    let jws = Jws::parse(assertion)
        .ok_or_else(|| Problem::invalid_field("client_assertion", "must be a signed JWT"))?;
    let claim = |name| jws.claims.get(name).and_then(Value::as_str);
    let did = claim("iss").ok_or_else(|| Problem::unauthorized(refused("iss", "is required")))?;
    let key = did_key::resolve(did).ok_or_else(|| {
        Problem::invalid_did(refused("iss", "must be a did:key with a P-256, secp256k1 or Ed25519 key"))
    })?;
    if jws.header.kid.as_deref() != Some(key.key_id.as_str()) {
        return Err(Problem::unauthorized(refused("kid", "must be the id of the DID's key")));
    }
    assertion::check_header(&jws, key.key.algorithm()).map_err(Problem::unauthorized)?;
    if !jws.is_signed_by(&key.key) {
        return Err(Problem::unauthorized(refused("signature", "does not verify with the DID's key")));
    }
    if call.text("client_id").is_some_and(|client_id| client_id != did) {
        let issue = "client_id must be the DID that issued the assertion";
        return Err(Problem::unauthorized(Detail::of("client_id", issue, "body")));
    }
    let subject = if delegation { claim("sub").unwrap_or("") } else { did };
    if delegation && subject == did {
        return Err(Problem::unauthorized(refused("sub", "must be another profile's DID for delegation")));
    }
    let now = call.now();
    // Both paths lead here.
    let audiences = ["iam", "cid"]
        .map(|service| call.engine.addresses.urls(&format!("/{service}/v1/consumer/oauth2/token")))
        .concat();
    let expected = Expected { issuer: did, subject, audiences: &audiences, now };
    let checked = assertion::check(&jws.claims, &expected).map_err(Problem::unauthorized)?;
    if !used_ids::use_once(call.db, did, checked.jti, checked.exp, now)? {
        return Err(Problem::unauthorized(refused("jti", "was used before")));
    }
    Ok((did.to_owned(), subject.to_owned()))
}

/// The granted part of the requested scope. Unknown values are left out, as RFC 6749 section 3.3 allows; the response
/// always states what was granted.
fn granted_scope(requested: Option<&str>) -> Result<String, Problem> {
    let Some(requested) = requested else { return Ok(SCOPES[0].to_owned()) };
    let is_requested = |scope: &&str| requested.split(' ').any(|requested| requested == *scope);
    let granted: Vec<_> = SCOPES.into_iter().filter(is_requested).collect();
    if granted.is_empty() {
        return Err(Problem::invalid_field(
            "scope",
            format!("must name at least one of: {}", SCOPES.join(", ")),
        ));
    }
    Ok(granted.join(" "))
}

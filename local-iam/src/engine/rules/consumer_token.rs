//! The consumer token endpoint: a `did:key` signs an assertion and gets an access token (RFC 6749 section 4.4,
//! RFC 7523 section 2.2), for itself or for a profile that granted it access.

use std::sync::Arc;

use rusqlite::Transaction;
use serde_json::{Map, Value};

use crate::engine::access_token;
use crate::engine::call::Call;
use crate::engine::data::assertion::{self, Expected, JWT_BEARER, refused};
use crate::engine::data::{grants, refresh_token, used_ids};
use crate::engine::problem::{Detail, Problem};
use crate::engine::response::{Outcome, Response};
use crate::jose::Jws;
use crate::store::Store;

const DELEGATION: &str = "urn:ietf:params:oauth:delegation-assertion-type:jwt-bearer";

/// The scopes that can be granted to a consumer where what is unproven is on; the first is the default (RFC 6749 section
/// 3.3). `openid` adds an ID token to the response, `offline` a refresh token.
const SCOPES: [&str; 3] = ["consumer", "openid", "offline"];

/// `POST /v1/consumer/oauth2/token`. Signatures are checked and made while the database serves others.
pub(crate) async fn respond(call: Arc<Call>, store: &Store) -> Outcome {
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
    let assertion = verified(&call, delegation)?;
    let stored = {
        let call = call.clone();
        store.write(move |db| {
            let granted =
                if delegation { delegated(&call, &assertion, db)? } else { own(&call, &assertion, db)? };
            Ok::<_, Problem>(granted.map(|granted| (assertion, granted)))
        })
    };
    match stored.await? {
        Ok((assertion, granted)) => output(&call, &assertion, granted),
        Err(refusal) => Ok(Response::Refused(refusal)),
    }
}

/// What was granted, beside the access token itself, where what is unproven is on.
#[derive(Default)]
struct Granted {
    scope: String,
    refresh_token: Option<String>,
}

/// For the consumer itself, by its assertion alone; where what is unproven is on, also with a refresh token from an earlier
/// response. The inner error is a refusal whose effect must be kept.
fn own(call: &Call, assertion: &Assertion, db: &Transaction) -> Result<Result<Granted, Problem>, Problem> {
    assertion.use_once(db, call.now())?;
    let (now, did) = (call.now(), assertion.issuer.as_str());
    if !call.state.unproven {
        return Ok(Ok(Granted::default()));
    }
    Ok(match call.text("refresh_token") {
        None => {
            let scope = granted_scope(call.text("scope"))?;
            let offline = scope.split(' ').any(|scope| scope == "offline");
            let refresh_token = offline.then(|| refresh_token::begin(db, now, did, &scope)).transpose()?;
            Ok(Granted { scope, refresh_token })
        }
        Some(presented) => refresh_token::rotate(db, now, did, presented)?
            .map(|(scope, refresh)| Granted { scope, refresh_token: Some(refresh) }),
    })
}

/// For the profile that the assertion's `sub` names, held by the consumer that signed. It gets no refresh token, so that a
/// withdrawn grant ends with the token.
fn delegated(
    call: &Call,
    assertion: &Assertion,
    db: &Transaction,
) -> Result<Result<Granted, Problem>, Problem> {
    assertion.use_once(db, call.now())?;
    let rights = grants::rights(db, &assertion.subject, &assertion.issuer, call.now())?;
    if rights.is_empty() {
        let refusal = refused("sub", "is a profile that granted no access to the client");
        return Err(Problem::unauthorized(refusal));
    }
    Ok(Ok(Granted { scope: rights.join(" "), refresh_token: None }))
}

/// The response (RFC 6749 section 5.1), with a token for the subject of the assertion.
fn output(call: &Call, assertion: &Assertion, granted: Granted) -> Outcome {
    let lifetime = call.state.lifetimes.consumer;
    let did = assertion.subject.as_str();
    let delegate = Some(assertion.issuer.as_str()).filter(|issuer| *issuer != did);
    let mut output = Map::new();
    let access_token = access_token::for_consumer(&call.state, did, delegate, lifetime)?;
    output.insert("access_token".into(), access_token.into());
    output.insert("expires_in".into(), lifetime.into());
    output.insert("token_type".into(), "Bearer".into());
    if call.state.unproven {
        if delegate.is_none() && granted.scope.split(' ').any(|scope| scope == "openid") {
            output.insert("id_token".into(), access_token::id_token(&call.state, did)?.into());
        }
        output.insert("scope".into(), granted.scope.into());
    }
    if let Some(refresh) = granted.refresh_token {
        output.insert("refresh_token".into(), refresh.into());
    }
    Ok(Response::Secret(Value::Object(output)))
}

/// What is needed of an assertion after every check but that it was not used before.
struct Assertion {
    /// The DID that signed.
    issuer: String,
    /// The DID that it is about. Without delegation it is the issuer.
    subject: String,
    id: String,
    expires_at: i64,
}

impl Assertion {
    fn use_once(&self, db: &Transaction, now: i64) -> Result<(), Problem> {
        if used_ids::use_once(db, &self.issuer, &self.id, self.expires_at, now)? {
            return Ok(());
        }
        Err(Problem::unauthorized(refused("jti", "was used before")))
    }
}

/// The assertion of the request, after every check.
fn verified(call: &Call, delegation: bool) -> Result<Assertion, Problem> {
    let assertion = call.text("client_assertion").unwrap_or("");
    let jws = Jws::parse(assertion)
        .ok_or_else(|| Problem::invalid_field("client_assertion", "must be a signed JWT"))?;
    let claim = |name| jws.claims.get(name).and_then(Value::as_str);
    let did = claim("iss").ok_or_else(|| Problem::unauthorized(refused("iss", "is required")))?;
    let key = call.state.did_keys.resolve(did).ok_or_else(|| {
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
    // Both paths lead here.
    let audiences = ["iam", "cid"]
        .map(|service| call.state.addresses.urls(&format!("/{service}/v1/consumer/oauth2/token")))
        .concat();
    let expected = Expected { issuer: did, subject, audiences: &audiences, now: call.now() };
    let checked = assertion::check(&jws.claims, &expected).map_err(Problem::unauthorized)?;
    Ok(Assertion {
        issuer: did.to_owned(),
        subject: subject.to_owned(),
        id: checked.jti.to_owned(),
        expires_at: checked.exp,
    })
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

//! The tokens that the service issues and accepts: ES256 JWTs, each for one security scheme.

use bytes::Bytes;
use http::Request;
use http::header::AUTHORIZATION;
use rusqlite::Connection;
use serde_json::{Map, Value, json};

use super::call::Caller;
use super::data::principal::Principal;
use super::operation::Scheme;
use super::problem::Problem;
use super::random;
use super::state::Engine;
use crate::jose::Jws;

/// Media type of an access token (RFC 9068 section 2.1); an ID token has `JWT` and is never accepted as one.
const TYP: &str = "at+jwt";

pub(crate) fn for_user(
    engine: &Engine,
    user: &Principal,
    lifetime: i64,
    scope: &str,
) -> Result<String, Problem> {
    let more = json!({ "client_id": user.id, "scope": scope });
    issue(engine, "user", &user.to_string(), lifetime, more)
}

pub(crate) fn for_project(
    engine: &Engine,
    user: &Principal,
    project_id: &str,
    scope: &str,
) -> Result<String, Problem> {
    let more = json!({ "client_id": user.id, "project_id": project_id, "scope": scope });
    issue(engine, "project", &user.to_string(), engine.lifetimes.project, more)
}

/// `delegate` is who acts for `did` (RFC 8693 section 4.1), if somebody does.
pub(crate) fn for_consumer(
    engine: &Engine,
    did: &str,
    delegate: Option<&str>,
    lifetime: i64,
    scope: &str,
) -> Result<String, Problem> {
    let mut more = json!({ "client_id": delegate.unwrap_or(did), "scope": scope });
    if let (Some(delegate), Some(more)) = (delegate, more.as_object_mut()) {
        more.insert("act".into(), json!({ "sub": delegate }));
    }
    issue(engine, "consumer", did, lifetime, more)
}

/// An OpenID Connect ID token (OpenID Connect Core section 2) about the consumer, for the consumer.
pub(crate) fn id_token(engine: &Engine, did: &str) -> Result<String, Problem> {
    let now = engine.clock.now();
    let exp = now.saturating_add(engine.lifetimes.consumer);
    let claims = json!({ "iss": engine.base_url, "sub": did, "aud": did, "iat": now, "exp": exp, "jti": random::uuid() });
    engine.keys.sign("JWT", &claims)
}

fn issue(
    engine: &Engine,
    token_use: &str,
    subject: &str,
    lifetime: i64,
    more: Value,
) -> Result<String, Problem> {
    let now = engine.clock.now();
    let mut claims = json!({
        "iss": engine.base_url,
        "sub": subject,
        "aud": engine.base_url,
        "exp": now.saturating_add(lifetime),
        "iat": now,
        "jti": random::uuid(),
        "token_use": token_use,
    });
    if let (Some(claims), Value::Object(more)) = (claims.as_object_mut(), more) {
        claims.extend(more);
    }
    engine.keys.sign(TYP, &claims)
}

/// Whom the request's token identifies, after every check that `scheme` asks for.
pub(crate) fn caller(
    engine: &Engine,
    db: &Connection,
    request: &Request<Bytes>,
    scheme: Scheme,
) -> Result<Caller, Problem> {
    let token_use = match scheme {
        Scheme::Public | Scheme::Management => return Ok(Caller::Nobody),
        Scheme::User => "user",
        Scheme::Project => "project",
        Scheme::Consumer => "consumer",
    };
    let mut values = request.headers().get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(Problem::bad_token("is missing"));
    };
    let claims = verified_claims(engine, without_prefix(value.to_str().unwrap_or("")))?;
    let text = |claim| claims.get(claim).and_then(Value::as_str).unwrap_or("").to_owned();
    if text("token_use") != token_use {
        return Err(Problem::bad_token(&format!("is not a {token_use} token")));
    }
    if scheme == Scheme::Consumer {
        let delegate = claims.get("act").and_then(|act| act.get("sub")).and_then(Value::as_str);
        return Ok(Caller::Consumer { did: text("sub"), delegate: delegate.map(str::to_owned) });
    }
    let principal = Principal::parse(&text("sub")).filter(|principal| principal.exists(db).unwrap_or(false));
    let principal =
        principal.ok_or_else(|| Problem::bad_token("belongs to a principal that does not exist"))?;
    Ok(match scheme {
        Scheme::Project => Caller::Project { principal, project_id: text("project_id") },
        _ => Caller::User { principal, scope: text("scope") },
    })
}

fn verified_claims(engine: &Engine, token: &str) -> Result<Map<String, Value>, Problem> {
    let jws = Jws::parse(token).ok_or_else(|| Problem::bad_token("is not a signed JWT"))?;
    if jws.header.crit.is_some() || jws.header.typ.as_deref() != Some(TYP) {
        return Err(Problem::bad_token("is not an access token"));
    }
    if !engine.keys.verify(&jws) {
        return Err(Problem::bad_token("was not signed by this service"));
    }
    let is_ours = |claim| jws.claims.get(claim).and_then(Value::as_str) == Some(engine.base_url.as_str());
    if !is_ours("iss") || !is_ours("aud") {
        return Err(Problem::bad_token("was issued by or for another service"));
    }
    if jws.claims.get("exp").and_then(Value::as_i64).is_none_or(|exp| exp <= engine.clock.now()) {
        return Err(Problem::bad_token("is expired"));
    }
    Ok(jws.claims)
}

/// The token of `authorization: <token>` and of `authorization: Bearer <token>`.
fn without_prefix(value: &str) -> &str {
    match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        _ => value.trim(),
    }
}

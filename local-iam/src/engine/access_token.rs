//! The tokens that the service issues, in the shapes of the real ones, and how they are verified. Each kind has a ring of
//! keys, and its own `iss`, `aud` and `sub`.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::data::keys::Ring;
use super::data::principal::Principal;
use super::problem::Problem;
use super::random;
use super::state::State;
use crate::jose::Jws;

/// The audience of every project token, whatever the project.
const PROJECT_AUDIENCE: &str = "elements_api";

/// The OAuth client by which users sign in, as the portal's is with the real service.
const PORTAL: &str = "5a1f3f0e-7a0b-4c0c-9d7e-6b0d3c1b2a90";

/// A token of a user, or of a personal access token, for `scope` (values separated by spaces).
pub(crate) fn for_user(
    state: &State,
    user: &Principal,
    lifetime: i64,
    scope: &str,
) -> Result<String, Problem> {
    let now = state.clock.now();
    let client = if user.is_token() { user.id.as_str() } else { PORTAL };
    let more = json!({
        "iss": state.authorization_server(),
        "aud": [state.token_endpoint(), state.gateway],
        "sub": user.id,
        "client_id": client,
        "scp": scope.split(' ').collect::<Vec<_>>(),
        "nbf": now,
        "ext": {},
    });
    issue(state, Ring::User, lifetime, more)
}

/// A token for one project, and its `scp`.
pub(crate) fn for_project(
    state: &State,
    user: &Principal,
    client: &str,
    project_id: &str,
) -> Result<(String, String), Problem> {
    let scopes: &[&str] =
        if user.is_token() { &[PROJECT_AUDIENCE] } else { &[PROJECT_AUDIENCE, "service.*"] };
    let more = json!({
        "iss": state.base_url,
        "aud": PROJECT_AUDIENCE,
        "sub": format!("{}/client/{client}", user.ari_in(project_id)),
        "client_id": client,
        "scp": scopes,
    });
    Ok((issue(state, Ring::Project, state.lifetimes.project, more)?, scopes.join(" ")))
}

/// `delegate` is who acts for `did` (RFC 8693 section 4.1), if somebody does.
pub(crate) fn for_consumer(
    state: &State,
    did: &str,
    delegate: Option<&str>,
    lifetime: i64,
) -> Result<String, Problem> {
    let mut more = json!({ "iss": state.base_url, "aud": state.gateway, "sub": did });
    if let (Some(delegate), Some(more)) = (delegate, more.as_object_mut()) {
        more.insert("act".into(), json!({ "sub": delegate }));
    }
    issue(state, Ring::Consumer, lifetime, more)
}

/// An OpenID Connect ID token (OpenID Connect Core section 2) about the consumer, for the consumer. Its audience keeps it
/// from being accepted as an access token.
pub(crate) fn id_token(state: &State, did: &str) -> Result<String, Problem> {
    let more = json!({ "iss": state.base_url, "aud": did, "sub": did });
    issue(state, Ring::Consumer, state.lifetimes.consumer, more)
}

fn issue(state: &State, ring: Ring, lifetime: i64, more: Value) -> Result<String, Problem> {
    let now = state.clock.now();
    let mut claims = json!({ "iat": now, "exp": now.saturating_add(lifetime), "jti": random::uuid() });
    if let (Some(claims), Value::Object(more)) = (claims.as_object_mut(), more) {
        claims.extend(more);
    }
    state.keys.sign(ring, &claims)
}

/// The principal of a user token and its client.
pub(crate) fn user(state: &State, token: &str) -> Result<(Principal, String), Problem> {
    let refused = |issue: &str| Problem::invalid_token(StatusCode::UNAUTHORIZED, issue);
    let claims =
        verified(state, Ring::User, token, &state.authorization_server(), &state.gateway).map_err(refused)?;
    let (id, client) = (text(&claims, "sub"), text(&claims, "client_id"));
    let principal = if id == client { Principal::token(id) } else { Principal::user(id) };
    Ok((principal, client.to_owned()))
}

/// The principal of a project token and the project.
pub(crate) fn project(state: &State, token: &str) -> Result<(Principal, String), Problem> {
    let refused = |issue: &str| Problem::invalid_token(StatusCode::FORBIDDEN, issue);
    let claims = verified(state, Ring::Project, token, &state.base_url, PROJECT_AUDIENCE).map_err(refused)?;
    project_subject(text(&claims, "sub")).ok_or_else(|| refused(INVALID))
}

/// The DID of a consumer token, and who acts for it.
pub(crate) fn consumer(state: &State, token: &str) -> Result<(String, Option<String>), Problem> {
    let refused = |issue: &str| Problem::invalid_token(StatusCode::FORBIDDEN, issue);
    let claims = verified(state, Ring::Consumer, token, &state.base_url, &state.gateway).map_err(refused)?;
    let delegate = claims.get("act").and_then(|act| act.get("sub")).and_then(Value::as_str);
    Ok((text(&claims, "sub").to_owned(), delegate.map(str::to_owned)))
}

/// Of `ari:iam::<project>:<kind>/<id>/client/<client>`, the principal and the project.
fn project_subject(sub: &str) -> Option<(Principal, String)> {
    let (project_id, principal) = sub.strip_prefix("ari:iam::")?.split_once(':')?;
    let (principal, _client) = principal.split_once("/client/")?;
    Some((Principal::parse(principal)?, project_id.to_owned()))
}

const INVALID: &str = "jwt-invalid";

/// The claims of a token that a key of the ring signed, by and for whom it must be, and that is not expired; otherwise the issue.
fn verified(
    state: &State,
    ring: Ring,
    token: &str,
    issuer: &str,
    audience: &str,
) -> Result<Map<String, Value>, &'static str> {
    let jws = Jws::parse(token).ok_or("jwt-malformed")?;
    let is_for = |aud: &Value| match aud {
        Value::Array(several) => several.iter().any(|aud| aud == audience),
        one => one == audience,
    };
    let is_right = !jws.header.crit
        && state.keys.verify(ring, &jws)
        && text(&jws.claims, "iss") == issuer
        && jws.claims.get("aud").is_some_and(is_for);
    if !is_right {
        return Err(INVALID);
    }
    match jws.claims.get("exp").and_then(Value::as_i64) {
        Some(exp) if exp > state.clock.now() => Ok(jws.claims),
        _ => Err("jwt-expired"),
    }
}

fn text<'a>(claims: &'a Map<String, Value>, claim: &str) -> &'a str {
    claims.get(claim).and_then(Value::as_str).unwrap_or("")
}

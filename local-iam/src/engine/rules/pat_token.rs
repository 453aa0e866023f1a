//! The token endpoint of personal access tokens (RFC 6749 section 4.4, RFC 7523 section 2.2), with the errors of Ory Hydra.

use std::sync::Arc;
use std::time::Duration;

use affinidi_tdk_iam_client::transport::{ReqwestTransport, Transport, TransportRequest};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::engine::access_token;
use crate::engine::call::Call;
use crate::engine::data::assertion::{self, Expected, JWT_BEARER};
use crate::engine::data::principal::Principal;
use crate::engine::data::tokens::{self, SCOPES, Token};
use crate::engine::data::used_ids;
use crate::engine::problem::{Detail, Problem};
use crate::engine::response::{Outcome, Response};
use crate::engine::schema::{Field, Object, Shape};
use crate::jose::{Jws, VerifyingKey};
use crate::store::Store;

/// What is missing or wrong is found by the rule, because its errors have the form of RFC 6749; only a repeated parameter
/// is refused before (section 3.2).
pub(crate) const INPUT: Object = Object::open(&[
    Field::optional("grant_type", Shape::Text),
    Field::optional("scope", Shape::Text),
    Field::optional("client_assertion_type", Shape::Text),
    Field::optional("client_assertion", Shape::Text),
    Field::optional("client_id", Shape::Text),
]);

const FETCH_TIMEOUT: Duration = Duration::from_secs(5);

/// The largest key set that is fetched, in bytes.
const MAX_KEY_SET: usize = 64 << 10;

/// `POST /auth/oauth2/token`. Keys are fetched, and signatures checked and made, while the database serves others.
pub(crate) async fn respond(call: Arc<Call>, store: &Store) -> Outcome {
    match authenticated(&call, store).await {
        Ok((token, scope)) => {
            let lifetime = call.state.lifetimes.user;
            let principal = Principal::token(token.id);
            Ok(Response::Secret(json!({
                "access_token": access_token::for_user(&call.state, &principal, lifetime, &scope)?,
                "expires_in": lifetime,
                "token_type": "bearer",
                "scope": scope,
            })))
        }
        Err(refusal) => Ok(refusal.into_response()),
    }
}

/// The response to a request that is not a form.
pub(crate) fn invalid_request(problem: &Problem) -> Response {
    Refusal::new("invalid_request", problem.to_string()).into_response()
}

/// An error of RFC 6749 section 5.2.
struct Refusal {
    error: &'static str,
    description: String,
}

impl Refusal {
    fn new(error: &'static str, description: impl Into<String>) -> Self {
        Self { error, description: description.into() }
    }

    fn into_response(self) -> Response {
        let status = match self.error {
            "invalid_client" => StatusCode::UNAUTHORIZED,
            "server_error" => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        };
        Response::OAuthError(status, json!({ "error": self.error, "error_description": self.description }))
    }
}

impl From<Detail> for Refusal {
    fn from(detail: Detail) -> Self {
        Self::new("invalid_client", format!("client_assertion: {}", detail.issue))
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        eprintln!("affinidi-iam-local: the database failed: {error}");
        Self::new("server_error", "the database failed")
    }
}

/// The token that signed the assertion, and the scope it is granted.
async fn authenticated(call: &Call, store: &Store) -> Result<(Token, String), Refusal> {
    let field = |name: &str| {
        call.text(name)
            .filter(|value| !value.is_empty())
            .ok_or_else(|| Refusal::new("invalid_request", format!("{name} is required")))
    };
    if field("grant_type")? != "client_credentials" {
        return Err(Refusal::new("unsupported_grant_type", "grant_type must be client_credentials"));
    }
    if field("client_assertion_type")? != JWT_BEARER {
        return Err(Refusal::new("invalid_request", format!("client_assertion_type must be {JWT_BEARER}")));
    }
    let scope = granted_scope(call.text("scope"))?;
    let jws = Jws::parse(field("client_assertion")?)
        .ok_or_else(|| Refusal::new("invalid_client", "client_assertion is not a signed JWT"))?;
    let id = jws.claims.get("iss").and_then(Value::as_str).unwrap_or("");
    if call.text("client_id").is_some_and(|client_id| client_id != id) {
        return Err(Refusal::new("invalid_client", "client_id is not the iss of client_assertion"));
    }
    let token = store.read(|db| tokens::read(db, id))?.ok_or_else(|| {
        Refusal::new("invalid_client", "client_assertion: iss is not a personal access token")
    })?;
    verify(&jws, &token).await?;

    let now = call.now();
    let audiences = call.state.addresses.urls("/auth/oauth2/token");
    let checked =
        assertion::check(&jws.claims, &Expected { issuer: id, subject: id, audiences: &audiences, now })?;
    let (id, expires_at) = (checked.jti.to_owned(), checked.exp);
    // One list for all clients: an identifier that somebody else used is known, too.
    if !store.write(move |db| used_ids::use_once(db, "token", &id, expires_at, now)).await? {
        return Err(Refusal::new("jti_known", "client_assertion: jti was used before"));
    }
    Ok((token, scope))
}

/// Checks the signature with the registered algorithm and the registered key that the header names; with any registered key
/// when it names none.
async fn verify(jws: &Jws<'_>, token: &Token) -> Result<(), Refusal> {
    let algorithm =
        token.algorithm().ok_or_else(|| Refusal::new("server_error", "the token has no algorithm"))?;
    assertion::check_header(jws, algorithm)?;
    let fetched;
    let keys = match (token.jwks_uri(), token.jwks()) {
        (Some(url), _) => {
            let why = "the jwksUri of the token did not respond with a key set";
            fetched = fetch(url).await.ok_or_else(|| Refusal::new("invalid_client", why))?;
            &fetched
        }
        (None, Some(keys)) => keys,
        (None, None) => return Err(Refusal::new("invalid_client", "the token has no keys")),
    };
    let keys = keys.get("keys").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let kid = jws.header.kid.as_deref();
    let is_named = |key: &&Value| kid.is_none() || key.get("kid").and_then(Value::as_str) == kid;
    let named: Vec<_> = keys.iter().filter(is_named).collect();
    if named.is_empty() {
        return Err(Refusal::new("invalid_request", "client_assertion: kid is not a registered key"));
    }
    let signed =
        |key: &&Value| VerifyingKey::from_jwk(algorithm, key).is_ok_and(|key| jws.is_signed_by(&key));
    if named.iter().any(signed) {
        Ok(())
    } else {
        Err(assertion::refused("signature", "does not verify").into())
    }
}

fn granted_scope(requested: Option<&str>) -> Result<String, Refusal> {
    let requested = requested.unwrap_or("").trim();
    if requested.is_empty() {
        return Ok("openid".to_owned());
    }
    match requested.split(' ').find(|scope| !SCOPES.contains(scope)) {
        None => Ok(requested.to_owned()),
        Some(_) => Err(Refusal::new("invalid_scope", format!("scope may hold: {}", SCOPES.join(" ")))),
    }
}

/// The key set behind a `jwksUri`. A new transport each time: key sets are fetched rarely, and keeping one would load certificates that few need.
async fn fetch(url: &str) -> Option<Value> {
    let mut request = TransportRequest::new(Method::GET, url.parse().ok()?);
    request.body_limit = MAX_KEY_SET;
    let transport = ReqwestTransport::default();
    let response = timeout(FETCH_TIMEOUT, transport.send(request)).await.ok()?.ok()?;
    if response.status.is_success() { serde_json::from_slice(&response.body).ok() } else { None }
}

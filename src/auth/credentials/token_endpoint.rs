//! The token endpoint of personal access tokens (RFC 6749, section 4.4; RFC 7523, section 2.2).

use std::convert;
use std::time::{Duration, SystemTime};

use http::header::DATE;
use http::{HeaderMap, Method};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use url::form_urlencoded;
use zeroize::Zeroizing;

use crate::auth::token::{AccessToken, FetchedToken, jwt};
use crate::call::{FORM, Operation, Request, decode};
use crate::client::Client;
use crate::error::Error;
use crate::support::clock;
use crate::wire::object;

static OPERATION: Operation = Operation {
    name: "tokenEndpoint",
    method: Method::POST,
    path: "",
    security: None,
    idempotent: false,
    bearer: false,
    secrets: &["client_assertion"],
    raw: false,
};

/// A success of RFC 6749, section 5.1, in the spelling of every endpoint that issues tokens. A credential needs the token; the rest
/// may be missing or be anything.
struct TokenResponse {
    access_token: Zeroizing<String>,
    expires_in: Lifetime,
}

object!(TokenResponse closed {
    required access_token = "access_token" | "accessToken",
    optional expires_in = "expires_in" | "expiresIn",
});

/// Seconds as a number or as text. What makes no sense counts as absent, and what is over already as nothing.
#[derive(Default)]
struct Lifetime(Option<Duration>);

impl<'de> Deserialize<'de> for Lifetime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = match Value::deserialize(deserializer)? {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse::<f64>().ok(),
            _ => None,
        };
        let seconds = seconds.filter(|seconds| !seconds.is_nan());
        let duration = |seconds: f64| Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX);
        Ok(Self(seconds.map(duration)))
    }
}

/// Exchanges a client assertion for a token, at the URL that is the base URL of `client`.
pub(super) async fn exchange(
    client: &Client,
    client_id: &str,
    assertion: &str,
) -> Result<FetchedToken, Error> {
    // Sized beforehand: growing would leave copies behind that nothing overwrites.
    let form =
        form_urlencoded::Serializer::new(String::with_capacity(assertion.len() + 3 * client_id.len() + 256))
            .append_pair("grant_type", "client_credentials")
            .append_pair("scope", "openid")
            .append_pair("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
            .append_pair("client_assertion", assertion)
            .append_pair("client_id", client_id)
            .finish();
    let body = bytes::Bytes::from_owner(Zeroizing::new(form.into_bytes()));
    let request = Request::new(client.settings(), &OPERATION).any_body(FORM, body);
    fetch(request, |_| Ok(())).await
}

fn date(headers: &HeaderMap) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()
}

/// The error with how far the clocks are apart, if so far that an assertion counts as expired or as not valid yet.
fn with_clocks_apart(error: Error) -> Error {
    const FAR: Duration = Duration::from_secs(60);
    let is_refusal = matches!(error.status().map(|status| status.as_u16()), Some(400 | 401 | 403));
    let Some(service) = error.headers().and_then(date).filter(|_| is_refusal) else { return error };
    let (apart, direction) = match clock::date().duration_since(service) {
        Ok(ahead) => (ahead, "ahead of"),
        Err(behind) => (behind.duration(), "behind"),
    };
    if apart < FAR {
        return error;
    }
    let seconds = apart.as_secs();
    error.about(format_args!(
        "this machine's clock is {seconds} s {direction} the service's: set it, such as by NTP"
    ))
}

/// Sends a request for a token. What `check` finds wrong with the token, a text, is wrong with the response.
pub(super) async fn fetch(
    request: Request,
    check: impl Fn(&AccessToken) -> Result<(), &'static str> + Send + Sync,
) -> Result<FetchedToken, Error> {
    let decode = |body: &_| {
        let TokenResponse { access_token, expires_in } = decode::json(body)?;
        let token = AccessToken::new(access_token.as_str())
            .map_err(|_| "the access token is empty or malformed".to_owned())?;
        check(&token)?;
        Ok((token, expires_in))
    };
    let response = request.execute(decode, convert::identity).await.map_err(with_clocks_apart)?;
    let date = date(response.received_headers());
    let (token, Lifetime(expires_in)) = response.into_inner();
    // By the clock of the issuer, so that this machine's date does not matter. A token that has expired has no time left.
    let left =
        date.and_then(|date| Some(jwt::expiration(token.secret())?.duration_since(date).unwrap_or_default()));
    let lifetime = [expires_in, left].into_iter().flatten().min();
    Ok(FetchedToken::new(token, lifetime))
}

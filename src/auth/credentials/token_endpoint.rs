//! The token endpoint of personal access tokens (RFC 6749, section 4.4; RFC 7523, section 2.2).

use std::time::Duration;

use http::Method;
use serde::Deserialize;
use url::form_urlencoded;
use zeroize::Zeroizing;

use crate::auth::token::{AccessToken, FetchedToken};
use crate::call::{FORM, Operation, Request, decode};
use crate::client::Client;
use crate::error::Error;

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

/// A success of RFC 6749, section 5.1.
#[derive(Deserialize)]
struct TokenResponse {
    access_token: String,
    #[serde(default, with = "crate::wire::lenient::OptionalInteger")]
    expires_in: Option<i64>,
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
    let TokenResponse { access_token, expires_in } =
        request.execute(decode::json::<TokenResponse>).await?.into_inner();
    fetched(Zeroizing::new(access_token), expires_in)
}

/// The token of a response, with its lifetime in seconds if the response has one.
pub(super) fn fetched(
    access_token: Zeroizing<String>,
    expires_in: Option<i64>,
) -> Result<FetchedToken, Error> {
    let token = AccessToken::new(access_token.as_str())
        .map_err(|_| Error::decode("the access token in the response is empty or malformed"))?;
    let lifetime = expires_in.map(|seconds| Duration::from_secs(u64::try_from(seconds).unwrap_or(0)));
    Ok(FetchedToken::new(token, lifetime))
}

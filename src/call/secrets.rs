//! What a request sent and nothing may print.

use http::HeaderValue;
use serde_json::Value;

use super::request::Request;

/// The token of the `authorization` header and the fields of the body that are secret.
pub(super) fn sent(request: &Request, authorization: Option<&HeaderValue>) -> Vec<String> {
    let fields = request.operation.secrets;
    let body = match fields {
        [] => Value::Null,
        _ if request.is_form() => form(&request.body),
        _ => serde_json::from_slice(&request.body).unwrap_or_default(),
    };
    let fields = fields.iter().filter_map(|field| Some(body.get(field)?.as_str()?.to_owned()));
    authorization.and_then(token).map(str::to_owned).into_iter().chain(fields).collect()
}

/// What is secret in the `authorization` header: all but the name of the authentication scheme.
pub(super) fn token(authorization: &HeaderValue) -> Option<&str> {
    let value = authorization.to_str().ok()?;
    Some(value.split_once(' ').map_or(value, |(_, token)| token))
}

/// The fields of a form (RFC 6749, appendix B).
fn form(body: &[u8]) -> Value {
    let fields = url::form_urlencoded::parse(body).into_owned();
    Value::Object(fields.map(|(name, value)| (name, Value::String(value))).collect())
}

//! What is known about the real service, table by table: one file a table, one test a row. The comment of a test begins with
//! its grade.
//!
//! - **A**: an artefact of the real service, such as a token that it signed or a recorded response
//! - **B**: the vendor's source, specification or gateway configuration
//! - **C**: inferred from known components (AWS API Gateway, Ory Hydra) or from what clients do
//! - **D**: weak: one remark, or old

mod authorization_header;
mod consumer_flow;
mod errors;
mod personal_access_tokens;
mod responses;
mod tokens;

use serde_json::Value;

/// Header and claims of a token, its signature not verified.
pub fn parts(token: &str) -> (Value, Value) {
    use base64::Engine as _;
    let part = |part: Option<&str>| {
        let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part.unwrap()).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    };
    let mut parts = token.split('.');
    (part(parts.next()), part(parts.next()))
}

/// Asserts that an object has exactly these fields.
fn assert_fields(object: &Value, expected: &[&str]) {
    let mut actual: Vec<_> = object.as_object().unwrap().keys().map(String::as_str).collect();
    let mut expected = expected.to_vec();
    actual.sort_unstable();
    expected.sort_unstable();
    assert_eq!(actual, expected, "{object}");
}

/// Asserts that a text is a UUID in its usual spelling.
fn assert_uuid(text: &Value) {
    let text = text.as_str().unwrap();
    assert_eq!(uuid::Uuid::parse_str(text).unwrap().to_string(), text);
}

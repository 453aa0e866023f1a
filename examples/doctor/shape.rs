//! What a response looks like, fit for an issue: names and types, no value that could be a secret.

use affinidi_tdk_iam_client::serde_json::{self, Map, Value};
use affinidi_tdk_iam_client::transport::TransportResponse;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Texts that are shown, with the ids in them shortened.
const WITH_IDS: [&str; 6] = ["iss", "aud", "sub", "client_id", "scp", "scope"];

/// Texts that are shown if they have no digits, such as the name of an error.
const WORDS: [&str; 5] = ["typ", "token_type", "error", "name", "principalType"];

/// The names of algorithms and curves, which are short.
const ALGORITHMS: [&str; 4] = ["alg", "crv", "kty", "use"];

/// Numbers that are shown.
const NUMBERS: [&str; 3] = ["expires_in", "expiresIn", "httpStatusCode"];

/// Texts of at least this length could be ids.
const ID_LENGTH: usize = 16;

pub(crate) fn of_response(operation: &str, response: &TransportResponse) -> String {
    let mut headers: Vec<_> = response.headers.keys().map(|name| name.as_str()).collect();
    headers.sort_unstable();
    let body = match serde_json::from_slice(&response.body) {
        Ok(value) => of_value("", &value),
        Err(_) => format!("not JSON, {} bytes", response.body.len()),
    };
    format!("{operation}: {}\n  headers: {}\n  body: {body}", response.status.as_u16(), headers.join(", "))
}

/// The shape of the value of the field `name`.
fn of_value(name: &str, value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) => "boolean".to_owned(),
        Value::Number(number) if NUMBERS.contains(&name) => number.to_string(),
        Value::Number(_) => "number".to_owned(),
        Value::String(text) => of_text(name, text),
        Value::Array(values) => {
            let mut shapes: Vec<_> = values.iter().map(|value| of_value(name, value)).collect();
            shapes.sort_unstable();
            shapes.dedup();
            format!("array of {} [{}]", values.len(), shapes.join(" | "))
        }
        Value::Object(fields) => of_object(fields),
    }
}

fn of_object(fields: &Map<String, Value>) -> String {
    let field = |(name, value): (&String, &Value)| {
        let shape = of_value(name, value);
        if is_word(name) { format!("{name}: {shape}") } else { format!("{}: {shape}", shortened(name)) }
    };
    format!("{{{}}}", fields.iter().map(field).collect::<Vec<_>>().join(", "))
}

fn of_text(name: &str, text: &str) -> String {
    if let Some(shape) = of_token(text) {
        shape
    } else if WITH_IDS.contains(&name) {
        format!("\"{}\"", shortened(text))
    } else if WORDS.contains(&name) && is_word(text) || ALGORITHMS.contains(&name) && text.len() < ID_LENGTH {
        format!("\"{}\"", text.escape_default())
    } else {
        "string".to_owned()
    }
}

/// Whether the text is a name that somebody chose, rather than an id: it has no digit.
fn is_word(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, '_' | '-' | '+'))
}

/// The shape of a JSON Web Token; `None` for any other text.
fn of_token(text: &str) -> Option<String> {
    let (header, claims) = parts(text)?;
    let lifetime = lifetime(text).map_or_else(|| "unknown".to_owned(), |seconds| format!("{seconds} s"));
    Some(format!("JWT (header {}, claims {}, lifetime {lifetime})", of_object(&header), of_object(&claims)))
}

/// From `iat` to `exp` of a JSON Web Token, in seconds.
pub(crate) fn lifetime(token: &str) -> Option<i64> {
    let (_, claims) = parts(token)?;
    let seconds = |name| claims.get(name).and_then(Value::as_i64);
    Some(seconds("exp")?.saturating_sub(seconds("iat")?))
}

/// Header and claims of a JSON Web Token, unverified.
fn parts(text: &str) -> Option<(Map<String, Value>, Map<String, Value>)> {
    let mut parts = text.split('.').map(|part| {
        let json = URL_SAFE_NO_PAD.decode(part).ok()?;
        serde_json::from_slice(&json).ok()
    });
    Some((parts.next()??, parts.next()??))
}

/// The algorithm in the header of a JSON Web Token, and the length of its signature in bytes.
pub(crate) fn signature(token: &str) -> Option<(String, usize)> {
    let (header, _) = parts(token)?;
    let signature = URL_SAFE_NO_PAD.decode(token.rsplit('.').next()?).ok()?;
    Some((header.get("alg")?.as_str()?.to_owned(), signature.len()))
}

/// The first characters of an id: enough to recognize it.
pub(crate) fn shortened_id(id: &str) -> String {
    let start: String = id.chars().take(4).collect();
    let rest = if start.len() < id.len() { "…" } else { "" };
    format!("{}{rest}", start.escape_default())
}

/// The text with every part that could be an id shortened.
pub(crate) fn shortened(text: &str) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let pieces = text.split_inclusive(|c| !is_part(c)).map(|piece| {
        let part = piece.trim_end_matches(|c| !is_part(c));
        let end = piece.strip_prefix(part).unwrap_or_default();
        let part = if part.len() < ID_LENGTH { part.to_owned() } else { shortened_id(part) };
        format!("{part}{}", end.escape_default())
    });
    pieces.collect()
}

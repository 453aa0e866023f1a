//! The shapes of tokens: names and types, and no value but algorithm, type and lifetime.

use affinidi_tdk_iam_client::auth::AccessToken;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

/// Header and claims of a JSON Web Token by name and type.
pub(crate) fn of_token(token: &AccessToken) -> String {
    let (Some(header), Some(claims)) = (part(token, 0), part(token, 1)) else {
        return "not a JSON Web Token".to_owned();
    };
    let plain = |name: &str| header.get(name).and_then(Value::as_str).unwrap_or("absent").to_owned();
    let lifetime =
        match (claims.get("iat").and_then(Value::as_f64), claims.get("exp").and_then(Value::as_f64)) {
            (Some(iat), Some(exp)) => format!("{} s", exp - iat),
            _ => "unknown".to_owned(),
        };
    format!(
        "alg {}, typ {}, header {{{}}}, claims {{{}}}, lifetime {lifetime}",
        plain("alg"),
        plain("typ"),
        of_object(&header),
        of_object(&claims)
    )
}

/// The project in the subject of a project token: `ari:iam::<project>:…`.
pub(crate) fn project_id(token: &AccessToken) -> Option<String> {
    let claims = part(token, 1)?;
    let rest = claims.get("sub")?.as_str()?.strip_prefix("ari:iam::")?;
    rest.split_once(':').map(|(project_id, _)| project_id.to_owned())
}

fn of_object(object: &Map<String, Value>) -> String {
    let fields: Vec<_> = object.iter().map(|(name, value)| format!("{name}: {}", of_value(value))).collect();
    fields.join(", ")
}

fn of_value(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) => "boolean".to_owned(),
        Value::Number(_) => "number".to_owned(),
        Value::String(_) => "string".to_owned(),
        Value::Array(values) => {
            format!("list of {} {}", values.len(), values.first().map_or("nothing".to_owned(), of_value))
        }
        Value::Object(object) => format!("{{{}}}", of_object(object)),
    }
}

fn part(token: &AccessToken, index: usize) -> Option<Map<String, Value>> {
    let part = token.secret().split('.').nth(index)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

//! How a personal access token proves itself: its algorithm and its public keys.

use serde_json::{Value, json};
use url::{Host, Url};

use super::problem::{Detail, Problem};
use super::schema::{Member, Object, Shape};
use crate::jose::{Algorithm, VerifyingKey};

const TYPE: Shape = Shape::OneOf(&["PRIVATE_KEY"]);
const ALGORITHM: Shape = Shape::OneOf(&["RS256", "RS512", "ES256", "ES512"]);

/// `TokenPrivateKeyAuthenticationMethodDto`
pub(crate) const AUTHENTICATION_METHOD: Object = Object::closed(&[
    Member::required("type", TYPE),
    Member::required("signingAlgorithm", ALGORITHM),
    Member::required("publicKeyInfo", PUBLIC_KEY_INFO),
]);

/// `UpdateTokenPrivateKeyAuthenticationMethodDto`
pub(crate) const CHANGES: Object = Object::closed(&[
    Member::optional("type", TYPE),
    Member::optional("signingAlgorithm", ALGORITHM),
    Member::optional("publicKeyInfo", PUBLIC_KEY_INFO),
]);

const PUBLIC_KEY_INFO: Shape = Shape::Either(&[
    Member::required("jwks", Shape::Object(&KEY_SET)),
    Member::required(
        "jwksUri",
        Shape::TextThat(is_fetchable, "must be an https URL, or an http URL of this machine"),
    ),
]);

const KEY_SET: Object =
    Object::closed(&[Member::required("keys", Shape::NonEmptyList(&Shape::Object(&KEY)))]);

/// `JsonWebKeyDto`
const KEY: Object = Object::closed(&[
    Member::required("kid", Shape::Text),
    Member::required("kty", Shape::Text),
    Member::required("alg", Shape::Text),
    Member::required("use", Shape::Text),
    Member::optional("n", Shape::Text),
    Member::optional("e", Shape::Text),
    Member::optional("x", Shape::Text),
    Member::optional("y", Shape::Text),
    Member::optional("crv", Shape::Text),
]);

/// Whether keys may be fetched from the URL: never in clear text from another machine.
fn is_fetchable(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let is_local = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && is_local)
}

/// Refuses keys that the registered algorithm could never verify with.
pub(crate) fn check_keys(method: &Value) -> Result<(), Problem> {
    const FIELD: &str = "authenticationMethod.publicKeyInfo.jwks.keys";
    let Some(keys) = method.pointer("/publicKeyInfo/jwks/keys").and_then(Value::as_array) else {
        return Ok(());
    };
    let algorithm = method.get("signingAlgorithm").and_then(Value::as_str).and_then(Algorithm::of_token);
    let algorithm = algorithm.ok_or_else(Problem::unexpected)?;
    let mut faults = Vec::new();
    for (index, key) in keys.iter().enumerate() {
        let mut fault = |member: &str| {
            faults.push(Detail::of(
                format!("{FIELD}[{index}].{member}"),
                format!("is not of an {algorithm} key"),
                "body",
            ));
        };
        let text = |member| key.get(member).and_then(Value::as_str);
        if text("alg") != Some(algorithm.name()) {
            fault("alg");
        } else if text("use") != Some("sig") {
            fault("use");
        } else if let Err(member) = VerifyingKey::from_jwk(algorithm, key) {
            fault(member);
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Problem::invalid(faults)) }
}

/// An `authenticationMethod` of one ES256 key.
pub(crate) fn es256(jwk: &Value) -> Value {
    json!({
        "type": "PRIVATE_KEY",
        "signingAlgorithm": "ES256",
        "publicKeyInfo": { "jwks": { "keys": [jwk] } },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_never_fetched_in_clear_text_from_another_machine() {
        for url in
            ["https://example.com/jwks", "http://127.0.0.1:1/jwks", "http://localhost/", "http://[::1]/"]
        {
            assert!(is_fetchable(url), "{url}");
        }
        for url in ["http://example.com", "http://127.0.0.1.example.com", "file:///etc/passwd", "jwks", ""] {
            assert!(!is_fetchable(url), "{url}");
        }
    }
}

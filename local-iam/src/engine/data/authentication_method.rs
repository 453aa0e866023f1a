//! How a personal access token proves itself: its algorithm and its public keys.

use serde_json::{Value, json};

use crate::engine::problem::{Detail, Problem};
use crate::engine::schema::{Field, Object, Shape};
use crate::engine::syntax::FETCHABLE_URL;
use crate::jose::{Algorithm, VerifyingKey};

const TYPE: Shape = Shape::OneOf(&["PRIVATE_KEY"]);
const ALGORITHM: Shape = Shape::OneOf(&["RS256", "RS512", "ES256", "ES512"]);

/// `TokenPrivateKeyAuthenticationMethodDto`
pub(crate) const AUTHENTICATION_METHOD: Object = Object::closed(&[
    Field::required("type", TYPE),
    Field::required("signingAlgorithm", ALGORITHM),
    Field::required("publicKeyInfo", PUBLIC_KEY_INFO),
]);

/// `UpdateTokenPrivateKeyAuthenticationMethodDto`
pub(crate) const CHANGES: Object = Object::closed(&[
    Field::optional("type", TYPE),
    Field::optional("signingAlgorithm", ALGORITHM),
    Field::optional("publicKeyInfo", PUBLIC_KEY_INFO),
]);

const PUBLIC_KEY_INFO: Shape = Shape::Either(&[
    Field::required("jwks", Shape::Object(&KEY_SET)),
    Field::required("jwksUri", FETCHABLE_URL),
]);

const KEY_SET: Object = Object::closed(&[Field::required("keys", Shape::NonEmptyList(&Shape::Object(&KEY)))]);

/// `JsonWebKeyDto`
const KEY: Object = Object::closed(&[
    Field::required("kid", Shape::Text),
    Field::required("kty", Shape::Text),
    Field::required("alg", Shape::Text),
    Field::required("use", Shape::Text),
    Field::optional("n", Shape::Text),
    Field::optional("e", Shape::Text),
    Field::optional("x", Shape::Text),
    Field::optional("y", Shape::Text),
    Field::optional("crv", Shape::Text),
]);

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

//! How a personal access token authenticates: its algorithm and its public keys.

use serde_json::{Value, json};

use crate::engine::problem::{Detail, Problem};
use crate::jose::{Algorithm, VerifyingKey};

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
        let mut fault = |field: &str| {
            faults.push(Detail::of(
                format!("{FIELD}[{index}].{field}"),
                format!("is not of an {algorithm} key"),
                "body",
            ));
        };
        let text = |field| key.get(field).and_then(Value::as_str);
        if text("alg") != Some(algorithm.name()) {
            fault("alg");
        } else if text("use") != Some("sig") {
            fault("use");
        } else if let Err(field) = VerifyingKey::from_jwk(algorithm, key) {
            fault(field);
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

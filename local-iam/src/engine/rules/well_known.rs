//! The service's public key, for whoever verifies its tokens.

use serde_json::{Value, json};

use crate::engine::call::Call;
use crate::engine::response::{Outcome, Response};

/// `GET /.well-known/jwks.json`: the JSON Web Key Set (RFC 7517 section 5).
pub(crate) fn json_web_key_set(call: &Call) -> Outcome {
    Ok(Response::Json(json!({ "keys": call.engine.keys.public_jwks() })))
}

/// `GET /.well-known/did.json`: the same keys as a DID document (DID Core section 5.3). The DID is did:web-style; a
/// resolver would require `https`, which a loopback service does not have.
pub(crate) fn did_document(call: &Call) -> Outcome {
    let did = call.engine.base_url.replacen("http://", "did:web:", 1);
    let did = match did.rsplit_once(':') {
        Some((host, rest)) => format!("{host}%3A{}", rest.replace('/', ":")),
        None => did,
    };
    let keys: Vec<_> = call.engine.keys.public_jwks();
    let method_id = |key: &Value| format!("{did}#{}", key.get("kid").and_then(Value::as_str).unwrap_or(""));
    let methods: Vec<_> = keys
        .iter()
        .map(|key| json!({ "id": method_id(key), "type": "JsonWebKey2020", "controller": did, "publicKeyJwk": key }))
        .collect();
    let ids: Vec<_> = keys.iter().map(method_id).collect();
    Ok(Response::Json(json!({
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"],
        "id": did,
        "verificationMethod": methods,
        "authentication": ids,
        "assertionMethod": ids,
    })))
}

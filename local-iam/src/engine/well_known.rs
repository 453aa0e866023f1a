//! The service's public key, for whoever verifies its tokens.

use serde_json::json;

use super::{Answer, Call, Outcome};

/// `GET /.well-known/jwks.json`: the JSON Web Key Set (RFC 7517 section 5).
pub(crate) fn json_web_key_set(call: &Call) -> Outcome {
    Ok(Answer::Json(json!({ "keys": [call.engine.key.public_jwk()] })))
}

/// `GET /.well-known/did.json`: the same key as a DID document (DID Core section 5.3). The DID is did:web-style; a
/// resolver would insist on `https`, which a loopback service does not have.
pub(crate) fn did_document(call: &Call) -> Outcome {
    let did = call.engine.base_url.replacen("http://", "did:web:", 1);
    let did = match did.rsplit_once(':') {
        Some((host, rest)) => format!("{host}%3A{}", rest.replace('/', ":")),
        None => did,
    };
    let method = format!("{did}#{}", call.engine.key.kid());
    Ok(Answer::Json(json!({
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"],
        "id": did,
        "verificationMethod": [{
            "id": method,
            "type": "JsonWebKey2020",
            "controller": did,
            "publicKeyJwk": call.engine.key.public_jwk(),
        }],
        "authentication": [method],
        "assertionMethod": [method],
    })))
}

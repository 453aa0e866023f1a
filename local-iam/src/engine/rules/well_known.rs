//! The service's public keys, for whoever verifies its tokens.

use serde_json::{Value, json};

use crate::engine::call::Call;
use crate::engine::data::keys::Ring;
use crate::engine::response::{Outcome, Response};

/// `GET /iam/.well-known/jwks.json`: the JSON Web Key Set (RFC 7517 section 5) of project tokens.
pub(crate) fn json_web_key_set(call: &Call) -> Outcome {
    key_set(call, Ring::Project)
}

/// `GET /cid/.well-known/jwks.json`: the key set of consumer tokens.
pub(crate) fn consumer_key_set(call: &Call) -> Outcome {
    key_set(call, Ring::Consumer)
}

/// `GET /auth/.well-known/jwks.json`: the authorization server's, of user tokens.
pub(crate) fn user_key_set(call: &Call) -> Outcome {
    key_set(call, Ring::User)
}

fn key_set(call: &Call, ring: Ring) -> Outcome {
    Ok(Response::Json(json!({ "keys": call.state.keys.public_jwks(ring) })))
}

/// `GET /.well-known/did.json`: the same keys as a DID document (DID Core section 5.3). The DID is did:web-style; a
/// resolver would require `https`, which a loopback service does not have.
pub(crate) fn did_document(call: &Call) -> Outcome {
    let gateway = call.state.gateway.split_once("://").map_or("", |(_, host)| host);
    let did = format!("did:web:{}:iam", gateway.replace(':', "%3A"));
    let keys = call.state.keys.public_jwks(Ring::Project);
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

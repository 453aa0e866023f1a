//! Key pairs of personal access tokens.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::jose::base64url;

/// A P-256 key pair: the private half as PEM, the public half as a JSON Web Key.
pub(crate) fn p256(kid: &str) -> Option<(String, Value)> {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).ok()?;
    let (x, y) = pair.public_key().as_ref().get(1..)?.split_at_checked(32)?;
    let jwk = json!({
        "kty": "EC", "crv": "P-256", "x": base64url(x), "y": base64url(y), "alg": "ES256", "use": "sig",
        "kid": kid,
    });
    let encoded = STANDARD.encode(pair.to_pkcs8v1().ok()?);
    let mut pem = String::from("-----BEGIN PRIVATE KEY-----\n");
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at_checked(64).unwrap_or((rest, ""));
        pem.push_str(line);
        pem.push('\n');
        rest = after;
    }
    pem.push_str("-----END PRIVATE KEY-----\n");
    Some((pem, jwk))
}

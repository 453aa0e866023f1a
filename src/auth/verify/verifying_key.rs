//! A public key and the one algorithm that it verifies.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256K1_SHA256_FIXED, ECDSA_P521_SHA512_FIXED, ED25519, ParsedPublicKey,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA512, RsaParameters, RsaPublicKeyComponents,
    VerificationAlgorithm,
};
use serde_json::Value;

use crate::auth::signing::Algorithm;
use crate::auth::token::jwt;

/// The key decides how a signature is verified, never the token (RFC 8725, section 3.1).
pub(super) struct VerifyingKey {
    pub(super) id: String,
    pub(super) algorithm: Algorithm,
    key: ParsedPublicKey,
}

impl VerifyingKey {
    /// The keys that an entry of a key set stands for (RFC 7517, section 4): none when it has no id, is not for signatures of an
    /// algorithm that is known here, or its fields do not fit; one for each algorithm where an RSA key does not name its own.
    pub(super) fn from_jwk(jwk: &Value) -> Vec<Self> {
        let Some(algorithms) = algorithms(jwk) else { return Vec::new() };
        let Some(id) = jwk.get("kid").and_then(Value::as_str) else { return Vec::new() };
        let keys = algorithms.into_iter().filter_map(|algorithm| {
            let key = match algorithm {
                Algorithm::Rs256 => rsa(jwk, &RSA_PKCS1_2048_8192_SHA256),
                Algorithm::Rs512 => rsa(jwk, &RSA_PKCS1_2048_8192_SHA512),
                Algorithm::Es256 => point(jwk, "P-256", 32, &ECDSA_P256_SHA256_FIXED),
                Algorithm::Es512 => point(jwk, "P-521", 66, &ECDSA_P521_SHA512_FIXED),
                Algorithm::Es256k => point(jwk, "secp256k1", 32, &ECDSA_P256K1_SHA256_FIXED),
                Algorithm::EdDsa => octets(jwk),
            }?;
            Some(Self { id: id.to_owned(), algorithm, key })
        });
        keys.collect()
    }

    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.verify_sig(message, signature).is_ok()
    }
}

/// The algorithms that the key is for. `alg`, `use` and `key_ops` are optional; a curve has one algorithm.
fn algorithms(jwk: &Value) -> Option<Vec<Algorithm>> {
    let signs = match optional(jwk, "use")? {
        Some(usage) => usage == "sig",
        None => match jwk.get("key_ops") {
            None | Some(Value::Null) => true,
            Some(operations) => operations.as_array()?.iter().any(|operation| operation == "verify"),
        },
    };
    if !signs {
        return None;
    }
    if let Some(algorithm) = optional(jwk, "alg")? {
        return Some(vec![algorithm.parse().ok()?]);
    }
    match (optional(jwk, "kty")??, optional(jwk, "crv")?) {
        ("EC", Some("P-256")) => Some(vec![Algorithm::Es256]),
        ("EC", Some("P-521")) => Some(vec![Algorithm::Es512]),
        ("EC", Some("secp256k1")) => Some(vec![Algorithm::Es256k]),
        ("OKP", Some("Ed25519")) => Some(vec![Algorithm::EdDsa]),
        ("RSA", _) => Some(vec![Algorithm::Rs256, Algorithm::Rs512]),
        _ => None,
    }
}

/// RFC 7518, section 6.3.1.
fn rsa(jwk: &Value, parameters: &'static RsaParameters) -> Option<ParsedPublicKey> {
    (jwk.get("kty")? == "RSA").then_some(())?;
    let (n, e) = (bytes(jwk, "n")?, bytes(jwk, "e")?);
    // A key that is too short would be kept, and only its signatures refused.
    let modulus = n.get(n.iter().position(|byte| *byte != 0)?..)?;
    let zeros = modulus.first()?.leading_zeros() as usize;
    (8 * modulus.len() - zeros >= 2048).then_some(())?;
    RsaPublicKeyComponents { n: &n, e: &e }.to_parsed_public_key(parameters).ok()
}

/// RFC 7518, section 6.2.1: both coordinates have the full size of the field.
fn point(
    jwk: &Value,
    curve: &str,
    size: usize,
    algorithm: &'static dyn VerificationAlgorithm,
) -> Option<ParsedPublicKey> {
    (jwk.get("kty")? == "EC" && jwk.get("crv")? == curve).then_some(())?;
    let (x, y) = (bytes(jwk, "x")?, bytes(jwk, "y")?);
    (x.len() == size && y.len() == size).then_some(())?;
    ParsedPublicKey::new(algorithm, [&[4], x.as_slice(), &y].concat()).ok()
}

/// RFC 8037, section 2.
fn octets(jwk: &Value) -> Option<ParsedPublicKey> {
    (jwk.get("kty")? == "OKP" && jwk.get("crv")? == "Ed25519").then_some(())?;
    let x: [u8; 32] = bytes(jwk, "x")?.try_into().ok()?;
    (!is_of_small_order(x)).then_some(())?;
    ParsedPublicKey::new(&ED25519, x).ok()
}

/// Whether the order of the point divides 8 (RFC 8032, section 5.1). Under such a key a signature that nobody made verifies for one
/// message in eight or more.
fn is_of_small_order(mut point: [u8; 32]) -> bool {
    // The sign of x changes nothing.
    let [.., last] = &mut point;
    *last &= 0x7f;
    match point {
        [0 | 1, rest @ .., 0] => rest == [0; 30],
        // -1 is the prime minus 1; the prime and its successor stand for 0 and 1.
        [0xec..=0xee, rest @ .., 0x7f] => rest == [0xff; 30],
        point => ORDER_8.contains(&point),
    }
}

/// The y coordinates of the points of order 8, little-endian: y² is a root of d y⁴ + 2 y² - 1.
const ORDER_8: [[u8; 32]; 2] = [
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5,
        0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a,
        0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ],
];

fn bytes(jwk: &Value, field: &str) -> Option<Vec<u8>> {
    jwt::from_base64url(jwk.get(field)?.as_str()?)
}

/// A text that may be missing or null; `None` when it is of another type.
fn optional<'a>(jwk: &'a Value, field: &str) -> Option<Option<&'a str>> {
    match jwk.get(field) {
        None | Some(Value::Null) => Some(None),
        Some(value) => value.as_str().map(Some),
    }
}

//! A public key together with the one algorithm it may be used with.

use aws_lc_rs::signature::{ParsedPublicKey, RsaPublicKeyComponents};
use serde_json::Value;

use super::{Algorithm, from_base64url};

/// A public key bound to its algorithm, so that a token's header never chooses how it is verified.
#[derive(Debug, Clone)]
pub(crate) struct VerifyingKey {
    algorithm: Algorithm,
    key: ParsedPublicKey,
}

impl VerifyingKey {
    /// An elliptic-curve point (compressed or not, SEC 1) or the 32 bytes of an Ed25519 key. `None` when the bytes
    /// are not a key of the algorithm.
    pub(crate) fn from_bytes(algorithm: Algorithm, bytes: &[u8]) -> Option<Self> {
        let key = ParsedPublicKey::new(algorithm.verification(), bytes).ok()?;
        Some(Self { algorithm, key })
    }

    /// A JSON Web Key for `algorithm` (RFC 7518 section 6). The error is the field that is missing or wrong.
    pub(crate) fn from_jwk(algorithm: Algorithm, jwk: &Value) -> Result<Self, &'static str> {
        let text = |field| jwk.get(field).and_then(Value::as_str);
        let bytes =
            |field| text(field).and_then(from_base64url).filter(|bytes| !bytes.is_empty()).ok_or(field);
        if let Some((curve, length)) = algorithm.curve() {
            if text("kty") != Some("EC") {
                return Err("kty");
            }
            if text("crv") != Some(curve) {
                return Err("crv");
            }
            let (x, y) = (bytes("x")?, bytes("y")?);
            if x.len() != length {
                return Err("x");
            }
            return Self::from_bytes(algorithm, &[&[4], x.as_slice(), &y].concat()).ok_or("y");
        }
        let parameters = algorithm.rsa().filter(|_| text("kty") == Some("RSA")).ok_or("kty")?;
        let n = bytes("n")?;
        // RFC 7518, section 3.3. The library would take a shorter key and refuse its signatures.
        let zeros = n.iter().take_while(|byte| **byte == 0).count();
        let bits = n.get(zeros).map_or(0, |first| 8 * (n.len() - zeros) - first.leading_zeros() as usize);
        if bits < 2048 {
            return Err("n");
        }
        let components = RsaPublicKeyComponents { n, e: bytes("e")? };
        let key = components.to_parsed_public_key(parameters).map_err(|_| "n")?;
        Ok(Self { algorithm, key })
    }

    pub(crate) fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.verify_sig(message, signature).is_ok()
    }
}

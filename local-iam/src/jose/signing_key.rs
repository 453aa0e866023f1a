//! The service's own ES256 key.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};

use super::{Algorithm, VerifyingKey, base64url};

/// A P-256 key pair that signs the service's tokens. Its `kid` is its RFC 7638 thumbprint.
pub(crate) struct SigningKey {
    pair: EcdsaKeyPair,
    kid: String,
    x: String,
    y: String,
    public: VerifyingKey,
}

impl SigningKey {
    /// A fresh key. `None` only when the machine has no randomness.
    pub(crate) fn generate() -> Option<Self> {
        Self::from_pair(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).ok()?)
    }

    /// The key that [`SigningKey::to_pkcs8`] wrote.
    pub(crate) fn from_pkcs8(der: &[u8]) -> Option<Self> {
        Self::from_pair(EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der).ok()?)
    }

    /// The private key as unencrypted PKCS#8 (RFC 5958), for the database.
    pub(crate) fn to_pkcs8(&self) -> Option<Vec<u8>> {
        Some(self.pair.to_pkcs8v1().ok()?.as_ref().to_vec())
    }

    fn from_pair(pair: EcdsaKeyPair) -> Option<Self> {
        let (x, y) = coordinates(pair.public_key().as_ref())?;
        // RFC 7638 section 3: the required fields only, in lexicographic order, without white space.
        let canonical = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
        let kid = base64url(digest(&SHA256, canonical.as_bytes()));
        let public = VerifyingKey::from_bytes(Algorithm::Es256, pair.public_key().as_ref())?;
        Some(Self { pair, kid, x, y, public })
    }

    pub(crate) fn public(&self) -> &VerifyingKey {
        &self.public
    }

    pub(crate) fn kid(&self) -> &str {
        &self.kid
    }

    /// The public half as a JSON Web Key for signature verification.
    pub(crate) fn public_jwk(&self) -> Value {
        json!({ "kty": "EC", "crv": "P-256", "x": self.x, "y": self.y, "alg": "ES256", "use": "sig", "kid": self.kid })
    }

    /// Signs `claims` as a compact JWS with this `typ` in its header.
    pub(crate) fn sign(&self, typ: &str, claims: &Value) -> Option<String> {
        let header = json!({ "alg": "ES256", "typ": typ, "kid": self.kid });
        let mut token = format!("{}.{}", base64url(header.to_string()), base64url(claims.to_string()));
        let signature = self.pair.sign(&SystemRandom::new(), token.as_bytes()).ok()?;
        token.push('.');
        token.push_str(&base64url(signature));
        Some(token)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("kid", &self.kid).finish_non_exhaustive()
    }
}

/// The coordinates of an uncompressed SEC 1 point, base64url.
fn coordinates(point: &[u8]) -> Option<(String, String)> {
    let (&form, coordinates) = point.split_first()?;
    let (x, y) = coordinates.split_at_checked(coordinates.len() / 2)?;
    (form == 4).then(|| (base64url(x), base64url(y)))
}

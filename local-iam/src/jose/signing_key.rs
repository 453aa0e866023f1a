//! The service's own keys: ES256 for the tokens of IAM, RS256 for those of its authorization server.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Algorithm, VerifyingKey, base64url};

/// A key pair that signs the service's tokens. Its `kid` is a UUID that is made from its RFC 7638 thumbprint.
pub(crate) struct SigningKey {
    pair: Pair,
    kid: String,
    /// The header of every token that it signs, encoded.
    header: String,
    jwk: Value,
    public: VerifyingKey,
}

enum Pair {
    Es256(EcdsaKeyPair),
    Rs256(Box<RsaKeyPair>),
}

impl SigningKey {
    /// A fresh key for ES256 or RS256, and its private key as unencrypted PKCS#8 (RFC 5958), for the database. `None` for
    /// another algorithm, and when the machine has no randomness.
    pub(crate) fn generate(algorithm: Algorithm) -> Option<(Self, Vec<u8>)> {
        match algorithm {
            Algorithm::Es256 => {
                let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).ok()?;
                let pkcs8 = pair.to_pkcs8v1().ok()?.as_ref().to_vec();
                Some((Self::of_curve(pair)?, pkcs8))
            }
            Algorithm::Rs256 => {
                let pair = RsaKeyPair::generate(KeySize::Rsa2048).ok()?;
                let pkcs8: Pkcs8V1Der = pair.as_der().ok()?;
                let pkcs8 = pkcs8.as_ref().to_vec();
                Some((Self::of_rsa(pair)?, pkcs8))
            }
            _ => None,
        }
    }

    /// The key that [`SigningKey::generate`] wrote for `algorithm`.
    pub(crate) fn from_pkcs8(algorithm: Algorithm, der: &[u8]) -> Option<Self> {
        match algorithm {
            Algorithm::Es256 => {
                Self::of_curve(EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der).ok()?)
            }
            Algorithm::Rs256 => Self::of_rsa(RsaKeyPair::from_pkcs8(der).ok()?),
            _ => None,
        }
    }

    fn of_curve(pair: EcdsaKeyPair) -> Option<Self> {
        let (x, y) = coordinates(pair.public_key().as_ref())?;
        // RFC 7638 section 3: the required fields only, in lexicographic order, without white space.
        let kid = kid(&format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#))?;
        let jwk =
            json!({ "kid": kid, "alg": "ES256", "use": "sig", "kty": "EC", "crv": "P-256", "x": x, "y": y });
        let public = VerifyingKey::from_jwk(Algorithm::Es256, &jwk).ok()?;
        Some(Self { pair: Pair::Es256(pair), header: header(&public, &kid), kid, jwk, public })
    }

    fn of_rsa(pair: RsaKeyPair) -> Option<Self> {
        let (n, e) = components(pair.public_key().as_ref())?;
        let (n, e) = (base64url(n), base64url(e));
        let kid = kid(&format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#))?;
        let jwk = json!({ "kid": kid, "alg": "RS256", "use": "sig", "kty": "RSA", "n": n, "e": e });
        let public = VerifyingKey::from_jwk(Algorithm::Rs256, &jwk).ok()?;
        Some(Self { pair: Pair::Rs256(Box::new(pair)), header: header(&public, &kid), kid, jwk, public })
    }

    pub(crate) fn public(&self) -> &VerifyingKey {
        &self.public
    }

    pub(crate) fn kid(&self) -> &str {
        &self.kid
    }

    /// The public half as a JSON Web Key for signature verification.
    pub(crate) fn public_jwk(&self) -> &Value {
        &self.jwk
    }

    /// Signs `claims` as a compact JWS.
    pub(crate) fn sign(&self, claims: &Value) -> Option<String> {
        let mut token = format!("{}.{}", self.header, base64url(claims.to_string()));
        let signature = self.signature(token.as_bytes())?;
        token.push('.');
        token.push_str(&base64url(signature));
        Some(token)
    }

    fn signature(&self, message: &[u8]) -> Option<Vec<u8>> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Es256(pair) => Some(pair.sign(&random, message).ok()?.as_ref().to_vec()),
            Pair::Rs256(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).ok()?;
                Some(signature)
            }
        }
    }
}

fn header(public: &VerifyingKey, kid: &str) -> String {
    base64url(json!({ "alg": public.algorithm().name(), "typ": "JWT", "kid": kid }).to_string())
}

/// Modulus and exponent of an `RSAPublicKey` (RFC 8017, appendix A.1.1): a sequence of two integers.
fn components(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (sequence, _) = element(0x30, der)?;
    let (n, rest) = element(0x02, sequence)?;
    let (e, _) = element(0x02, rest)?;
    // A JSON Web Key has no leading zero (RFC 7518, section 6.3.1.1), which DER uses as a sign.
    Some((n.strip_prefix(&[0]).unwrap_or(n), e.strip_prefix(&[0]).unwrap_or(e)))
}

/// The contents of the DER element at the beginning, which must have this tag, and what follows it.
fn element(tag: u8, der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&first, rest) = der.strip_prefix(&[tag])?.split_first()?;
    let (length, rest) = match usize::from(first) {
        length @ 0..0x80 => (length, rest),
        length => {
            let (length, rest) = rest.split_at_checked(length - 0x80)?;
            (length.iter().fold(0, |value: usize, byte| (value << 8) | usize::from(*byte)), rest)
        }
    };
    rest.split_at_checked(length)
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("kid", &self.kid).finish_non_exhaustive()
    }
}

/// The key identifiers of the real service are UUIDs.
fn kid(canonical: &str) -> Option<String> {
    let thumbprint = digest(&SHA256, canonical.as_bytes());
    let bytes = thumbprint.as_ref().first_chunk::<16>()?;
    let id: Uuid = uuid::Builder::from_random_bytes(*bytes).into_uuid();
    Some(id.to_string())
}

/// The coordinates of an uncompressed SEC 1 point, base64url.
fn coordinates(point: &[u8]) -> Option<(String, String)> {
    let (&form, coordinates) = point.split_first()?;
    let (x, y) = coordinates.split_at_checked(coordinates.len() / 2)?;
    (form == 4).then(|| (base64url(x), base64url(y)))
}

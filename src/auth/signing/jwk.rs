//! JSON Web Keys (RFC 7517; RFC 7518, section 6; RFC 8037): private ones in, public ones out. No error repeats what the text holds.

use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeyPairComponents, PublicKeyComponents};
use pkcs8::der::asn1::{AnyRef, UintRef};
use pkcs8::der::{Decode as _, Reader as _};
use zeroize::Zeroizing;

use super::algorithm::Algorithm;
use super::private_key::{key_agreement, unsupported_type};
use super::signing_key::{SigningKey, unsupported_curve};
use crate::auth::token::jwt;
use crate::error::Error;
use crate::models::JsonWebKeyDto;
use crate::support::text::trimmed;
use crate::wire::object;

struct Fields {
    kty: String,
    crv: Option<String>,
    kid: Option<String>,
    alg: Option<String>,
    x: Option<Secret>,
    y: Option<Secret>,
    n: Option<Secret>,
    e: Option<Secret>,
    d: Option<Secret>,
    p: Option<Secret>,
    q: Option<Secret>,
    dp: Option<Secret>,
    dq: Option<Secret>,
    qi: Option<Secret>,
}

type Secret = Zeroizing<String>;

object!(Fields closed {
    required kty = "kty",
    optional crv = "crv",
    optional kid = "kid",
    optional alg = "alg",
    optional x = "x",
    optional y = "y",
    optional n = "n",
    optional e = "e",
    optional d = "d",
    optional p = "p",
    optional q = "q",
    optional dp = "dp",
    optional dq = "dq",
    optional qi = "qi",
});

/// Reads a private key, with the algorithm that it names or that is usual for its type, and its `kid`.
pub(in crate::auth) fn private_jwk(text: &str) -> Result<(SigningKey, Option<String>), Error> {
    let fields: Fields = serde_json::from_str(trimmed(text)).map_err(|_| {
        Error::configuration(
            "the text is not a private JSON Web Key: one JSON object with `kty`, `d` and the other fields of RFC 7518, section 6",
        )
    })?;
    let key = match (fields.kty.as_str(), fields.crv.as_deref()) {
        ("RSA", _) => fields.rsa(),
        ("EC", Some("P-256")) => fields.elliptic_curve(Algorithm::Es256, 32),
        ("EC", Some("P-521")) => fields.elliptic_curve(Algorithm::Es512, 66),
        ("EC", Some("secp256k1")) => fields.elliptic_curve(Algorithm::Es256k, 32),
        ("EC", _) => Err(unsupported_curve()),
        ("OKP", Some("Ed25519")) => SigningKey::ed25519(&fields.private()?, &bytes(&fields.x)?, damaged),
        ("OKP", Some("X25519" | "X448")) => Err(key_agreement()),
        _ => Err(unsupported_type()),
    }?;
    let key = match fields.alg.as_deref() {
        None => key,
        // RFC 9864 names it after its curve.
        Some("Ed25519") => key.with_algorithm(Algorithm::EdDsa)?,
        Some(name) => {
            let algorithm = name.parse().map_err(|_| {
                let own = key.algorithm();
                Error::configuration(format!(
                    "the `alg` of the JSON Web Key is not supported: a key of its type signs {own}"
                ))
            })?;
            key.with_algorithm(algorithm)?
        }
    };
    Ok((key, fields.kid))
}

impl Fields {
    fn rsa(&self) -> Result<SigningKey, Error> {
        let components = KeyPairComponents {
            public_key: PublicKeyComponents { n: number(&self.n)?, e: number(&self.e)? },
            d: self.private()?,
            p: bytes(&self.p)?,
            q: bytes(&self.q)?,
            dP: bytes(&self.dp)?,
            dQ: bytes(&self.dq)?,
            qInv: bytes(&self.qi)?,
        };
        SigningKey::rsa(RsaKeyPair::from_components(&components), damaged)
    }

    /// A key whose numbers have `length` bytes.
    fn elliptic_curve(&self, algorithm: Algorithm, length: usize) -> Result<SigningKey, Error> {
        let mut point = vec![4];
        point.extend_from_slice(&padded(&bytes(&self.x)?, length)?);
        point.extend_from_slice(&padded(&bytes(&self.y)?, length)?);
        SigningKey::elliptic_curve(algorithm, &padded(&self.private()?, length)?, &point, damaged)
    }

    fn private(&self) -> Result<Bytes, Error> {
        if self.d.is_none() {
            return Err(Error::configuration(
                "the JSON Web Key is a public key, and the private key is needed: its field `d` is missing",
            ));
        }
        bytes(&self.d)
    }
}

type Bytes = Zeroizing<Vec<u8>>;

fn bytes(field: &Option<Secret>) -> Result<Bytes, Error> {
    field.as_deref().and_then(|text| jwt::from_base64url(text)).map(Zeroizing::new).ok_or_else(damaged)
}

/// Without leading zeros, which some tools write.
fn number(field: &Option<Secret>) -> Result<Bytes, Error> {
    let mut bytes = bytes(field)?;
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.drain(..zeros);
    Ok(bytes)
}

/// With the leading zeros that some tools leave out.
fn padded(bytes: &[u8], length: usize) -> Result<Bytes, Error> {
    let zeros = length.checked_sub(bytes.len()).ok_or_else(damaged)?;
    let mut padded = Zeroizing::new(Vec::with_capacity(length));
    padded.resize(zeros, 0);
    padded.extend_from_slice(bytes);
    Ok(padded)
}

fn damaged() -> Error {
    Error::configuration(
        "the JSON Web Key is damaged: a field is missing or not base64url without padding, or its public part is of another key",
    )
}

/// The public part of a key.
pub(super) fn public_jwk(key: &SigningKey, key_id: &str) -> JsonWebKeyDto {
    let algorithm = key.algorithm();
    let jwk = |kty: &str| JsonWebKeyDto::new(key_id, kty, algorithm.as_str(), "sig");
    let curve = match algorithm {
        Algorithm::Es256 => "P-256",
        Algorithm::Es512 => "P-521",
        Algorithm::Es256k => "secp256k1",
        Algorithm::EdDsa => {
            return jwk("OKP").with_crv("Ed25519").with_x(jwt::base64url(key.public_key()));
        }
        Algorithm::Rs256 | Algorithm::Rs512 => {
            let numbers = AnyRef::from_der(key.public_key()).and_then(|key| {
                key.sequence(|reader| Ok((reader.decode::<UintRef<'_>>()?, reader.decode::<UintRef<'_>>()?)))
            });
            // The library that made the key wrote it.
            let Ok((n, e)) = numbers else { return jwk("RSA") };
            return jwk("RSA").with_n(jwt::base64url(n.as_bytes())).with_e(jwt::base64url(e.as_bytes()));
        }
    };
    // An uncompressed point begins with 4 (SEC 1, section 2.3.3).
    let point = key.public_key().get(1..).unwrap_or_default();
    let (x, y) = point.split_at_checked(point.len() / 2).unwrap_or_default();
    jwk("EC").with_crv(curve).with_x(jwt::base64url(x)).with_y(jwt::base64url(y))
}

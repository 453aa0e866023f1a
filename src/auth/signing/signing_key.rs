//! A private key and the algorithm it signs with.

use std::fmt;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::error::KeyRejected;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P256K1_SHA256_FIXED_SIGNING, ECDSA_P521_SHA512_FIXED_SIGNING,
    EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RSA_PKCS1_SHA512,
};
use pkcs8::ObjectIdentifier;
use zeroize::Zeroizing;

use super::algorithm::Algorithm;
use super::pem;
use super::private_key::{PrivateKey, damaged};
use crate::error::Error;

/// A private key, parsed once.
pub(in crate::auth) struct SigningKey {
    algorithm: Algorithm,
    pair: Pair,
}

enum Pair {
    Rsa(RsaKeyPair),
    Ecdsa(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P521: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");
const SECP256K1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.10");

impl SigningKey {
    /// A key from PEM, with the algorithm that is usual for its type.
    pub(in crate::auth) fn from_pem(text: &str, passphrase: Option<&str>) -> Result<Self, Error> {
        let der = pem::read(text, passphrase)?;
        match PrivateKey::read(&der)? {
            PrivateKey::Rsa(key) => Self::rsa(RsaKeyPair::from_der(key), damaged),
            // The curve is optional, and then the key decides.
            PrivateKey::EllipticCurve(None, key) => [Algorithm::Es256, Algorithm::Es512, Algorithm::Es256k]
                .into_iter()
                .find_map(|algorithm| Self::ecdsa(algorithm, key).ok())
                .ok_or_else(unsupported_curve),
            PrivateKey::EllipticCurve(Some(P256), key) => Self::ecdsa(Algorithm::Es256, key),
            PrivateKey::EllipticCurve(Some(P521), key) => Self::ecdsa(Algorithm::Es512, key),
            PrivateKey::EllipticCurve(Some(SECP256K1), key) => Self::ecdsa(Algorithm::Es256k, key),
            PrivateKey::EllipticCurve(Some(_), _) => Err(unsupported_curve()),
            PrivateKey::Ed25519(seed) => {
                let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| damaged())?;
                Ok(Self { algorithm: Algorithm::EdDsa, pair: Pair::Ed25519(pair) })
            }
        }
    }

    /// What `aws-lc-rs` made of an RSA key.
    pub(super) fn rsa(pair: Result<RsaKeyPair, KeyRejected>, damaged: fn() -> Error) -> Result<Self, Error> {
        let pair = pair.map_err(|rejected| match rejected.to_string().as_str() {
            "TooSmall" => Error::configuration(
                "the RSA key is too short: 2048 bits are the least (RFC 7518, section 3.3); make a new one, such as with `openssl genpkey \
                 -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out key.pem`",
            ),
            "TooLarge" => Error::configuration("the RSA key is too long: 8192 bits are the most"),
            _ => damaged(),
        })?;
        Ok(Self { algorithm: Algorithm::Rs256, pair: Pair::Rsa(pair) })
    }

    fn ecdsa(algorithm: Algorithm, der: &[u8]) -> Result<Self, Error> {
        let pair = curve(algorithm).and_then(|curve| EcdsaKeyPair::from_private_key_der(curve, der).ok());
        Ok(Self { algorithm, pair: Pair::Ecdsa(pair.ok_or_else(damaged)?) })
    }

    /// A private number and the uncompressed public point that must belong to it.
    pub(super) fn elliptic_curve(
        algorithm: Algorithm,
        number: &[u8],
        point: &[u8],
        damaged: fn() -> Error,
    ) -> Result<Self, Error> {
        let pair = curve(algorithm)
            .and_then(|curve| EcdsaKeyPair::from_private_key_and_public_key(curve, number, point).ok());
        Ok(Self { algorithm, pair: Pair::Ecdsa(pair.ok_or_else(damaged)?) })
    }

    /// A seed and the public key that must belong to it.
    pub(super) fn ed25519(seed: &[u8], public_key: &[u8], damaged: fn() -> Error) -> Result<Self, Error> {
        let pair = Ed25519KeyPair::from_seed_and_public_key(seed, public_key).map_err(|_| damaged())?;
        Ok(Self { algorithm: Algorithm::EdDsa, pair: Pair::Ed25519(pair) })
    }

    /// A new key.
    pub(in crate::auth) fn generate(algorithm: Algorithm) -> Result<Self, Error> {
        let failed = |_| Error::configuration("no key could be made");
        let pair = match (curve(algorithm), algorithm) {
            (Some(curve), _) => Pair::Ecdsa(EcdsaKeyPair::generate(curve).map_err(failed)?),
            (None, Algorithm::EdDsa) => Pair::Ed25519(Ed25519KeyPair::generate().map_err(failed)?),
            (None, _) => Pair::Rsa(RsaKeyPair::generate(KeySize::Rsa3072).map_err(failed)?),
        };
        Ok(Self { algorithm, pair })
    }

    /// The same key for another algorithm of its type.
    pub(in crate::auth) fn with_algorithm(self, algorithm: Algorithm) -> Result<Self, Error> {
        let fits = match &self.pair {
            Pair::Rsa(_) => matches!(algorithm, Algorithm::Rs256 | Algorithm::Rs512),
            Pair::Ecdsa(_) | Pair::Ed25519(_) => algorithm == self.algorithm,
        };
        if fits {
            return Ok(Self { algorithm, ..self });
        }
        let own = match &self.pair {
            Pair::Rsa(_) => "an RSA key, which signs RS256 or RS512".to_owned(),
            _ => format!("a key for {}", self.algorithm),
        };
        Err(Error::configuration(format!(
            "the algorithm is {algorithm}, and the private key is {own}: leave `algorithm` out, or set the key of another type"
        )))
    }

    pub(in crate::auth) fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The public key: an uncompressed point (SEC 1, section 2.3.3), the 32 bytes of Ed25519, or RSA numbers in DER (RFC 8017,
    /// appendix A.1.1).
    pub(in crate::auth) fn public_key(&self) -> &[u8] {
        match &self.pair {
            Pair::Rsa(pair) => pair.public_key().as_ref(),
            Pair::Ecdsa(pair) => pair.public_key().as_ref(),
            Pair::Ed25519(pair) => pair.public_key().as_ref(),
        }
    }

    /// The private key in DER: PKCS#8, version 1.
    pub(super) fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, Error> {
        let der = match &self.pair {
            Pair::Rsa(pair) => {
                AsDer::<Pkcs8V1Der<'_>>::as_der(pair).map(|der| Zeroizing::new(der.as_ref().to_vec()))
            }
            Pair::Ecdsa(pair) => pair.to_pkcs8v1().map(|der| Zeroizing::new(der.as_ref().to_vec())),
            Pair::Ed25519(pair) => pair.to_pkcs8v1().map(|der| Zeroizing::new(der.as_ref().to_vec())),
        };
        der.map_err(|_| Error::configuration("the private key cannot be written"))
    }

    /// A signature in the form of RFC 7518, section 3.
    pub(in crate::auth) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let random = SystemRandom::new();
        let signature = match &self.pair {
            Pair::Rsa(pair) => {
                let padding =
                    if self.algorithm == Algorithm::Rs512 { &RSA_PKCS1_SHA512 } else { &RSA_PKCS1_SHA256 };
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(padding, &random, message, &mut signature).map(|()| signature)
            }
            Pair::Ecdsa(pair) => pair.sign(&random, message).map(|signature| signature.as_ref().to_vec()),
            Pair::Ed25519(pair) => pair.try_sign(message).map(|signature| signature.as_ref().to_vec()),
        };
        signature.map_err(|_| Error::credential("the private key could not sign"))
    }
}

fn curve(algorithm: Algorithm) -> Option<&'static EcdsaSigningAlgorithm> {
    match algorithm {
        Algorithm::Es256 => Some(&ECDSA_P256_SHA256_FIXED_SIGNING),
        Algorithm::Es512 => Some(&ECDSA_P521_SHA512_FIXED_SIGNING),
        Algorithm::Es256k => Some(&ECDSA_P256K1_SHA256_FIXED_SIGNING),
        Algorithm::Rs256 | Algorithm::Rs512 | Algorithm::EdDsa => None,
    }
}

pub(super) fn unsupported_curve() -> Error {
    Error::configuration(
        "the elliptic curve key is damaged or on another curve than those that are supported: make a new one on P-256, such as with `openssl \
         genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem`",
    )
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

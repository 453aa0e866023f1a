//! The forms of a private key in DER, told apart by what they hold: tools and people write the wrong label around them.

use pkcs8::ObjectIdentifier;
use pkcs8::der::asn1::AnyRef;
use pkcs8::der::{Decode as _, Reader as _, SliceReader, Tag, Tagged as _};

use crate::error::Error;

/// A private key in DER, taken out of its PKCS#8.
pub(super) enum PrivateKey<'a> {
    /// RFC 8017, appendix A.1.2.
    Rsa(&'a [u8]),
    /// RFC 5915, and the curve where it is named beside the key.
    EllipticCurve(Option<ObjectIdentifier>, &'a [u8]),
    /// The seed of RFC 8410, section 7.
    Ed25519(&'a [u8]),
}

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const X25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.110");

impl<'a> PrivateKey<'a> {
    /// Reads PKCS#8 (RFC 5958), PKCS#1 or SEC 1. Of PKCS#8 only algorithm and key count: writers disagree on its version, on the
    /// tag of its public key and on absent parameters.
    pub(super) fn read(der: &'a [u8]) -> Result<Self, Error> {
        let fields = AnyRef::from_der(der).ok().and_then(elements).ok_or_else(damaged)?;
        match *fields {
            [version, modulus, ..] if modulus.tag() == Tag::Integer => match version.value() {
                [0] => Ok(Self::Rsa(der)),
                _ => Err(Error::configuration(
                    "the RSA key has more than two primes, which is not supported: make a new key, such as with `openssl genpkey \
                     -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out key.pem`",
                )),
            },
            [_, key, ..] if key.tag() == Tag::OctetString => Ok(Self::EllipticCurve(None, der)),
            [_, algorithm, key, ..] if key.tag() == Tag::OctetString => {
                Self::of_pkcs8(algorithm, key.value())
            }
            _ => Err(damaged()),
        }
    }

    fn of_pkcs8(algorithm: AnyRef<'a>, key: &'a [u8]) -> Result<Self, Error> {
        let algorithm = elements(algorithm).ok_or_else(damaged)?;
        let (&name, parameters) = algorithm.split_first().ok_or_else(damaged)?;
        match name.decode_as().map_err(|_| damaged())? {
            RSA => match Self::read(key)? {
                key @ Self::Rsa(_) => Ok(key),
                _ => Err(damaged()),
            },
            EC => match *parameters {
                [curve] if curve.tag() == Tag::Sequence => Err(Error::configuration(
                    "the elliptic curve key spells out its curve instead of naming it: convert it with `openssl pkey -in key.pem \
                     -ec_param_enc named_curve -out new.pem`",
                )),
                [curve] => Ok(Self::EllipticCurve(Some(curve.decode_as().map_err(|_| damaged())?), key)),
                _ => Ok(Self::EllipticCurve(None, key)),
            },
            ED25519 => {
                let seed = AnyRef::from_der(key).ok().filter(|seed| seed.tag() == Tag::OctetString);
                Ok(Self::Ed25519(seed.ok_or_else(damaged)?.value()))
            }
            RSA_PSS => Err(Error::configuration(
                "the RSA key is for RSASSA-PSS only, and RS256 and RS512 are RSASSA-PKCS1-v1_5: make a new key, such as with \
                 `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out key.pem`",
            )),
            X25519 => Err(key_agreement()),
            _ => Err(unsupported_type()),
        }
    }
}

/// The elements of a sequence.
fn elements(sequence: AnyRef<'_>) -> Option<Vec<AnyRef<'_>>> {
    (sequence.tag() == Tag::Sequence).then_some(())?;
    let mut reader = SliceReader::new(sequence.value()).ok()?;
    let mut elements = Vec::new();
    while !reader.is_finished() {
        elements.push(reader.decode().ok()?);
    }
    Some(elements)
}

pub(super) fn damaged() -> Error {
    Error::configuration(
        "the private key is damaged, or in a form that is not supported: if OpenSSL can read it, `openssl pkey -in key.pem -out \
         new.pem` writes it in the usual form",
    )
}

pub(super) fn unsupported_type() -> Error {
    Error::configuration(
        "the private key is of a type that is not supported: make a new one on P-256, such as with `openssl genpkey -algorithm EC \
         -pkeyopt ec_paramgen_curve:P-256 -out key.pem`, or of RSA or Ed25519",
    )
}

pub(super) fn key_agreement() -> Error {
    Error::configuration(
        "the private key is of a type that is not supported: it is for key agreement (X25519) and cannot sign; use the Ed25519 key beside \
         it, or make a new one, such as with `openssl genpkey -algorithm ed25519 -out key.pem`",
    )
}

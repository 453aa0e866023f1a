// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use crate::wire::open_enum;

/// Algorithm with which a personal access token signs (RFC 7518 section 3.1).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum SigningAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 section 3.3).
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-512 (RFC 7518 section 3.3).
    Rs512,
    /// ECDSA on P-256 with SHA-256 (RFC 7518 section 3.4).
    Es256,
    /// ECDSA on P-521 with SHA-512 (RFC 7518 section 3.4).
    Es512,
    /// A value that this version does not know, as the service writes it.
    ///
    /// Do not build it from text that is known: `Unknown("RS256".into())` is not equal to [`Rs256`](Self::Rs256). `From` and `FromStr` return the known variant.
    Unknown(String),
}

open_enum!(SigningAlgorithm {
    Rs256 => "RS256",
    Rs512 => "RS512",
    Es256 => "ES256",
    Es512 => "ES512",
});

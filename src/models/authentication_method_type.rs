// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use crate::wire::open_enum;

/// How a personal access token proves itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum AuthenticationMethodType {
    /// With a JWT that its private key signed (RFC 7523 section 2.2, `private_key_jwt` of OpenID Connect Core section 9).
    PrivateKey,
    /// A value that this version does not know, as the service writes it.
    ///
    /// Do not build it from text that is known: `Unknown("PRIVATE_KEY".into())` is not equal to [`PrivateKey`](Self::PrivateKey). `From` and `FromStr` return the known variant.
    Unknown(String),
}

open_enum!(AuthenticationMethodType {
    PrivateKey => "PRIVATE_KEY",
});

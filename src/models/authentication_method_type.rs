// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use crate::open_enum::open_enum;

/// How a personal access token proves itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AuthenticationMethodType {
    /// With a JWT that its private key signed (RFC 7523 section 2.2, `private_key_jwt` of OpenID Connect Core section 9).
    PrivateKey,
    /// A value that this version does not know, as the service writes it.
    Unknown(String),
}

open_enum!(AuthenticationMethodType {
    PrivateKey => "PRIVATE_KEY",
});

// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use crate::wire::open_enum;

/// The kind of assertion in `client_assertion` (RFC 7521 section 4.2).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ClientAssertionType {
    /// A JWT in which the client identifies itself (RFC 7523 section 2.2). Used with the grant type `client_credentials`.
    JwtBearer,
    /// A JWT in which the client requests to act for a profile that granted it access. Used with the grant type `affinidi_delegation`.
    DelegationJwtBearer,
    /// A value that this version does not know, as the service writes it.
    ///
    /// Do not build it from text that is known: `Unknown("urn:ietf:params:oauth:client-assertion-type:jwt-bearer".into())` is not equal to [`JwtBearer`](Self::JwtBearer). `From` and `FromStr` return the known variant.
    Unknown(String),
}

open_enum!(ClientAssertionType {
    JwtBearer => "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    DelegationJwtBearer => "urn:ietf:params:oauth:delegation-assertion-type:jwt-bearer",
});

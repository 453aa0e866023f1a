// Generated from openapi.consumer-iam.yaml: change the contract or a template, then run openapi-generator/generate.py.

use crate::wire::open_enum;

/// What kind of grant a consumer presents to the token endpoint.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum GrantType {
    /// The consumer acts for itself (RFC 6749 section 4.4).
    ClientCredentials,
    /// The consumer acts for a profile that granted it access. The response holds a token whose `sub` is the DID of the profile and whose `act.sub` is the DID of the consumer (RFC 8693 section 4.1).
    AffinidiDelegation,
    /// A value that this version does not know, as the service writes it.
    ///
    /// Do not build it from text that is known: `Unknown("client_credentials".into())` is not equal to [`ClientCredentials`](Self::ClientCredentials). `From` and `FromStr` return the known variant.
    Unknown(String),
}

open_enum!(GrantType {
    ClientCredentials => "client_credentials",
    AffinidiDelegation => "affinidi_delegation",
});

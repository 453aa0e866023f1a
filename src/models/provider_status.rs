// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use crate::wire::open_enum;

/// Whether a user can sign in with an identity provider.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ProviderStatus {
    /// The account of the user is linked to the provider.
    Linked,
    /// The account of the user is not linked to the provider.
    Unlinked,
    /// A value that this version does not know, as the service writes it.
    ///
    /// Do not build it from text that is known: `Unknown("linked".into())` is not equal to [`Linked`](Self::Linked). `From` and `FromStr` return the known variant.
    Unknown(String),
}

open_enum!(ProviderStatus {
    Linked => "linked",
    Unlinked => "unlinked",
});

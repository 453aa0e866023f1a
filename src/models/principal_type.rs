// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use crate::wire::open_enum;

/// Kind of a principal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum PrincipalType {
    /// A person with an account.
    User,
    /// A personal access token, that is, a machine user.
    Token,
    /// A value that this version does not know, as the service writes it.
    ///
    /// Do not build it from text that is known: `Unknown("user".into())` is not equal to [`User`](Self::User). `From` and `FromStr` return the known variant.
    Unknown(String),
}

open_enum!(PrincipalType {
    User => "user",
    Token => "token",
});

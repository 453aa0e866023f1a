// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use crate::open_enum::open_enum;

/// Kind of a principal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PrincipalType {
    /// A person with an account.
    User,
    /// A personal access token, that is, a machine user.
    Token,
    /// A value that this version does not know, as the service writes it.
    Unknown(String),
}

open_enum!(PrincipalType {
    User => "user",
    Token => "token",
});

// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::Serialize;

use crate::models;
use crate::wire::object;

/// A personal access token (PAT): a machine user outside all projects that proves itself with a private key. It is a registration, not a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TokenDto {
    /// Identifier of the token, a UUID.
    pub id: uuid::Uuid,
    /// ARI of the token, `ari:iam:::token/<id>`.
    pub ari: String,
    /// ARI of the owner, `ari:iam:::user/<id>` when a user owns the token.
    #[serde(rename = "ownerAri")]
    pub owner_ari: String,
    /// Display name of the token.
    pub name: String,
    /// How the token proves itself: its signing algorithm and its public keys.
    #[serde(rename = "authenticationMethod")]
    pub authentication_method: models::TokenPrivateKeyAuthenticationMethodDto,
    /// Scopes that the token may ask for (RFC 6749 section 3.3).
    pub scopes: Vec<String>,
}

impl TokenDto {
    /// Creates a value with the required fields; set optional ones with the `with_*` methods.
    pub fn new(
        id: uuid::Uuid,
        ari: impl Into<String>,
        owner_ari: impl Into<String>,
        name: impl Into<String>,
        authentication_method: models::TokenPrivateKeyAuthenticationMethodDto,
        scopes: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self {
            id,
            ari: ari.into(),
            owner_ari: owner_ari.into(),
            name: name.into(),
            authentication_method,
            scopes: scopes.into_iter().map(Into::into).collect(),
        }
    }
}

object!(TokenDto closed {
    required id = "id",
    required ari = "ari",
    required owner_ari = "ownerAri",
    required name = "name",
    required authentication_method = "authenticationMethod",
    required scopes = "scopes",
});

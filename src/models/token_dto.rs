// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

use serde::{Deserialize, Serialize};

#[allow(unused_imports)]
use crate::models;
use crate::support::redact::model_debug;

/// A personal access token (PAT): a machine user outside all projects that proves itself with a private key. It is a registration, not a secret.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TokenDto {
    /// Identifier of the token, a UUID.
    #[serde(rename = "id")]
    pub id: uuid::Uuid,
    /// ARI of the token, such as `ari:iam:::token/<id>`; the short form `token/<id>` occurs too.
    #[serde(rename = "ari")]
    pub ari: String,
    /// ARI of the owner, such as `ari:iam:::user/<id>`.
    #[serde(rename = "ownerAri")]
    pub owner_ari: String,
    /// Display name of the token.
    #[serde(rename = "name")]
    pub name: String,
    /// How the token proves itself: its signing algorithm and its public keys.
    #[serde(rename = "authenticationMethod")]
    pub authentication_method: models::TokenPrivateKeyAuthenticationMethodDto,
    /// Scopes that the token may ask for (RFC 6749 section 3.3).
    #[serde(rename = "scopes")]
    pub scopes: Vec<String>,
}

impl TokenDto {
    /// Builds it from what the contract requires; the rest is set with `with_…` or left out.
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

model_debug!(TokenDto {
    plain id,
    plain ari,
    plain owner_ari,
    plain name,
    plain authentication_method,
    plain scopes,
});

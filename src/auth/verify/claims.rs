//! What a verified token says.

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// The claims of a verified token (RFC 7519, section 4.1; RFC 9068, section 2.2).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct TokenClaims {
    /// Who issued the token (`iss`).
    #[serde(rename = "iss")]
    pub issuer: Option<String>,
    /// Whom the token is about (`sub`): a principal or a DID.
    #[serde(rename = "sub")]
    pub subject: Option<String>,
    /// Whom the token is for (`aud`).
    #[serde(rename = "aud", default, deserialize_with = "one_or_more")]
    pub audience: Vec<String>,
    /// Until when it is valid (`exp`), in seconds since the Unix epoch.
    #[serde(rename = "exp")]
    pub expires_at: f64,
    /// From when on it is valid (`nbf`), in seconds since the Unix epoch.
    #[serde(rename = "nbf")]
    pub not_before: Option<f64>,
    /// When it was issued (`iat`), in seconds since the Unix epoch.
    #[serde(rename = "iat")]
    pub issued_at: Option<f64>,
    /// The token's own identifier (`jti`).
    #[serde(rename = "jti")]
    pub token_id: Option<String>,
    /// What was granted (`scope`), values separated by spaces.
    pub scope: Option<String>,
    /// The project that a project token is for.
    pub project_id: Option<String>,
    /// Who acts for the subject (`act`, RFC 8693, section 4.1).
    #[serde(rename = "act")]
    pub actor: Option<Actor>,
    /// All other claims, by their names.
    #[serde(flatten)]
    pub additional: Map<String, Value>,
}

/// Who acts for the subject of a token (RFC 8693, section 4.1).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Actor {
    /// The actor (`sub`).
    #[serde(rename = "sub")]
    pub subject: Option<String>,
}

/// A single value stands for a list of one.
fn one_or_more<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Audience {
        One(String),
        More(Vec<String>),
    }
    Ok(match Audience::deserialize(deserializer)? {
        Audience::One(one) => vec![one],
        Audience::More(more) => more,
    })
}

//! Reading [`IdToken`].

use crate::models::IdToken;

impl IdToken {
    /// The JSON Web Token, where the service sent one (OpenID Connect Core 1.0, section 2).
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(token) => Some(token),
            _ => None,
        }
    }

    /// The number, where the service sent what the published contract says.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(*number),
            _ => None,
        }
    }
}

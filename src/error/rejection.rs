//! Why a token was rejected.

/// The check of a [`TokenVerifier`](crate::auth::TokenVerifier) that a token failed; see
/// [`Error::rejection`](crate::Error::rejection).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenRejection {
    /// It is not a JSON Web Token in compact serialization (RFC 7515, section 7.1), or its header or claims do not follow
    /// RFC 7519, or `exp` is missing.
    Format,
    /// `alg` is not one of the algorithms allowed.
    Algorithm,
    /// No key of the key set has its `kid`, or the key is of another kind than `alg` needs.
    Key,
    /// The signature was not made by that key.
    Signature,
    /// `exp` has passed (RFC 7519, section 4.1.4).
    Expiration,
    /// `nbf` is in the future (RFC 7519, section 4.1.5).
    NotBefore,
    /// `iss` is missing or another issuer (RFC 7519, section 4.1.1).
    Issuer,
    /// `aud` is missing or names others (RFC 7519, section 4.1.3).
    Audience,
}

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
    /// `iat` is in the future: the clock here or there is wrong.
    IssuedAt,
    /// `typ` is that of another kind of JSON Web Token (RFC 8725, section 3.11).
    Type,
    /// It is a project token of another project (`sub`).
    Project,
    /// It is a project token, and consumer tokens are accepted.
    ProjectToken,
    /// It is a consumer token, and project tokens are accepted.
    ConsumerToken,
    /// It is a user token, which is for the service alone: `sub` is neither a principal in a project nor a DID.
    UserToken,
    /// It is an ID token (OpenID Connect Core 1.0, section 2), not an access token.
    IdToken,
    /// It is delegated (`act`, RFC 8693, section 4.1), and only tokens of the subject itself are accepted.
    Delegated,
}

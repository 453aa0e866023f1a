//! Credentials: where the token of an `authorization` header comes from.
//!
//! The API description has security schemes that all use the `authorization` header and mean different tokens
//! ([`SecurityScheme`]). An operation knows its scheme, the client holds one [`TokenProvider`] per scheme, and a token
//! is never sent to an operation of another scheme or without one.
//!
//! | You have | Use |
//! |---|---|
//! | a personal access token and its private key | [`PersonalAccessToken`] |
//! | a personal access token whose key is in a hardware module or a key service | [`PersonalAccessToken`] with a [`Signer`] |
//! | a new key for a personal access token | [`LocalSigner`] |
//! | a DID and its key, here or in a key service | [`ConsumerCredential`] with a [`DidSigner`] such as [`DidKeySigner`] or [`LocalDidSigner`] |
//! | a token that somebody else refreshes | a closure, or a custom [`TokenProvider`] |
//! | a custom token service | [`TokenCache`] over a [`TokenSource`] |
//! | a token for the next few minutes | [`StaticToken`] |
//! | several processes with one credential | a [`TokenStore`] under any of them |
//! | tokens that others send you | [`TokenVerifier`] |
//! | requests to another service of Affinidi | [`AccessToken::header_value`], or `AuthorizationLayer` (feature `tower`) |
//!
//! Credentials fetch a token when it is needed and keep it in a [`TokenCache`]. When the service refuses a cached token
//! ([`Error::is_unauthorized`](crate::Error::is_unauthorized)), the client has it replaced and sends the request once more.
//!
//! Inside: `token` (what a token and its providers are), `cache` and `store` (where tokens are kept), `signing` (keys and
//! assertions), `credentials` (who gets tokens for a key), `authorization_layer` (tokens to other services), `verify` (tokens from
//! callers). Nothing below this module knows more of
//! it than `token`.

#[cfg(feature = "tower")]
mod authorization_layer;
mod cache;
mod credentials;
mod shared_fetch;
mod signing;
mod store;
pub(crate) mod token;
mod verify;

#[cfg(feature = "tower")]
pub use self::authorization_layer::{AuthorizationLayer, AuthorizationService};
pub use self::cache::{TokenCache, TokenCacheBuilder};
pub use self::credentials::{
    ConsumerCredential, ConsumerCredentialBuilder, ConsumerEndpoint, IotaToken, PersonalAccessToken,
    PersonalAccessTokenBuilder,
};
pub use self::signing::{
    Algorithm, DidKeySigner, DidSigner, LocalDidSigner, LocalSigner, SignatureFuture, Signer,
    client_assertion,
};
#[cfg(feature = "redis")]
pub use self::store::{RedisServers, RedisTokenStore};
pub use self::store::{StoreFuture, TokenStore};
pub use self::token::{
    AccessToken, AuthorizationFormat, FetchFuture, FetchedToken, SecurityScheme, StaticToken, TokenFuture,
    TokenProvider, TokenSource,
};
pub use self::verify::{Actor, Refusal, TokenClaims, TokenVerifier, TokenVerifierBuilder};
#[cfg(feature = "tower")]
pub use self::verify::{VerificationLayer, VerificationService};
pub use crate::error::TokenRejection;

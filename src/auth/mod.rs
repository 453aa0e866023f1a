//! Credentials: where the token of an `authorization` header comes from.
//!
//! The contract has security schemes that all use the `authorization` header and mean different tokens
//! ([`SecurityScheme`]). An operation knows its scheme, the client holds one [`TokenProvider`] per scheme, and a token
//! never goes to an operation of another scheme or of none.
//!
//! | You have | Use |
//! |---|---|
//! | a personal access token and its private key | [`PersonalAccessToken`] |
//! | a DID and its key, here or in a key service | [`ConsumerCredential`] with a [`DidSigner`] such as [`DidKeySigner`] |
//! | a token that somebody else renews | a closure, or a [`TokenProvider`] of your own |
//! | a token service of your own | [`TokenCache`] over a [`TokenSource`] |
//! | a token for the next few minutes | [`StaticToken`] |
//! | several processes with one credential | a [`TokenStore`] under any of them |
//! | tokens that others send you | [`TokenVerifier`] |
//!
//! Credentials fetch when a token is needed and keep it in a [`TokenCache`]. When the service does not accept a token that
//! was kept (status 401, or 403 with the name `UnauthorizedError`), the client has it replaced and repeats the request once.

mod access_token;
mod algorithm;
mod assertion;
mod cache;
mod connection;
mod consumer;
mod did_key;
mod did_signer;
mod fetch;
mod jwt;
mod pem;
mod personal_access_token;
mod provider;
pub(crate) mod random;
mod scheme;
mod signing_key;
mod source;
mod static_token;
mod store;
mod token_check;
mod token_endpoint;
mod verifier;

pub use self::access_token::AccessToken;
pub use self::algorithm::Algorithm;
pub use self::assertion::client_assertion;
pub use self::cache::{TokenCache, TokenCacheBuilder};
pub use self::consumer::{ConsumerCredential, ConsumerCredentialBuilder, ConsumerEndpoint};
pub use self::did_key::DidKeySigner;
pub use self::did_signer::{DidSigner, SignatureFuture};
pub use self::personal_access_token::{IotaToken, PersonalAccessToken, PersonalAccessTokenBuilder};
pub use self::provider::{TokenFuture, TokenProvider};
pub use self::scheme::{AuthorizationForm, SecurityScheme};
pub use self::source::{FetchFuture, FetchedToken, TokenSource};
pub use self::static_token::StaticToken;
#[cfg(feature = "redis")]
pub use self::store::RedisTokenStore;
pub use self::store::{StoreFuture, TokenStore};
pub use self::token_check::TokenCheck;
pub use self::verifier::{Actor, TokenClaims, TokenVerifier, TokenVerifierBuilder};

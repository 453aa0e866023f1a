//! Credentials: where the token of an `authorization` header comes from.
//!
//! The contract has security schemes that all use the `authorization` header and mean different tokens
//! ([`SecurityScheme`]). An operation knows its scheme, the client holds one [`TokenProvider`] per scheme, and a token
//! never goes to an operation of another scheme or of none.

mod access_token;
mod cache;
mod fetch;
mod jwt;
mod provider;
pub(crate) mod random;
mod scheme;
mod source;
mod static_token;
mod store;
mod token_check;

pub use self::access_token::AccessToken;
pub use self::cache::{TokenCache, TokenCacheBuilder};
pub use self::provider::{TokenFuture, TokenProvider};
pub use self::scheme::{AuthorizationForm, SecurityScheme};
pub use self::source::{FetchFuture, FetchedToken, TokenSource};
pub use self::static_token::StaticToken;
pub use self::store::{StoreFuture, TokenStore};
pub use self::token_check::TokenCheck;

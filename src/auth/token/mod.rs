//! What a token is, and the traits of those who supply it. Knows nothing of clients and credentials.

mod access_token;
pub(in crate::auth) mod jwt;
mod provider;
mod security_scheme;
mod static_token;
mod token_source;

pub use self::access_token::AccessToken;
pub use self::provider::{TokenFuture, TokenProvider};
pub use self::security_scheme::{AuthorizationFormat, SecurityScheme};
pub use self::static_token::StaticToken;
pub use self::token_source::{FetchFuture, FetchedToken, TokenSource};

//! Credentials: who gets tokens from the service, and for which key.

mod client;
mod consumer;
mod consumer_builder;
mod issuer;
mod personal_access_token;
mod token_endpoint;

pub use self::consumer::{ConsumerCredential, ConsumerEndpoint};
pub use self::consumer_builder::ConsumerCredentialBuilder;
pub use self::personal_access_token::{IotaToken, PersonalAccessToken, PersonalAccessTokenBuilder};

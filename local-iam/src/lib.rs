//! A local Affinidi IAM service: real signatures, no account, no network beyond this machine unless another listening address is set.
//!
//! [`LocalIam`] serves the Affinidi IAM contract under `/iam`. Beside it are the token endpoint of personal access tokens,
//! a management API and a reference page; the crate's README describes them, and the rules that the contract leaves open.
//! A program, or a test, starts a service, points its client at [`LocalIam::base_url`], and drops it when done:
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use affinidi_iam_local::LocalIam;
//!
//! let iam = LocalIam::start().await?;
//! let keys: serde_json::Value =
//!     reqwest::get(format!("{}/.well-known/jwks.json", iam.base_url())).await?.json().await?;
//! assert_eq!(keys["keys"][0]["alg"], "ES256");
//! # Ok(())
//! # }
//! ```
//!
//! | To | Use |
//! | --- | --- |
//! | make operations fail | [`LocalIam::fault`], [`LocalIam::clear_faults`] |
//! | see what a client sent | [`LocalIam::requests`] |
//! | add users, projects and personal access tokens | [`LocalIam::add_user`], [`LocalIam::add_project`], [`LocalIam::add_personal_access_token`] |
//! | get tokens | [`LocalIam::user_token`], [`LocalIam::user_token_of`], [`LocalIam::consumer_token`] |
//! | let time pass | [`LocalIam::clock`] |
//! | change the signing keys | [`LocalIam::rotate_signing_keys`], [`LocalIam::replace_signing_keys`] |
//! | start a program that reads environment variables | [`LocalIam::environment`] |
//! | call the service without a socket | [`LocalIam::transport`] |
//!
//! The consumer token endpoint is `POST {base_url}/v1/consumer/oauth2/token`. It takes a JSON body with a client
//! assertion (RFC 7523) that a `did:key` signed, checks the signature and every claim, and responds with an ES256
//! access token that verifies against `{base_url}/.well-known/jwks.json`.

#![deny(missing_docs)]
#![forbid(unsafe_code)]

/// The examples of the README are run with the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod background;
mod body;
mod clock;
mod control;
mod engine;
mod error;
mod jose;
mod local_iam;
mod server;
mod store;
mod transport;

pub use clock::Clock;
pub use control::{
    AddedPersonalAccessToken, FaultRule, FaultRuleBuilder, NewPersonalAccessToken, NewProject,
};
pub use engine::{GatewayFailure, RecordedRequest, Seeds};
pub use error::Error;
pub use local_iam::{LocalIam, LocalIamBuilder};
pub use transport::InProcess;

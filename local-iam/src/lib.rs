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
//! The consumer token endpoint is `POST {base_url}/v1/consumer/oauth2/token`. It takes a JSON body with a client
//! assertion (RFC 7523) that a `did:key` signed, checks the signature and every claim, and responds with an ES256
//! access token that verifies against `{base_url}/.well-known/jwks.json`.

#![deny(missing_docs)]
#![forbid(unsafe_code)]

/// The examples of the README are run with the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

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

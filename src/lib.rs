//! The Rust SDK for Affinidi IAM: typed calls, tokens that are refreshed for you, one error type, and a local service to develop
//! against.
//!
//! ```sh
//! cargo add affinidi-tdk-iam-client
//! cargo add affinidi-iam-local    # the local service; with --dev once only tests use it
//! cargo add tokio --features macros,rt-multi-thread
//! ```
//!
//! ```
//! use affinidi_iam_local::LocalIam;
//! use affinidi_tdk_iam_client::{Client, auth, models};
//!
//! #[tokio::main]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let iam = LocalIam::start().await?;
//!     let user = auth::StaticToken::new(iam.user_token()?);
//!     let client = Client::builder().base_url(iam.base_url()).user_token(user).build()?;
//!
//!     let input = models::CreateProjectInput::new("demo");
//!     let project = client.projects().create_project(input).await?;
//!     println!("created {} {}", project.id, project.name);
//!     Ok(())
//! }
//! ```
//!
//! Every operation looks like this: required values are arguments, optional ones are setters, `.await` sends it. Functions that
//! take a future, such as `tokio::spawn`, need `.into_future()` behind the request. For the real service, [`Client::from_env`]
//! takes the place of the first three lines; it reads `TOKEN_ID`, `PRIVATE_KEY`, `PASSPHRASE` and `PROJECT_ID`, as the official
//! clients do.
//!
//! # Map
//!
//! | Where | What |
//! |---|---|
//! | [`Client`], [`ClientBuilder`] | entry point: address, credentials, time limits, retries, rate limits |
//! | [`apis`] | the operations, one group per tag of the API description |
//! | [`models`] | what goes in and comes out |
//! | [`Ari`] | the names of principals and resources in policies |
//! | [`auth`] | credentials ([`PersonalAccessToken`](auth::PersonalAccessToken), [`ConsumerCredential`](auth::ConsumerCredential)), the token cache, shared stores, and [`TokenVerifier`](auth::TokenVerifier) for services that receive tokens |
//! | [`Error`] | the one error: inspect it with predicates; it has the service's name, message and trace id |
//! | [`RetryPolicy`] | what is retried, and when |
//! | [`pagination`] | whole collections as streams |
//! | [`Response`] | status, headers and trace id beside the value, with `.with_response()` |
//! | [`CallObserver`] | metrics; the feature `tracing` adds spans |
//! | [`transport`] | a custom HTTP stack, a middleware or a test double |
//!
//! Clients, credentials and errors are `Send + Sync`, and every future is `Send`; calls need a `tokio` runtime with time and I/O
//! enabled. `bytes`, `http`, `serde_json`, `url` and `uuid` are re-exported, because their types are part of
//! the API.
//!
//! Builders report mistakes when they are finished: [`ClientBuilder`] and those of [`auth`] at `build`, a request builder when it
//! is awaited, before anything is sent.
//!
//! The [guides] cover one question each: personal access tokens, consumer tokens, errors and retries, proxies and
//! connections, paging, testing, sharing
//! tokens across a fleet, verifying tokens, observability, moving from the TypeScript and Python clients. The [examples] are
//! whole programs.
//!
//! [guides]: https://github.com/affinidi/affinidi-tdk-iam-client-rust/tree/main/docs/guides
//! [examples]: https://github.com/affinidi/affinidi-tdk-iam-client-rust/tree/main/examples
//!
//! # Features
//!
//! | Feature | Default | What it does |
//! |---|---|---|
//! | `rustls` | yes | TLS via rustls with the trust store of the operating system; takes precedence over `native-tls` |
//! | `encrypted-pem` | yes | private keys that a passphrase encrypts |
//! | `rustls-no-provider` | no | as `rustls`, with the cryptography provider that the program installs for its process |
//! | `native-tls` | no | TLS via the operating system's library |
//! | `http2` | no | HTTP/2 where the service offers it: many calls on a connection, and more connections when streams run out; otherwise HTTP/1.1 with kept connections |
//! | `hyper` | no | `transport::HyperTransport`, another transport at about two thirds of the processor time of a call |
//! | `tower` | no | `auth::VerificationLayer`, for services that receive tokens |
//! | `axum` | no | `tower`, and `auth::TokenClaims` as an extractor |
//! | `redis` | no | `auth::RedisTokenStore`, a token store that a fleet shares; also with Cluster, Sentinel and TLS (always rustls) |
//! | `tracing` | no | spans of every call and attempt; see [`CallObserver`] |
//! | `opentelemetry` | no | `tracing`, and W3C Trace Context in every request |
//! | `consumer-iam` | no | `consumer_iam`, the operations of the consumer IAM |
//!
//! Without a feature for TLS, [`ClientBuilder::build`] refuses `https`, unless you set an `http_client` or a `transport`. With
//! `rustls-no-provider` it fails until a provider is installed (`rustls::crypto::CryptoProvider::install_default`).

// On docs.rs, items say which feature brings them.
#![cfg_attr(docsrs, feature(doc_cfg))]
#![deny(missing_docs)]
#![forbid(unsafe_code)]

// Rustdoc shows the methods of `Client` in this order: constructors, then credentials, then operations.
mod client;

pub mod auth;

pub mod apis;

mod ari;
mod call;
#[cfg(feature = "consumer-iam")]
pub mod consumer_iam;
mod error;
#[cfg(doctest)]
mod guides;
mod model_additions;
pub mod models;
mod observe;
mod support;
pub mod transport;
mod wire;

pub use bytes;
pub use http;
pub use serde_json;
pub use url;
pub use uuid;

pub use self::ari::Ari;
pub use self::call::{RawBody, RequestFuture, Response, RetryPolicy, pagination};
pub use self::client::{Client, ClientBuilder, Environment, Region};
pub use self::error::{Error, ErrorDetail, ServiceError};
pub use self::observe::{CallObserver, Observation};

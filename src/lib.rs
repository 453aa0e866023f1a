//! The crate page comes here.

pub mod apis;
pub mod auth;
mod call;
mod client;
mod clock;
mod decode;
mod environment;
mod error;
#[cfg(doctest)]
mod guides;
mod header;
mod id_token;
mod lenient;
pub mod models;
mod observe;
mod open_enum;
pub mod pagination;
mod rate_limit;
mod raw_body;
mod redact;
mod request;
mod response;
mod retry;
mod span;
#[cfg(feature = "opentelemetry")]
mod trace_context;
pub mod transport;

pub use bytes;
pub use http;
pub use url;
pub use uuid;

pub use self::client::{Client, ClientBuilder};
pub use self::environment::{Environment, Region};
pub use self::error::{Error, ErrorDetail, ServiceError};
pub use self::observe::{CallObserver, Observation};
pub use self::raw_body::RawBody;
pub use self::request::RequestFuture;
pub use self::response::Response;
pub use self::retry::RetryPolicy;

//! One call: what it is made of (`operation`, `request`, `settings`), how it is executed (`execute`, `retry`, `rate_limit`), and
//! what comes out (`content_coding`, `decode`, `response`, `raw_body`, `pagination`).
//!
//! A generated request builder (`builder`) holds a [`Request`]. [`Request::execute`] gets a token, sends the request within limits
//! and retries, and decodes the response.

mod base_url;
mod builder;
mod content_coding;
pub(crate) mod decode;
mod execute;
mod header;
mod operation;
pub mod pagination;
mod rate_limit;
mod raw_body;
mod recorder;
mod request;
mod response;
mod retry;
mod retry_budget;
mod secrets;
mod settings;

pub(crate) use self::base_url::BaseUrl;
pub use self::builder::RequestFuture;
pub(crate) use self::builder::{IntoRequest, request_builder};
pub(crate) use self::header::{OriginHeaders, checked as checked_header};
pub(crate) use self::operation::Operation;
pub(crate) use self::rate_limit::RateLimit;
pub use self::raw_body::RawBody;
pub(crate) use self::raw_body::raw;
pub(crate) use self::request::{FORM, Request};
pub use self::response::Response;
pub use self::retry::RetryPolicy;
pub(crate) use self::retry::{Attempt, retry};
pub(crate) use self::retry_budget::RetryBudget;
pub(crate) use self::settings::{Credentials, Defaults, Settings};

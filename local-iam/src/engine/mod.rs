//! The service without its network: a request in, a response out. The HTTP server and the in-process transport both lead
//! here.
//!
//! `dispatch` takes a request through `router` (which operation of `routes`), `input` (query and body against the
//! operation's `schema`) and `access_token` (whom the token stands for) to the operation's rule. A rule is a function from a
//! `call` to a `response` or a `problem`. `rules` holds the rules, `data` what they store and check; rules never use each
//! other.

mod access_token;
mod addresses;
mod authorizer;
mod call;
mod consumer_contract;
mod contract;
mod data;
mod dispatch;
mod faults;
mod input;
mod narrowing;
mod operation;
mod operation_names;
mod page;
mod permission;
mod problem;
mod random;
mod recorded_request;
mod recorder;
mod response;
mod router;
mod routes;
mod rules;
mod schema;
mod state;
mod syntax;
mod trace;
mod validation;

pub(crate) use addresses::Addresses;
pub(crate) use data::seeds::SeedIds;
pub use data::seeds::Seeds;
pub(crate) use faults::Break;
pub use faults::GatewayFailure;
pub(crate) use input::MAX_BODY;
pub use recorded_request::RecordedRequest;
pub(crate) use state::{Engine, Lifetimes};

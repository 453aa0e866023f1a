//! Observing calls and attempts: the observer that a client notifies, spans, and the trace context of requests.

mod observation;
mod observer;
mod outcome;
mod span;
mod token_store;
#[cfg(feature = "opentelemetry")]
pub(crate) mod trace_context;

pub use self::observation::Observation;
pub use self::observer::CallObserver;
pub(crate) use self::outcome::Outcome;
pub(crate) use self::span::Span;
pub(crate) use self::token_store::token_store_failed;

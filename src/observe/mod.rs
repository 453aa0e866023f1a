//! Observing calls and attempts: the observer that a client notifies, spans, and the trace context of requests.

mod observation;
mod observer;
mod outcome;
mod span;
#[cfg(feature = "opentelemetry")]
pub(crate) mod trace_context;

pub use self::observation::Observation;
pub use self::observer::CallObserver;
pub(crate) use self::outcome::Outcome;
pub(crate) use self::span::Span;

//! Who is notified of calls and attempts.

use std::sync::Arc;

use super::Observation;
use crate::error::Error;

/// Notified when an attempt or a call of a client ends, for metrics. Set it with
/// [`ClientBuilder::observer`](crate::ClientBuilder::observer).
///
/// [`call_ended`](Self::call_ended) runs once per call, after one [`attempt_ended`](Self::attempt_ended) per attempt. Calls that
/// fetch a token are calls of their own. The methods run inside the call, so they should only count and return; they do nothing
/// unless implemented. One that panics is ignored.
///
/// [`token_store_failed`](Self::token_store_failed) reports a [`TokenStore`](crate::auth::TokenStore) that the credentials of the
/// client do without: calls succeed all the same, so that nothing else does.
///
/// With the feature `tracing` the same is in spans of level `INFO` and target `affinidi_tdk_iam_client`, with the attributes of
/// OpenTelemetry's semantic conventions for HTTP clients: a span `attempt` (kind `client`, named `{method} {route}`) within a
/// span `call` (kind `internal`, named by the operation). Beyond the conventions they have `openapi.operation_id`, the
/// operationId in the API description, and `affinidi.trace_id`, the identifier under which the service logged the call. With the feature
/// `opentelemetry` every request carries the `traceparent` and `tracestate` of its `attempt`, as the application's global
/// propagator (`opentelemetry::global::set_text_map_propagator`) writes them, unless the call sets its own `traceparent`. A token
/// store that fails is an event of level `WARN` with the attribute `error.type`.
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use affinidi_tdk_iam_client::{CallObserver, Client, Observation};
///
/// #[derive(Default)]
/// struct Metrics {
///     retries: AtomicU64,
/// }
///
/// impl CallObserver for Metrics {
///     fn call_ended(&self, call: &Observation<'_>) {
///         self.retries.fetch_add(call.attempts.saturating_sub(1).into(), Ordering::Relaxed);
///         println!("{} {} {:?} {:?}", call.method, call.route, call.error_type, call.duration);
///     }
/// }
///
/// # fn main() -> Result<(), affinidi_tdk_iam_client::Error> {
/// let client = Client::builder().observer(Metrics::default()).build()?;
/// # Ok(())
/// # }
/// ```
pub trait CallObserver: Send + Sync + 'static {
    /// A request was sent, and its response was received or given up.
    fn attempt_ended(&self, attempt: &Observation<'_>) {
        let _ = attempt;
    }

    /// A call is over, whether or not it sent anything.
    fn call_ended(&self, call: &Observation<'_>) {
        let _ = call;
    }

    /// A shared token store failed, or did not respond within 1 s ([`Error::is_timeout`]), and the process went on without it.
    /// Runs once for each operation of the store that failed.
    fn token_store_failed(&self, error: &Error) {
        let _ = error;
    }
}

/// The same through a pointer.
macro_rules! through_pointer {
    ($($pointer:ident),+) => {
        $(
            impl<O: CallObserver + ?Sized> CallObserver for $pointer<O> {
                fn attempt_ended(&self, attempt: &Observation<'_>) {
                    (**self).attempt_ended(attempt);
                }

                fn call_ended(&self, call: &Observation<'_>) {
                    (**self).call_ended(call);
                }

                fn token_store_failed(&self, error: &Error) {
                    (**self).token_store_failed(error);
                }
            }
        )+
    };
}
through_pointer!(Arc, Box);

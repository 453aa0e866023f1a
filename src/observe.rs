//! Telling what became of attempts and calls: to an observer, and to spans.

use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use http::{HeaderMap, Method, StatusCode};
use tokio::time::Instant;

use crate::Error;
use crate::client::Settings;
use crate::clock::now;
use crate::request::Operation;
use crate::response::trace_id;
use crate::span::Span;

/// Is told how every attempt and every call of a client ended, to feed metrics. Give it to
/// [`ClientBuilder::observer`](crate::ClientBuilder::observer).
///
/// A call is told of once, however often its request was sent; before it, each of its attempts is. Calls that fetch a token
/// are calls of their own. The methods run inside the call, so they should only count and return; they do nothing unless
/// implemented.
///
/// With the feature `tracing` the same is in spans of level `INFO` and target `affinidi_tdk_iam_client`, with the attributes of
/// OpenTelemetry's semantic conventions for HTTP clients: a span `attempt` (kind `client`, named `{method} {route}`) within a
/// span `call` (kind `internal`, named by the operation). Beyond the conventions they have `openapi.operation_id`, the
/// contract's operationId, and `affinidi.trace_id`, the identifier under which the service logged the call. With the feature
/// `opentelemetry` every request carries the `traceparent` and `tracestate` of its `attempt`, as the application's global
/// propagator (`opentelemetry::global::set_text_map_propagator`) writes them, unless the call has a `traceparent` of its own.
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
    /// A request was sent, and answered or given up.
    fn attempt_ended(&self, attempt: &Observation<'_>) {
        let _ = attempt;
    }

    /// A call is over, whether or not it sent anything.
    fn call_ended(&self, call: &Observation<'_>) {
        let _ = call;
    }
}

/// How an attempt or a call ended. Everything in it has few values and names no one, so it is fit to be a metric's label.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Observation<'a> {
    /// The contract's operationId; `tokenEndpoint` for the token endpoint of personal access tokens, which is not in the
    /// contract.
    pub operation: &'static str,
    /// The HTTP method.
    pub method: &'static Method,
    /// The contract's path template, such as `/v1/projects/{projectId}`; empty where the contract has none.
    pub route: &'static str,
    /// The status of the operation's answer, where one came.
    pub status: Option<StatusCode>,
    /// What went wrong, as `error.type` of the OpenTelemetry conventions: the status of an answer that is no success, or one
    /// of `body_too_large`, `cancelled` (the future was dropped), `certificate`, `configuration`, `connect`, `credential`, `decode`,
    /// `interrupted`, `invalid_request`, `invalid_token`, `missing_token`, `timeout` and `transport`. `None` for success.
    pub error_type: Option<&'a str>,
    /// How long it took: an attempt from sending to the last byte of the answer, a call with all its waits.
    pub duration: Duration,
    /// How often the call has sent its request, this attempt included; 0 when nothing was sent.
    pub attempts: u32,
    /// What is left of the client's [`retry_budget`](crate::ClientBuilder::retry_budget).
    pub retries_left: u32,
}

/// What became of an attempt or a call.
pub(crate) enum Outcome<'a> {
    Answer(StatusCode, &'a HeaderMap),
    Failure(&'a Error),
    /// Nobody waited for it any longer.
    Cancelled,
}

impl Outcome<'_> {
    pub(crate) fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Answer(status, _) => Some(*status),
            // The answer of a step is not the operation's.
            Self::Failure(error) => error.status().filter(|_| !error.has_step()),
            Self::Cancelled => None,
        }
    }

    pub(crate) fn error_type(&self) -> Option<&str> {
        match self {
            Self::Answer(..) => None,
            Self::Failure(error) => Some(error.label()),
            Self::Cancelled => Some("cancelled"),
        }
    }

    #[cfg_attr(not(feature = "tracing"), expect(dead_code, reason = "only spans hold it"))]
    pub(crate) fn trace_id(&self) -> Option<&str> {
        match self {
            Self::Answer(_, headers) => trace_id(headers),
            Self::Failure(error) => error.trace_id(),
            Self::Cancelled => None,
        }
    }
}

/// Watches one attempt or one call. Dropping it before its end says that it was cancelled.
pub(crate) struct Watch<'a> {
    settings: &'a Settings,
    operation: &'static Operation,
    /// What the observer is told at the end.
    tell: fn(&dyn CallObserver, &Observation<'_>),
    /// When it began; known only where somebody observes.
    started: Option<Instant>,
    attempts: AtomicU32,
    span: Span,
    ended: bool,
}

impl<'a> Watch<'a> {
    /// Begins to watch a call.
    pub(crate) fn call(settings: &'a Settings, operation: &'static Operation) -> Self {
        let span = Span::call(operation);
        let tell = |observer: &dyn CallObserver, call: &Observation<'_>| observer.call_ended(call);
        Self::new(settings, operation, tell, 0, span)
    }

    /// Begins to watch the call's next attempt.
    pub(crate) fn attempt(&self) -> Self {
        let before = self.attempts.fetch_add(1, Ordering::Relaxed);
        let span = Span::attempt(self.operation, &self.settings.base_url, before);
        let tell = |observer: &dyn CallObserver, attempt: &Observation<'_>| observer.attempt_ended(attempt);
        Self::new(self.settings, self.operation, tell, before + 1, span)
    }

    fn new(
        settings: &'a Settings,
        operation: &'static Operation,
        tell: fn(&dyn CallObserver, &Observation<'_>),
        attempts: u32,
        span: Span,
    ) -> Self {
        let started = settings.observer.as_ref().map(|_| now());
        Self { settings, operation, tell, started, attempts: attempts.into(), span, ended: false }
    }

    /// The same future inside the span.
    pub(crate) fn around<F: Future>(&self, future: F) -> impl Future<Output = F::Output> + use<F> {
        self.span.around(future)
    }

    /// Tells what became of it.
    pub(crate) fn end(mut self, outcome: Outcome<'_>) {
        self.ended = true;
        self.tell(&outcome);
    }

    fn tell(&self, outcome: &Outcome<'_>) {
        self.span.end(outcome);
        if let (Some(observer), Some(started)) = (&self.settings.observer, self.started) {
            let observation = Observation {
                operation: self.operation.name,
                method: &self.operation.method,
                route: self.operation.path,
                status: outcome.status(),
                error_type: outcome.error_type(),
                duration: now() - started,
                attempts: self.attempts.load(Ordering::Relaxed),
                retries_left: self.settings.retry_budget.left(),
            };
            (self.tell)(&**observer, &observation);
        }
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        if !self.ended {
            self.tell(&Outcome::Cancelled);
        }
    }
}

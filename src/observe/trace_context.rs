//! Adds the trace that a request belongs to (W3C Trace Context).

use http::header::{HeaderName, HeaderValue};
use opentelemetry::propagation::Injector;
use opentelemetry::trace::TraceContextExt;
use opentelemetry::{Context, global};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::transport::TransportRequest;

const TRACEPARENT: &str = "traceparent";
const TRACESTATE: &str = "tracestate";

/// The same request with the context of the current span, as the application's global propagator writes it. A `traceparent`
/// that the caller set stays.
pub(crate) fn propagated(mut request: TransportRequest) -> TransportRequest {
    if !request.headers.contains_key(TRACEPARENT) {
        let mut context = Span::current().context();
        // Without a layer between `tracing` and OpenTelemetry.
        if !context.span().span_context().is_valid() {
            context = Context::current();
        }
        global::get_text_map_propagator(|propagator| {
            propagator.inject_context(&context, &mut TraceContext(&mut request));
        });
    }
    request
}

/// Takes nothing but the trace context: baggage may contain data not meant for the service.
struct TraceContext<'a>(&'a mut TransportRequest);

impl Injector for TraceContext<'_> {
    fn set(&mut self, key: &str, value: String) {
        let name = match key {
            TRACEPARENT => HeaderName::from_static(TRACEPARENT),
            TRACESTATE if !value.is_empty() => HeaderName::from_static(TRACESTATE),
            _ => return,
        };
        if let Ok(value) = HeaderValue::try_from(value) {
            self.0.headers.insert(name, value);
        }
    }
}

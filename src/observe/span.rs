//! Spans of `tracing` with the names of the OpenTelemetry semantic conventions for HTTP clients; nothing at all without the
//! feature `tracing`.
//!
//! Their attributes are those of [`Observation`](crate::Observation), the service's address and its trace id: none of them
//! holds what a caller passed in.

#[cfg(feature = "tracing")]
pub(crate) use self::recorded::Span;
#[cfg(not(feature = "tracing"))]
pub(crate) use self::unrecorded::Span;

#[cfg(feature = "tracing")]
mod recorded {
    use std::fmt;
    use std::future::Future;

    use tracing::field::Empty;
    use tracing::{Instrument, info_span};
    use url::Url;

    use crate::observe::{Observation, Outcome};

    const TARGET: &str = env!("CARGO_CRATE_NAME");

    /// Boxed for the size of the futures that hold it; a span that nobody records takes no box.
    #[derive(Clone)]
    pub(crate) struct Span(Option<Box<tracing::Span>>);

    impl Span {
        /// A call as its caller sees it.
        pub(crate) fn call(call: &Observation<'_>) -> Self {
            let span = info_span!(
                target: TARGET,
                "call",
                otel.name = call.operation,
                otel.kind = "internal",
                otel.status_code = Empty,
                openapi.operation_id = call.operation,
                http.request.method = call.method.as_str(),
                url.template = Empty,
                http.response.status_code = Empty,
                error.type = Empty,
                affinidi.trace_id = Empty,
            );
            Self::new(span, call.route)
        }

        /// One request on the wire.
        pub(crate) fn attempt(attempt: &Observation<'_>, url: &Url) -> Self {
            let span = info_span!(
                target: TARGET,
                "attempt",
                otel.name = %Name(attempt),
                otel.kind = "client",
                otel.status_code = Empty,
                openapi.operation_id = attempt.operation,
                http.request.method = attempt.method.as_str(),
                url.template = Empty,
                server.address = url.host_str(),
                server.port = url.port_or_known_default(),
                http.request.resend_count = attempt.attempts.checked_sub(1).filter(|resent| *resent > 0),
                http.response.status_code = Empty,
                error.type = Empty,
                affinidi.trace_id = Empty,
            );
            Self::new(span, attempt.route)
        }

        fn new(span: tracing::Span, route: &str) -> Self {
            if span.is_disabled() {
                return Self(None);
            }
            if !route.is_empty() {
                span.record("url.template", route);
            }
            Self(Some(Box::new(span)))
        }

        pub(crate) fn around<F: Future>(self, future: F) -> impl Future<Output = F::Output> + use<F> {
            future.instrument(self.0.map_or_else(tracing::Span::none, |span| *span))
        }

        pub(crate) fn end(&self, outcome: &Outcome<'_>) {
            let Some(span) = &self.0 else { return };
            if let Some(status) = outcome.status() {
                span.record("http.response.status_code", status.as_u16());
            }
            if let Some(error_type) = outcome.error_type() {
                span.record("error.type", error_type).record("otel.status_code", "ERROR");
            }
            if let Some(trace_id) = outcome.trace_id() {
                span.record("affinidi.trace_id", trace_id);
            }
        }
    }

    /// `{method} {route}`, or the method alone where no route is known.
    struct Name<'a>(&'a Observation<'a>);

    impl fmt::Display for Name<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0.method.as_str())?;
            match self.0.route {
                "" => Ok(()),
                path => write!(f, " {path}"),
            }
        }
    }
}

#[cfg(not(feature = "tracing"))]
mod unrecorded {
    use std::future::Future;

    use url::Url;

    use crate::observe::{Observation, Outcome};

    #[derive(Clone)]
    pub(crate) struct Span;

    impl Span {
        pub(crate) fn call(_: &Observation<'_>) -> Self {
            Self
        }

        pub(crate) fn attempt(_: &Observation<'_>, _: &Url) -> Self {
            Self
        }

        pub(crate) fn around<F: Future>(self, future: F) -> F {
            future
        }

        pub(crate) fn end(&self, _: &Outcome<'_>) {}
    }
}

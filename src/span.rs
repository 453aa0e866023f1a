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

    use crate::observe::Outcome;
    use crate::request::Operation;

    const TARGET: &str = env!("CARGO_CRATE_NAME");

    pub(crate) struct Span(tracing::Span);

    impl Span {
        /// A call as its caller sees it.
        pub(crate) fn call(operation: &'static Operation) -> Self {
            let span = info_span!(
                target: TARGET,
                "call",
                otel.name = operation.name,
                otel.kind = "internal",
                otel.status_code = Empty,
                openapi.operation_id = operation.name,
                http.request.method = operation.method.as_str(),
                url.template = Empty,
                http.response.status_code = Empty,
                error.type = Empty,
                affinidi.trace_id = Empty,
            );
            Self(span).on_route(operation)
        }

        /// One request on the wire, sent after as many others of the same call as `resend_count` says.
        pub(crate) fn attempt(operation: &'static Operation, url: &Url, resend_count: u32) -> Self {
            let span = info_span!(
                target: TARGET,
                "attempt",
                otel.name = %Name(operation),
                otel.kind = "client",
                otel.status_code = Empty,
                openapi.operation_id = operation.name,
                http.request.method = operation.method.as_str(),
                url.template = Empty,
                server.address = url.host_str(),
                server.port = url.port_or_known_default(),
                http.request.resend_count = (resend_count > 0).then_some(resend_count),
                http.response.status_code = Empty,
                error.type = Empty,
                affinidi.trace_id = Empty,
            );
            Self(span).on_route(operation)
        }

        fn on_route(self, operation: &'static Operation) -> Self {
            if !operation.path.is_empty() {
                self.0.record("url.template", operation.path);
            }
            self
        }

        pub(crate) fn around<F: Future>(&self, future: F) -> impl Future<Output = F::Output> + use<F> {
            future.instrument(self.0.clone())
        }

        pub(crate) fn end(&self, outcome: &Outcome<'_>) {
            if self.0.is_disabled() {
                return;
            }
            if let Some(status) = outcome.status() {
                self.0.record("http.response.status_code", status.as_u16());
            }
            if let Some(error_type) = outcome.error_type() {
                self.0.record("error.type", error_type).record("otel.status_code", "ERROR");
            }
            if let Some(trace_id) = outcome.trace_id() {
                self.0.record("affinidi.trace_id", trace_id);
            }
        }
    }

    /// `{method} {route}`, or the method alone where no route is known.
    struct Name(&'static Operation);

    impl fmt::Display for Name {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0.method.as_str())?;
            match self.0.path {
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

    use crate::observe::Outcome;
    use crate::request::Operation;

    pub(crate) struct Span;

    impl Span {
        pub(crate) fn call(_: &'static Operation) -> Self {
            Self
        }

        pub(crate) fn attempt(_: &'static Operation, _: &Url, _: u32) -> Self {
            Self
        }

        pub(crate) fn around<F: Future>(&self, future: F) -> F {
            future
        }

        pub(crate) fn end(&self, _: &Outcome<'_>) {}
    }
}

//! What observers, spans and the service are told of a call.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking; clippy.toml only covers the functions marked as tests"
)]

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use affinidi_tdk_iam_client::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use affinidi_tdk_iam_client::transport::{
    Transport, TransportError, TransportFuture, TransportRequest, TransportResponse,
};
use affinidi_tdk_iam_client::{CallObserver, Client, ClientBuilder, Observation, RetryPolicy, auth, models};

const DID: &str = "did:key:zDnaeSecretPerson";
const TOKEN: &str = "secret-token-of-a-person";
const TRACE: &str = "trace-0123456789";

/// Answers with one status after the other; 0 is a refused connection, and when none is left it hangs.
#[derive(Clone)]
struct Script {
    statuses: Arc<Mutex<VecDeque<u16>>>,
    sent: Arc<Mutex<Vec<HeaderMap>>>,
}

impl Script {
    fn of(statuses: &[u16]) -> Self {
        Self { statuses: Arc::new(Mutex::new(statuses.iter().copied().collect())), sent: Arc::default() }
    }

    fn builder(&self) -> ClientBuilder {
        let tokens = auth::StaticToken::new(TOKEN);
        Client::builder()
            .base_url("http://localhost:8080/iam")
            .transport(self.clone())
            .user_token(tokens.clone())
            .consumer_token(tokens)
    }
}

impl Transport for Script {
    fn send(&self, request: TransportRequest) -> TransportFuture<'_> {
        self.sent.lock().unwrap().push(request.headers);
        let status = self.statuses.lock().unwrap().pop_front();
        Box::pin(async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            let trace = (HeaderName::from_static("x-trace-id"), HeaderValue::from_static(TRACE));
            let body = format!(r#"{{"keys":[],"name":"SomeError","message":"{DID} may not"}}"#);
            match status {
                Some(0) => Err(TransportError::connect("refused")),
                Some(status) => {
                    let response = TransportResponse::new(StatusCode::from_u16(status).unwrap(), body);
                    Ok(response.with_headers(HeaderMap::from_iter([trace])))
                }
                None => std::future::pending().await,
            }
        })
    }
}

#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Vec<String>>>);

impl Notes {
    fn note(&self, what: &str, seen: &Observation<'_>) {
        let Observation { operation, method, route, attempts, retries_left, .. } = seen;
        let (status, error, seconds) =
            (seen.status.map_or(0, |s| s.as_u16()), seen.error_type, seen.duration.as_secs());
        self.0.lock().unwrap().push(format!(
            "{what} {operation} {method} {route} {status} {} {seconds}s n={attempts} left={retries_left}",
            error.unwrap_or("-"),
        ));
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

impl CallObserver for Notes {
    fn attempt_ended(&self, attempt: &Observation<'_>) {
        self.note("attempt", attempt);
    }

    fn call_ended(&self, call: &Observation<'_>) {
        self.note("call", call);
    }
}

/// Retries at once.
fn at_once() -> RetryPolicy {
    RetryPolicy::new().initial_backoff(Duration::ZERO)
}

#[tokio::test(start_paused = true)]
async fn an_observer_is_told_of_every_attempt_and_once_of_the_call() {
    let notes = Notes::default();
    let script = Script::of(&[0, 503, 200]);
    let client = script.builder().observer(notes.clone()).retry_policy(at_once()).build().unwrap();
    client.well_known().get_well_known_jwks().await.unwrap();
    let at = "getWellKnownJwks GET /.well-known/jwks.json";
    assert_eq!(
        notes.take(),
        [
            format!("attempt {at} 0 connect 1s n=1 left=50"),
            format!("attempt {at} 503 503 1s n=2 left=49"),
            format!("attempt {at} 200 - 1s n=3 left=48"),
            format!("call {at} 200 - 3s n=3 left=48"),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn an_observer_is_told_of_calls_that_fail_before_during_and_after_the_request() {
    let notes = Notes::default();
    let script = Script::of(&[200]);
    let client = script.builder().observer(notes.clone()).build().unwrap();

    client.projects().get_project("..").await.unwrap_err();
    assert_eq!(notes.take(), ["call getProject GET /v1/projects/{projectId} 0 invalid_input 0s n=0 left=50"]);

    let input = models::AddUserToProjectInput::new(DID, models::PrincipalType::User);
    client.projects().add_principal_to_project(input).await.unwrap_err();
    assert_eq!(
        notes.take(),
        ["call addPrincipalToProject POST /v1/projects/principals 0 missing_token 0s n=0 left=50"]
    );

    client.sts().whoami().await.unwrap_err();
    assert_eq!(
        notes.take(),
        [
            "attempt whoami GET /v1/sts/whoami 200 - 1s n=1 left=50",
            "call whoami GET /v1/sts/whoami 200 decode 1s n=1 left=50",
        ]
    );

    client.sts().whoami().retry_policy(RetryPolicy::never()).await.unwrap_err();
    assert_eq!(
        notes.take(),
        [
            "attempt whoami GET /v1/sts/whoami 0 timeout 15s n=1 left=50",
            "call whoami GET /v1/sts/whoami 0 timeout 15s n=1 left=50",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn an_observer_is_told_of_a_call_that_is_dropped() {
    let notes = Notes::default();
    let client = Script::of(&[]).builder().observer(notes.clone()).build().unwrap();
    drop(client.sts().whoami().send());
    assert!(notes.take().is_empty(), "it never began");
    tokio::time::timeout(Duration::from_secs(2), client.sts().whoami().send()).await.unwrap_err();
    assert_eq!(
        notes.take(),
        [
            "attempt whoami GET /v1/sts/whoami 0 cancelled 2s n=1 left=50",
            "call whoami GET /v1/sts/whoami 0 cancelled 2s n=1 left=50",
        ]
    );
}

#[cfg(feature = "tracing")]
mod spans {
    use std::collections::BTreeMap;
    use std::fmt::Debug;

    use tracing::field::{Field, Visit};
    use tracing::span::{Attributes, Id, Record};
    use tracing::{Event, Subscriber, instrument::WithSubscriber};
    use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
    use tracing_subscriber::registry::LookupSpan;

    use super::*;

    #[derive(Clone, Debug, Default)]
    struct Recorded {
        name: &'static str,
        parent: Option<u64>,
        fields: BTreeMap<&'static str, String>,
    }

    impl Visit for Recorded {
        fn record_str(&mut self, field: &Field, value: &str) {
            self.fields.insert(field.name(), value.to_owned());
        }

        fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
            self.fields.insert(field.name(), format!("{value:?}"));
        }
    }

    /// Keeps everything that is recorded.
    #[derive(Clone, Default)]
    struct Everything {
        spans: Arc<Mutex<BTreeMap<u64, Recorded>>>,
        events: Arc<Mutex<Vec<Recorded>>>,
    }

    impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Everything {
        fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
            let parent = context.span(id).and_then(|span| span.parent()).map(|span| span.id().into_u64());
            let mut span = Recorded { name: attributes.metadata().name(), parent, ..Recorded::default() };
            attributes.record(&mut span);
            // The registry uses the numbers of closed spans again, with another upper half.
            self.spans.lock().unwrap().insert(id.into_u64(), span);
        }

        fn on_record(&self, id: &Id, values: &Record<'_>, _: Context<'_, S>) {
            values.record(self.spans.lock().unwrap().get_mut(&id.into_u64()).unwrap());
        }

        fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
            let mut recorded = Recorded::default();
            event.record(&mut recorded);
            self.events.lock().unwrap().push(recorded);
        }
    }

    impl Everything {
        fn named(&self, name: &str) -> Vec<(u64, Recorded)> {
            let spans = self.spans.lock().unwrap();
            spans.iter().filter(|(_, span)| span.name == name).map(|(id, span)| (*id, span.clone())).collect()
        }

        fn subscriber(&self) -> impl Subscriber + Send + Sync + 'static {
            tracing_subscriber::registry().with(self.clone())
        }
    }

    fn fields(pairs: &[(&'static str, &str)]) -> BTreeMap<&'static str, String> {
        pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn spans_have_the_names_and_attributes_of_the_semantic_conventions() {
        let everything = Everything::default();
        let client = Script::of(&[503, 404]).builder().retry_policy(at_once()).build().unwrap();
        let call = client.projects().get_project("6f1c9e8a").send();
        call.with_subscriber(everything.subscriber()).await.unwrap_err();

        let calls = everything.named("call");
        assert_eq!(calls.len(), 1);
        let of_call = [
            ("otel.name", "getProject"),
            ("otel.kind", "internal"),
            ("otel.status_code", "ERROR"),
            ("openapi.operation_id", "getProject"),
            ("http.request.method", "GET"),
            ("url.template", "/v1/projects/{projectId}"),
            ("http.response.status_code", "404"),
            ("error.type", "404"),
            ("affinidi.trace_id", TRACE),
        ];
        assert_eq!(calls[0].1.fields, fields(&of_call));

        let attempts = everything.named("attempt");
        assert!(attempts.iter().all(|(_, span)| span.parent == Some(calls[0].0)));
        for (status, resend_count) in [("503", None), ("404", Some("1"))] {
            let mut expected = of_call.to_vec();
            expected[0] = ("otel.name", "GET /v1/projects/{projectId}");
            expected[1] = ("otel.kind", "client");
            expected[6] = ("http.response.status_code", status);
            expected[7] = ("error.type", status);
            expected.extend([("server.address", "localhost"), ("server.port", "8080")]);
            expected.extend(resend_count.map(|count| ("http.request.resend_count", count)));
            let expected = fields(&expected);
            assert!(attempts.iter().any(|(_, span)| span.fields == expected), "{attempts:#?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_success_has_no_error_and_a_dropped_call_says_so() {
        let everything = Everything::default();
        let client = Script::of(&[200]).builder().build().unwrap();
        let call = client.well_known().get_well_known_jwks().send();
        call.with_subscriber(everything.subscriber()).await.unwrap();
        for (_, span) in [everything.named("call"), everything.named("attempt")].concat() {
            assert_eq!(span.fields["http.response.status_code"], "200");
            assert!(!span.fields.contains_key("error.type") && !span.fields.contains_key("otel.status_code"));
        }

        let everything = Everything::default();
        let call = client.well_known().get_well_known_jwks().send();
        let call = tokio::time::timeout(Duration::from_secs(2), call);
        call.with_subscriber(everything.subscriber()).await.unwrap_err();
        for (_, span) in [everything.named("call"), everything.named("attempt")].concat() {
            assert_eq!(span.fields["error.type"], "cancelled");
        }
    }

    /// Responds with the token as the trace id, in another case.
    struct Echo;

    impl Transport for Echo {
        fn send(&self, request: TransportRequest) -> TransportFuture<'_> {
            let token = request.headers["authorization"].to_str().unwrap().to_uppercase();
            let trace = (HeaderName::from_static("x-trace-id"), HeaderValue::from_str(&token).unwrap());
            let body = r#"{"principalId":"p","principalType":"user"}"#;
            let response =
                TransportResponse::new(StatusCode::OK, body).with_headers(HeaderMap::from_iter([trace]));
            Box::pin(async { Ok(response) })
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_trace_id_that_repeats_the_token_is_not_recorded() {
        let everything = Everything::default();
        let builder = Client::builder().transport(Echo).user_token(auth::StaticToken::new(TOKEN));
        let call = builder.build().unwrap().sts().whoami().send();
        call.with_subscriber(everything.subscriber()).await.unwrap();
        for (_, span) in [everything.named("call"), everything.named("attempt")].concat() {
            assert_eq!(span.fields["http.response.status_code"], "200");
            assert_eq!(span.fields.get("affinidi.trace_id"), None);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_store_that_fails_is_an_event() {
        struct Down;

        impl auth::TokenStore for Down {
            fn get<'a>(&'a self, _: &'a str) -> auth::StoreFuture<'a, Option<auth::FetchedToken>> {
                Box::pin(async { Err(affinidi_tdk_iam_client::Error::credential("no route to the store")) })
            }
            fn put<'a>(&'a self, _: &'a str, _: &'a auth::FetchedToken) -> auth::StoreFuture<'a, ()> {
                Box::pin(async { Ok(()) })
            }
            fn lease<'a>(&'a self, _: &'a str, _: Duration) -> auth::StoreFuture<'a, bool> {
                Box::pin(async { Ok(true) })
            }
        }

        let everything = Everything::default();
        let _guard = tracing::subscriber::set_default(everything.subscriber());
        let source = || async { Ok(auth::FetchedToken::new(auth::AccessToken::new("t")?, None)) };
        let cache = auth::TokenCache::builder(source).store(Down, "name").build();
        auth::TokenProvider::token(&cache).await.unwrap();
        let events = everything.events.lock().unwrap();
        let [event] = &events[..] else { panic!("{events:?}") };
        assert_eq!(event.fields["error.type"], "credential");
        assert!(event.fields["message"].contains("no route to the store"), "{event:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_that_is_recorded_holds_a_secret_or_an_identifier() {
        const PROJECT: &str = "6f1c9e8a-secret-project";
        for statuses in [&[200; 9], &[404; 9], &[403; 9], &[503; 9], &[0; 9]] {
            let everything = Everything::default();
            let client = Script::of(statuses).builder().retry_policy(at_once()).build().unwrap();
            async {
                let _ = client.projects().get_project(PROJECT).await;
                let _ = client.authz().delete_access_vfs(DID).await;
                let _ = client.default_api().v1_auth_proxy_get(DID).query("code", TOKEN).await;
                let _ = client.projects().create_project(models::CreateProjectInput::new(PROJECT)).await;
            }
            .with_subscriber(everything.subscriber())
            .await;
            let text =
                format!("{:?} {:?}", everything.spans.lock().unwrap(), everything.events.lock().unwrap());
            assert!(everything.named("call").len() == 4 && text.contains("/v1/projects/{projectId}"));
            let encoded = DID.replace(':', "%3A");
            for secret in [DID, &encoded, "zDnaeSecretPerson", TOKEN, PROJECT, "code="] {
                assert!(!text.contains(secret), "{secret} in {text}");
            }
        }
    }
}

#[cfg(feature = "opentelemetry")]
mod trace_context {
    use opentelemetry::propagation::text_map_propagator::FieldIter;
    use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
    use opentelemetry::trace::{
        FutureExt, SpanContext, SpanId, SpanKind, Status, TraceContextExt, TraceFlags, TraceId, TraceState,
        TracerProvider,
    };
    use opentelemetry::{Context, global};
    use opentelemetry_sdk::error::OTelSdkResult;
    use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData, SpanExporter};
    use tracing::instrument::WithSubscriber;
    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    /// What the one of the OpenTelemetry SDK writes, and baggage.
    #[derive(Debug)]
    struct Propagator;

    impl TextMapPropagator for Propagator {
        fn inject_context(&self, context: &Context, injector: &mut dyn Injector) {
            let span = context.span().span_context().clone();
            if span.is_valid() {
                let flags = span.trace_flags().to_u8();
                injector.set("traceparent", format!("00-{}-{}-{flags:02x}", span.trace_id(), span.span_id()));
                injector.set("tracestate", span.trace_state().header());
            }
            injector.set("baggage", format!("person={DID}"));
        }

        fn extract_with_context(&self, context: &Context, _: &dyn Extractor) -> Context {
            context.clone()
        }

        fn fields(&self) -> FieldIter<'_> {
            FieldIter::new(&[])
        }
    }

    fn context() -> Context {
        let state = TraceState::from_key_value([("vendor", "1")]).unwrap();
        let (trace, span) = (TraceId::from(0xabc_u128), SpanId::from(0xdef_u64));
        let span = SpanContext::new(trace, span, TraceFlags::SAMPLED, false, state);
        Context::new().with_remote_span_context(span)
    }

    #[tokio::test(start_paused = true)]
    async fn every_attempt_carries_the_trace_context_and_nothing_else() {
        global::set_text_map_propagator(Propagator);
        let script = Script::of(&[503, 200]);
        let client = script.builder().build().unwrap();
        client.well_known().get_well_known_jwks().send().with_context(context()).await.unwrap();
        for headers in script.sent.lock().unwrap().iter() {
            let expected = "00-00000000000000000000000000000abc-0000000000000def-01";
            assert_eq!(headers["traceparent"], expected);
            assert_eq!(headers["tracestate"], "vendor=1");
            assert!(!headers.contains_key("baggage"));
        }
        assert_eq!(script.sent.lock().unwrap().len(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_trace_context_of_the_caller_wins_and_without_a_trace_there_is_none() {
        global::set_text_map_propagator(Propagator);
        let script = Script::of(&[200, 200]);
        let client = script.builder().build().unwrap();
        let call = client.well_known().get_well_known_jwks().header("traceparent", "mine");
        call.send().with_context(context()).await.unwrap();
        client.well_known().get_well_known_jwks().await.unwrap();
        let sent = script.sent.lock().unwrap();
        assert_eq!(sent[0]["traceparent"], "mine");
        assert!(!sent[0].contains_key("tracestate"));
        assert!(!sent[1].contains_key("traceparent"));
    }
    /// Keeps the spans that end.
    #[derive(Clone, Debug, Default)]
    struct Exported(Arc<Mutex<Vec<SpanData>>>);

    impl SpanExporter for Exported {
        async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
            self.0.lock().unwrap().extend(batch);
            Ok(())
        }
    }

    #[tokio::test(start_paused = true)]
    async fn every_attempt_carries_the_trace_and_the_identity_of_its_own_exported_span() {
        global::set_text_map_propagator(Propagator);
        let exported = Exported::default();
        let provider = SdkTracerProvider::builder().with_simple_exporter(exported.clone()).build();
        let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
        let script = Script::of(&[503, 200]);
        let client = script.builder().build().unwrap();
        let call = client.well_known().get_well_known_jwks().send();
        call.with_subscriber(tracing_subscriber::registry().with(layer)).await.unwrap();

        let spans = exported.0.lock().unwrap();
        let [first, second, call] = spans.as_slice() else { panic!("{spans:#?}") };
        assert_eq!((call.name.as_ref(), &call.span_kind), ("getWellKnownJwks", &SpanKind::Internal));
        let sent = script.sent.lock().unwrap();
        assert_eq!(sent.len(), 2);
        for (attempt, headers) in [first, second].into_iter().zip(sent.iter()) {
            assert_eq!(attempt.name, "GET /.well-known/jwks.json");
            assert_eq!(attempt.span_kind, SpanKind::Client);
            assert_eq!(attempt.parent_span_id, call.span_context.span_id());
            let (trace, span) = (attempt.span_context.trace_id(), attempt.span_context.span_id());
            assert_eq!(trace, call.span_context.trace_id());
            assert_eq!(headers["traceparent"], format!("00-{trace}-{span}-01"));
        }
        assert_eq!(first.status, Status::error(""));
    }
}

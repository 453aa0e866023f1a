//! The retry loop as callers see it, over a transport that plays a script, in virtual time.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking; clippy.toml only covers the functions marked as tests"
)]

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use affinidi_tdk_iam_client::http::{HeaderMap, StatusCode, header::RETRY_AFTER};
use affinidi_tdk_iam_client::transport::{
    Transport, TransportError, TransportFuture, TransportRequest, TransportResponse,
};
use affinidi_tdk_iam_client::{Client, ClientBuilder, RetryPolicy, auth, models};
use tokio::time::Instant;

/// What the service does with one attempt.
#[derive(Clone, Copy)]
enum Step {
    Status(u16),
    StatusRetryAfter(u16, &'static str),
    Refuse,
    Reset,
    Hang,
    /// An answer of success for every operation used here.
    Succeed,
}

use Step::{Hang, Refuse, Reset, Status, StatusRetryAfter, Succeed};

#[derive(Clone, Default)]
struct Script {
    steps: Arc<Mutex<VecDeque<Step>>>,
    /// When each attempt was sent.
    sent: Arc<Mutex<Vec<Instant>>>,
}

impl Transport for Script {
    fn send(&self, _: TransportRequest) -> TransportFuture<'_> {
        self.sent.lock().unwrap().push(now());
        let step = self.steps.lock().unwrap().pop_front().expect("an attempt more than the script has");
        Box::pin(async move {
            let status = |status| TransportResponse::new(StatusCode::from_u16(status).unwrap(), "{}");
            match step {
                Status(code) => Ok(status(code)),
                StatusRetryAfter(code, wait) => {
                    let headers = HeaderMap::from_iter([(RETRY_AFTER, wait.parse().unwrap())]);
                    Ok(status(code).with_headers(headers))
                }
                Refuse => Err(TransportError::connect("refused")),
                Reset => Err(TransportError::connection_lost("reset")),
                Hang => std::future::pending().await,
                Succeed => Ok(TransportResponse::new(StatusCode::OK, SUCCESS)),
            }
        })
    }
}

const SUCCESS: &str = r#"{"keys":[],"id":"1","name":"demo","accessToken":"a","expiresIn":300,"scope":"s"}"#;

#[expect(clippy::disallowed_methods, reason = "the virtual clock of the test")]
fn now() -> Instant {
    Instant::now()
}

impl Script {
    fn of(steps: &[Step]) -> Self {
        let script = Self::default();
        script.steps.lock().unwrap().extend(steps);
        script
    }

    fn builder(&self) -> ClientBuilder {
        Client::builder().transport(self.clone()).user_token(auth::StaticToken::new("token"))
    }

    fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    fn attempts(&self) -> usize {
        self.sent.lock().unwrap().len()
    }

    /// The waits between the attempts.
    fn waits(&self) -> Vec<Duration> {
        self.sent.lock().unwrap().windows(2).map(|pair| pair[1] - pair[0]).collect()
    }
}

#[tokio::test(start_paused = true)]
async fn an_idempotent_call_survives_failures_that_pass() {
    for failure in
        [Status(408), Status(429), Status(500), Status(502), Status(503), Status(504), Refuse, Reset, Hang]
    {
        let script = Script::of(&[failure, failure, Succeed]);
        script.client().well_known().get_well_known_jwks().await.unwrap();
        assert_eq!(script.attempts(), 3);
    }
}

#[tokio::test(start_paused = true)]
async fn a_post_is_sent_once_whenever_the_service_may_have_processed_it() {
    for failure in [Status(408), Status(429), Status(500), Status(502), Status(503), Status(504), Reset, Hang]
    {
        let script = Script::of(&[failure]);
        let error = script
            .client()
            .projects()
            .create_project(models::CreateProjectInput::new("demo"))
            .await
            .unwrap_err();
        assert_eq!((script.attempts(), error.attempts()), (1, 1), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_post_is_repeated_when_the_service_cannot_have_processed_it() {
    for failure in [Refuse, StatusRetryAfter(429, "1"), StatusRetryAfter(503, "1")] {
        let script = Script::of(&[failure, Succeed]);
        script.client().projects().create_project(models::CreateProjectInput::new("demo")).await.unwrap();
        assert_eq!(script.attempts(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_post_that_the_contract_calls_idempotent_is_repeated() {
    let script = Script::of(&[Status(502), Reset, Succeed]);
    let input = models::CreateProjectScopedTokenInput::new("1");
    script.client().sts().create_project_scoped_token(input).await.unwrap();
    assert_eq!(script.attempts(), 3);
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_kept_to_in_seconds_and_as_a_date() {
    let script = Script::of(&[StatusRetryAfter(503, "7"), Succeed]);
    script.client().well_known().get_well_known_jwks().await.unwrap();
    assert!(script.waits()[0] >= Duration::from_secs(7));

    let long_gone = Script::of(&[StatusRetryAfter(503, "Mon, 01 Jan 2024 00:00:00 GMT"), Succeed]);
    long_gone.client().well_known().get_well_known_jwks().await.unwrap();
    assert!(long_gone.waits()[0] <= Duration::from_millis(201));
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_does_not_fit_ends_the_call_at_once_with_the_last_error() {
    let script = Script::of(&[StatusRetryAfter(503, "3600")]);
    let started = now();
    let error = script.client().well_known().get_well_known_jwks().await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::SERVICE_UNAVAILABLE));
    assert_eq!(now(), started, "not a moment is lost");

    for beyond in ["18446744073709551615", "99999999999999999999999"] {
        let script = Script::of(&[StatusRetryAfter(503, beyond)]);
        let error = script.client().well_known().get_well_known_jwks().await.unwrap_err();
        assert_eq!((script.attempts(), error.attempts()), (1, 1), "{error}");
    }
    let script = Script::of(&[StatusRetryAfter(503, "18446744073709551615")]);
    assert!(script.client().well_known().get_well_known_jwks().await.unwrap_err().is_server_error());
}

#[tokio::test(start_paused = true)]
async fn the_final_error_says_how_often_and_how_long() {
    let script = Script::of(&[Status(503), StatusRetryAfter(503, "2"), Status(504)]);
    let error = script.client().well_known().get_well_known_jwks().await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::GATEWAY_TIMEOUT));
    assert_eq!(error.attempts(), 3);
    assert!(error.elapsed().unwrap() >= Duration::from_secs(2));
    assert!(error.to_string().contains("after 3 attempts"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_service_that_hangs_cannot_hold_a_call_beyond_its_timeout() {
    let script = Script::of(&[Hang; 10]);
    let started = now();
    let call = script.client().well_known().get_well_known_jwks().timeout(Duration::from_secs(40));
    let error = call.retry_policy(RetryPolicy::new().max_attempts(10)).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert!(now() - started <= Duration::from_secs(40) + Duration::from_millis(2));
    assert_eq!(script.attempts(), 3, "15 s, 15 s and what is left");
}

#[tokio::test(start_paused = true)]
async fn waits_differ_between_callers() {
    let mut waits = Vec::new();
    for _ in 0..20 {
        let script = Script::of(&[Status(503), Succeed]);
        script.client().well_known().get_well_known_jwks().await.unwrap();
        waits.extend(script.waits());
    }
    waits.sort();
    waits.dedup();
    assert!(waits.len() > 5, "{waits:?}");
    assert!(waits.iter().all(|wait| *wait <= Duration::from_millis(201)));
}

#[tokio::test(start_paused = true)]
async fn an_outage_is_not_multiplied() {
    let script = Script::of(&[Status(503); 1000]);
    let client = script.builder().retry_budget(5).build().unwrap();
    for _ in 0..100 {
        client.well_known().get_well_known_jwks().await.unwrap_err();
    }
    assert_eq!(script.attempts(), 105);
    assert_eq!(client.retries_left(), 0);
}

#[tokio::test(start_paused = true)]
async fn retries_can_be_switched_off_for_a_client_and_for_a_call() {
    let script = Script::of(&[Status(503), Status(503)]);
    let never = script.builder().retry_policy(RetryPolicy::never()).build().unwrap();
    assert_eq!(never.well_known().get_well_known_jwks().await.unwrap_err().attempts(), 1);
    let call = script.client().well_known().get_well_known_jwks().retry_policy(RetryPolicy::never());
    assert_eq!(call.await.unwrap_err().attempts(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_was_refused_before_sending_counts_no_attempt() {
    let script = Script::default();
    let error = script.client().projects().get_project("..").await.unwrap_err();
    assert_eq!((error.attempts(), error.elapsed()), (0, None));
}

#[tokio::test(start_paused = true)]
async fn a_timeout_names_the_limit_that_ended_the_attempt() {
    let call = |builder: ClientBuilder| async {
        let client = builder.retry_policy(RetryPolicy::never()).build().unwrap();
        client.well_known().get_well_known_jwks().await.unwrap_err().to_string()
    };
    let script = || Script::of(&[Hang]).builder().attempt_timeout(Duration::from_secs(15));
    assert!(call(script().timeout(Duration::from_secs(60))).await.contains("within 15s"));
    assert!(call(script().timeout(Duration::from_secs(4))).await.contains("within the call's 4s"));
    // The first attempt leaves less time for the second than an attempt may take.
    let script = Script::of(&[Hang, Hang]).builder().attempt_timeout(Duration::from_secs(15));
    let client = script.timeout(Duration::from_secs(20)).build().unwrap();
    let error = client.well_known().get_well_known_jwks().await.unwrap_err();
    assert!(error.to_string().contains("within the call's 20s"), "{error}");
}

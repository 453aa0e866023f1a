//! The client's own limits as callers see them, in virtual time.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test measures virtual time and fails by panicking; clippy.toml only covers the functions marked as tests"
)]

use std::future::IntoFuture;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use affinidi_tdk_iam_client::http::StatusCode;
use affinidi_tdk_iam_client::transport::{Transport, TransportFuture, TransportRequest, TransportResponse};
use affinidi_tdk_iam_client::{Client, ClientBuilder, Error, RetryPolicy};
use futures_util::future::join_all;
use tokio::time::{Instant, timeout};

/// A service that takes its time, and counts.
#[derive(Clone, Default)]
struct Slow {
    takes: Duration,
    status: StatusCode,
    /// When each request was sent, and what it asked for.
    sent: Arc<Mutex<Vec<(Instant, String)>>>,
    under_way: Arc<AtomicUsize>,
    most_under_way: Arc<AtomicUsize>,
}

impl Transport for Slow {
    fn send(&self, request: TransportRequest) -> TransportFuture<'_> {
        struct UnderWay<'a>(&'a AtomicUsize);

        impl Drop for UnderWay<'_> {
            fn drop(&mut self) {
                self.0.fetch_sub(1, Ordering::SeqCst);
            }
        }

        self.sent.lock().unwrap().push((Instant::now(), request.url.path().to_owned()));
        let under_way = self.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_under_way.fetch_max(under_way, Ordering::SeqCst);
        let guard = UnderWay(&self.under_way);
        Box::pin(async move {
            let _guard = guard;
            tokio::time::sleep(self.takes).await;
            Ok(TransportResponse::new(self.status, r#"{"keys":[]}"#))
        })
    }
}

impl Slow {
    fn taking(takes: Duration) -> Self {
        Self { takes, ..Self::default() }
    }

    fn builder(&self) -> ClientBuilder {
        Client::builder().transport(self.clone())
    }

    fn moments(&self) -> Vec<Instant> {
        self.sent.lock().unwrap().iter().map(|(moment, _)| *moment).collect()
    }

    fn most_under_way(&self) -> usize {
        self.most_under_way.load(Ordering::SeqCst)
    }
}

async fn call(client: &Client) -> Result<(), Error> {
    client.well_known().get_well_known_jwks().await.map(drop)
}

/// The most of `moments` that lie within one second.
fn most_in_a_second(moments: &[Instant]) -> usize {
    let from = |start: &Instant| {
        moments.iter().filter(|at| *at >= start && **at - *start < Duration::from_secs(1)).count()
    };
    moments.iter().map(from).max().unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn no_second_sees_more_requests_than_allowed_and_none_is_wasted() {
    for (per_second, calls) in [(1, 5), (10, 40), (100, 300), (2000, 6000)] {
        let service = Slow::default();
        let client = service.builder().requests_per_second(per_second).build().unwrap();
        let started = Instant::now();
        join_all((0..calls).map(|_| call(&client))).await.into_iter().collect::<Result<(), _>>().unwrap();
        let most = most_in_a_second(&service.moments());
        let allowed = per_second as usize;
        assert!(most <= allowed + allowed / 100 + 1, "{most} requests in a second of {allowed}");
        let ideal = Duration::from_secs(1) * calls / per_second;
        assert!(started.elapsed() <= ideal.mul_f64(1.06), "{:?} instead of {ideal:?}", started.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn no_more_requests_are_under_way_than_allowed() {
    let service = Slow::taking(Duration::from_secs(1));
    let client = service.builder().max_concurrent_requests(3).build().unwrap();
    let started = Instant::now();
    for outcome in join_all((0..12).map(|_| call(&client))).await {
        outcome.unwrap();
    }
    assert_eq!((service.most_under_way(), started.elapsed().as_secs()), (3, 4));
}

#[tokio::test(start_paused = true)]
async fn clones_share_the_limits() {
    let service = Slow::taking(Duration::from_secs(1));
    let client = service.builder().max_concurrent_requests(1).build().unwrap();
    let clone = client.clone();
    let (one, other) = tokio::join!(call(&client), call(&clone));
    assert!(one.is_ok() && other.is_ok());
    assert_eq!(service.most_under_way(), 1);
}

#[tokio::test(start_paused = true)]
async fn who_asks_first_is_served_first() {
    for limit in
        [|b: ClientBuilder| b.max_concurrent_requests(1), |b: ClientBuilder| b.requests_per_second(5)]
    {
        let service = Slow::taking(Duration::from_millis(10));
        let client = limit(service.builder()).build().unwrap();
        let calls = (0..20).map(|n| client.default_api().v1_auth_proxy_get(format!("n{n}")).into_future());
        join_all(calls).await;
        let sent = service.sent.lock().unwrap();
        for (n, (_, path)) in sent.iter().enumerate() {
            assert!(path.ends_with(&format!("/n{n}")), "{path} was sent as number {n}");
        }
        assert_eq!(sent.len(), 20);
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_does_not_fit_ends_with_a_timeout_that_says_so_and_sends_nothing() {
    let service = Slow::taking(Duration::from_secs(10));
    let busy = service.builder().max_concurrent_requests(1).build().unwrap();
    let slow = service.builder().requests_per_second(1).build().unwrap();
    for client in [busy, slow] {
        let (first, second, third) = (client.well_known(), client.well_known(), client.well_known());
        let before = service.moments().len();
        let started = Instant::now();
        let late = |api: &affinidi_tdk_iam_client::apis::WellKnownApi| {
            api.get_well_known_jwks().timeout(Duration::from_millis(500)).into_future()
        };
        let (_, error, _) = tokio::join!(
            first.get_well_known_jwks().into_future(),
            async {
                let error = late(&second).await.unwrap_err();
                assert_eq!(started.elapsed().as_millis() / 10, 50);
                error
            },
            late(&third),
        );
        assert!(error.is_timeout(), "{error}");
        assert!(error.to_string().contains("the client's limits"), "{error}");
        assert_eq!((error.attempts(), error.elapsed()), (0, None));
        assert_eq!(service.moments().len() - before, 1);
    }
}

#[tokio::test(start_paused = true)]
async fn calls_that_are_dropped_free_their_place_in_the_queue_and_on_the_wire() {
    let service = Slow::taking(Duration::from_secs(10));
    let client = service.builder().max_concurrent_requests(1).requests_per_second(1).build().unwrap();
    for _ in 0..50 {
        timeout(Duration::from_millis(1), call(&client)).await.unwrap_err();
    }
    let waiting: Vec<_> = (0..50).map(|_| client.well_known().get_well_known_jwks().into_future()).collect();
    timeout(Duration::from_millis(1), join_all(waiting)).await.unwrap_err();
    let started = Instant::now();
    call(&client).await.unwrap();
    assert!(started.elapsed() < Duration::from_secs(12), "{:?}", started.elapsed());
    assert_eq!(service.under_way.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn every_attempt_counts_and_none_holds_its_place_while_it_waits_for_the_next() {
    let service = Slow { status: StatusCode::SERVICE_UNAVAILABLE, ..Slow::default() };
    let policy = RetryPolicy::new().initial_backoff(Duration::from_nanos(1)).max_attempts(4);
    let client = service.builder().retry_policy(policy).requests_per_second(1).max_concurrent_requests(1);
    let client = client.build().unwrap();
    let (one, other) = tokio::join!(call(&client), call(&client));
    assert_eq!((one.unwrap_err().attempts(), other.unwrap_err().attempts()), (4, 4));
    assert!(most_in_a_second(&service.moments()) <= 2);
}

#[tokio::test(start_paused = true)]
async fn a_retry_whose_turn_does_not_come_gives_the_last_real_error() {
    let service = Slow { status: StatusCode::SERVICE_UNAVAILABLE, ..Slow::default() };
    let client = service.builder().requests_per_second(1).build().unwrap();
    let call = client.well_known().get_well_known_jwks().timeout(Duration::from_millis(500));
    let error = call.await.unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Some(StatusCode::SERVICE_UNAVAILABLE), 1));
}

#[tokio::test(start_paused = true)]
async fn limits_of_any_size_are_safe() {
    for (per_second, at_a_time) in [(0, 0), (u32::MAX, usize::MAX)] {
        let service = Slow::default();
        let client = service.builder().requests_per_second(per_second).max_concurrent_requests(at_a_time);
        call(&client.build().unwrap()).await.unwrap();
    }
}

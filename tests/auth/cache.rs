//! The token cache, in virtual time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use affinidi_tdk_iam_client::Error;
use affinidi_tdk_iam_client::auth::{AccessToken, FetchedToken, TokenCache, TokenProvider};
use tokio::task::JoinSet;
use tokio::time::{Instant, advance, sleep, timeout};

use crate::support::{FETCH, Script, Step};

const LIFETIME: u64 = 300;

fn cache(steps: impl IntoIterator<Item = Step>) -> (Script, TokenCache) {
    let script = Script::new(LIFETIME, steps);
    (script.clone(), TokenCache::new(script))
}

async fn token(cache: &TokenCache) -> String {
    cache.token().await.unwrap().secret().to_owned()
}

/// `count` calls at the same time.
async fn together(cache: &TokenCache, count: usize) -> Vec<Result<String, Error>> {
    let mut calls = JoinSet::new();
    for _ in 0..count {
        let cache = cache.clone();
        calls.spawn(async move { Ok(cache.token().await?.secret().to_owned()) });
    }
    calls.join_all().await
}

#[tokio::test(start_paused = true)]
async fn nothing_is_fetched_before_a_token_is_needed() {
    let (script, cache) = cache([]);
    sleep(Duration::from_secs(3600)).await;
    assert_eq!(script.fetches(), 0);
    assert_eq!(token(&cache).await, "token-1");
}

#[tokio::test(start_paused = true)]
async fn a_thousand_cold_calls_make_one_fetch() {
    let (script, cache) = cache([]);
    let tokens = together(&cache, 1000).await;
    assert!(tokens.iter().all(|token| token.as_deref().unwrap() == "token-1"));
    assert_eq!(script.fetches(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_cold_calls_on_several_threads_make_one_fetch() {
    let (script, cache) = cache([]);
    let tokens = together(&cache, 1000).await;
    assert!(tokens.iter().all(|token| token.as_deref().unwrap() == "token-1"));
    assert_eq!(script.fetches(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_valid_token_is_used_until_its_refresh_point() {
    let (script, cache) = cache([]);
    token(&cache).await;
    advance(Duration::from_secs(200)).await;
    assert_eq!(token(&cache).await, "token-1");
    assert_eq!(script.fetches(), 1);
}

#[tokio::test(start_paused = true)]
async fn past_the_refresh_point_one_fetch_starts_and_nobody_waits_for_it() {
    let (script, cache) = cache([]);
    token(&cache).await;
    advance(Duration::from_secs(270)).await;
    let start = Instant::now();
    let tokens = together(&cache, 100).await;
    assert!(tokens.iter().all(|token| token.as_deref().unwrap() == "token-1"));
    assert_eq!((start.elapsed(), script.fetches()), (Duration::ZERO, 2));
    sleep(FETCH + Duration::from_millis(1)).await;
    assert_eq!(token(&cache).await, "token-2");
    assert_eq!(script.fetches(), 2);
}

#[tokio::test(start_paused = true)]
async fn refresh_points_differ_so_that_a_fleet_does_not_refresh_at_once() {
    let mut refreshed_early = 0;
    for _ in 0..100 {
        let (script, cache) = cache([]);
        token(&cache).await;
        // The middle between 70 % and 85 % of the lifetime, which began with the fetch.
        advance(Duration::from_secs_f64(0.775 * LIFETIME as f64) - FETCH).await;
        token(&cache).await;
        refreshed_early += usize::from(script.fetches() == 2);
    }
    assert!((10..=90).contains(&refreshed_early), "{refreshed_early}");
}

#[tokio::test(start_paused = true)]
async fn a_failed_refresh_keeps_the_valid_token_and_pauses_longer_each_time() {
    let (script, cache) = cache(std::iter::once(Step::Succeed).chain((0..100).map(|_| Step::Fail)));
    token(&cache).await;
    advance(Duration::from_secs(255)).await;
    for _ in 0..300 {
        assert_eq!(token(&cache).await, "token-1");
        sleep(Duration::from_millis(100)).await;
    }
    // Each takes a second, and the pauses between them double from 50 ms up to 16 s.
    assert!((8..=14).contains(&script.fetches()), "{} fetches in 30 s", script.fetches());
}

#[tokio::test(start_paused = true)]
async fn a_fetch_that_hangs_delays_nobody_who_has_a_valid_token() {
    let (script, cache) = cache([Step::Succeed, Step::Hang]);
    token(&cache).await;
    advance(Duration::from_secs(256)).await;
    let start = Instant::now();
    assert_eq!(token(&cache).await, "token-1");
    assert_eq!(start.elapsed(), Duration::ZERO);
    sleep(Duration::from_secs(31)).await;
    assert_eq!(token(&cache).await, "token-1");
    sleep(FETCH + Duration::from_millis(1)).await;
    assert_eq!(token(&cache).await, "token-2");
    assert_eq!(script.fetches(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_thousand_calls_on_an_expired_token_make_one_fetch() {
    let (script, cache) = cache([]);
    token(&cache).await;
    advance(Duration::from_secs(LIFETIME)).await;
    let tokens = together(&cache, 1000).await;
    assert!(tokens.iter().all(|token| token.as_deref().unwrap() == "token-2"));
    assert_eq!(script.fetches(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_token_counts_as_expired_before_its_end() {
    let (script, cache) = cache([Step::Succeed, Step::Fail]);
    token(&cache).await;
    advance(Duration::from_secs(LIFETIME - 10)).await;
    assert!(cache.token().await.is_err(), "it could expire on its way");
    assert_eq!(script.fetches(), 2);
}

#[tokio::test(start_paused = true)]
async fn callers_that_go_away_do_not_stop_the_fetch() {
    let (script, cache) = cache([]);
    let mut callers: Vec<_> = (0..20)
        .map(|_| {
            let cache = cache.clone();
            tokio::spawn(async move { token(&cache).await })
        })
        .collect();
    let last = callers.pop().unwrap();
    let start = Instant::now();
    for caller in callers {
        sleep(FETCH / 40).await;
        caller.abort();
    }
    assert_eq!(last.await.unwrap(), "token-1");
    assert_eq!((start.elapsed(), script.fetches()), (FETCH, 1));
}

#[tokio::test(start_paused = true)]
async fn a_fetch_that_all_callers_left_serves_the_next_one() {
    let (script, cache) = cache([]);
    assert!(timeout(FETCH / 2, cache.token()).await.is_err());
    sleep(FETCH).await;
    let start = Instant::now();
    assert_eq!(token(&cache).await, "token-1");
    assert_eq!((start.elapsed(), script.fetches()), (Duration::ZERO, 1));
}

#[tokio::test(start_paused = true)]
async fn an_error_is_shared_by_those_who_wait_and_by_those_who_come_in_the_pause() {
    let (script, cache) = cache([Step::Fail]);
    let outcomes = together(&cache, 100).await;
    assert!(outcomes.iter().all(|outcome| outcome.as_ref().unwrap_err().is_credential()));
    let start = Instant::now();
    assert!(cache.token().await.unwrap_err().is_credential());
    assert_eq!((start.elapsed(), script.fetches()), (Duration::ZERO, 1));
    sleep(Duration::from_millis(50)).await;
    assert_eq!(token(&cache).await, "token-1");
}

#[tokio::test(start_paused = true)]
async fn without_a_token_failing_fetches_are_few_however_many_callers_there_are() {
    let (script, cache) = cache((0..1000).map(|_| Step::Fail));
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(600) {
        assert!(cache.token().await.is_err());
        sleep(Duration::from_millis(20)).await;
    }
    assert!(script.fetches() <= 30, "{} fetches in 10 minutes", script.fetches());
}

#[tokio::test(start_paused = true)]
async fn a_source_that_panics_fails_the_fetch_and_nothing_else() {
    let panics = AtomicUsize::new(0);
    let cache = TokenCache::new(move || {
        let first = panics.fetch_add(1, Ordering::SeqCst) == 0;
        async move {
            sleep(FETCH).await;
            assert!(!first, "the source has a fault");
            Ok(FetchedToken::new(AccessToken::new("token-1")?, None))
        }
    });
    let outcomes = together(&cache, 10).await;
    assert!(outcomes.iter().all(|outcome| outcome.as_ref().unwrap_err().is_credential()));
    sleep(Duration::from_millis(50)).await;
    assert_eq!(token(&cache).await, "token-1");
}

#[test]
fn a_fetch_whose_runtime_is_dropped_is_begun_anew_in_another() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let fetches = Arc::new(AtomicUsize::new(0));
    let counter = fetches.clone();
    let cache = TokenCache::builder(move || {
        counter.fetch_add(1, Ordering::SeqCst);
        async {
            sleep(Duration::from_millis(30)).await;
            Ok(FetchedToken::new(AccessToken::new("token-1")?, None))
        }
    });
    let cache = cache.fetch_timeout(Duration::from_secs(5)).build();
    let first = runtime();
    assert!(first.block_on(async { timeout(Duration::from_millis(5), cache.token()).await }).is_err());
    drop(first);
    runtime().block_on(async {
        timeout(Duration::from_secs(5), async { while cache.token().await.is_err() {} }).await.unwrap();
    });
    assert_eq!(fetches.load(Ordering::SeqCst), 2);
}

#[tokio::test(start_paused = true)]
async fn errors_that_may_pass_are_tried_three_times_and_others_once() {
    let (script, cache) = cache([Step::FailForNow, Step::FailForNow]);
    assert_eq!(token(&cache).await, "token-1");
    assert_eq!(script.fetches(), 3);

    let (script, cache) = self::cache([Step::FailForNow, Step::FailForNow, Step::FailForNow]);
    assert!(cache.token().await.unwrap_err().is_connect());
    assert_eq!(script.fetches(), 3);

    let (script, cache) = self::cache([Step::Fail]);
    assert!(cache.token().await.is_err());
    assert_eq!(script.fetches(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_fetch_has_its_own_budget() {
    let script = Script::new(LIFETIME, [Step::Hang]);
    let cache = TokenCache::builder(script.clone()).fetch_timeout(Duration::from_secs(7)).build();
    let start = Instant::now();
    assert!(cache.token().await.unwrap_err().is_timeout());
    assert_eq!((start.elapsed(), script.fetches()), (Duration::from_secs(7), 1));
}

#[tokio::test(start_paused = true)]
async fn only_the_token_that_was_refused_is_dropped() {
    let (script, cache) = cache([]);
    let first = cache.token().await.unwrap();
    assert!(cache.invalidate(&first));
    let second = cache.token().await.unwrap();
    assert_eq!(second.secret(), "token-2");
    assert!(cache.invalidate(&first), "late news of the first token");
    assert_eq!(token(&cache).await, "token-2");
    assert_eq!(script.fetches(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_replaced_a_refused_one_counts_as_fresh_for_ten_seconds() {
    let (script, cache) = cache([]);
    assert!(cache.invalidate(&cache.token().await.unwrap()));
    let second = cache.token().await.unwrap();
    assert!(!cache.invalidate(&second), "another one would be refused as well");
    assert_eq!((token(&cache).await.as_str(), script.fetches()), ("token-2", 2));
    sleep(Duration::from_secs(10)).await;
    assert!(cache.invalidate(&second));
    assert_eq!((token(&cache).await.as_str(), script.fetches()), ("token-3", 3));
}

#[tokio::test(start_paused = true)]
async fn a_thousand_refusals_of_one_token_make_one_fetch() {
    let (script, cache) = cache([]);
    let first = cache.token().await.unwrap();
    let mut calls = JoinSet::new();
    for _ in 0..1000 {
        let (cache, first) = (cache.clone(), first.clone());
        calls.spawn(async move {
            assert!(cache.invalidate(&first));
            token(&cache).await
        });
    }
    assert!(calls.join_all().await.iter().all(|token| token == "token-2"));
    assert_eq!(script.fetches(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_token_with_a_least_remaining_time_is_fetched_anew_only_when_needed() {
    let (script, cache) = cache([]);
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    assert_eq!(cache.token_with_min_ttl(minutes(4)).await.unwrap().secret(), "token-1");
    advance(minutes(1)).await;
    assert_eq!(cache.token_with_min_ttl(minutes(3)).await.unwrap().secret(), "token-1");
    assert_eq!(cache.token_with_min_ttl(minutes(4)).await.unwrap().secret(), "token-2");
    assert_eq!(script.fetches(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_least_time_that_no_token_has_is_an_error_and_not_a_storm() {
    let (script, cache) = cache([]);
    for _ in 0..100 {
        let error = cache.token_with_min_ttl(Duration::from_secs(3600)).await.unwrap_err();
        assert!(error.is_configuration(), "{error}");
    }
    assert_eq!(script.fetches(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_lives_no_time_serves_those_who_waited_for_it() {
    let script = Script::new(0, []);
    let cache = TokenCache::new(script.clone());
    let tokens = together(&cache, 100).await;
    assert!(tokens.iter().all(|token| token.as_deref().unwrap() == "token-1"));
    assert_eq!(token(&cache).await, "token-2");
    assert_eq!(script.fetches(), 2);
}

#[tokio::test(start_paused = true)]
async fn absurd_durations_do_no_harm() {
    for lifetime in [0, 1, u64::MAX] {
        let cache = TokenCache::builder(Script::new(lifetime, [])).fetch_timeout(Duration::MAX).build();
        assert_eq!(token(&cache).await, "token-1");
        assert!(cache.token_with_min_ttl(Duration::MAX).await.unwrap_err().is_configuration());
    }
}

#[test]
fn a_lifetime_comes_from_the_response_or_from_the_claims_whatever_the_date() {
    let jwt = "eyJhbGciOiJFUzI1NiJ9.eyJpYXQiOjEwMDAsImV4cCI6NDYwMH0.c2ln"; // iat 1000, exp 4600
    let lifetime = |token: &str, expires_in: Option<u64>| {
        FetchedToken::new(AccessToken::new(token).unwrap(), expires_in.map(Duration::from_secs))
            .lifetime()
            .as_secs()
    };
    assert_eq!(lifetime(jwt, Some(300)), 300);
    assert_eq!(lifetime(jwt, None), 3600);
    assert_eq!(lifetime("opaque", None), 300);
    assert_eq!(lifetime("a.bm90LWpzb24.b", None), 300);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_storm_of_cancellations_and_refusals_on_several_threads_stops_nobody() {
    let cache = TokenCache::new(|| async {
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
        FETCHED.fetch_add(1, Ordering::SeqCst);
        let token = AccessToken::new(format!("token-{}", FETCHED.load(Ordering::SeqCst)))?;
        Ok(FetchedToken::new(token, Some(Duration::from_secs(300))))
    });
    static FETCHED: AtomicUsize = AtomicUsize::new(0);
    for _ in 0..50 {
        let mut stay = JoinSet::new();
        let mut leave = JoinSet::new();
        for number in 0..100 {
            let (cache, calls) = (cache.clone(), if number % 3 == 0 { &mut stay } else { &mut leave });
            calls.spawn(async move {
                let token = cache.token().await.unwrap();
                cache.invalidate(&token);
            });
        }
        leave.abort_all();
        timeout(Duration::from_secs(60), stay.join_all()).await.expect("everybody who stays gets a token");
    }
    assert!(FETCHED.load(Ordering::SeqCst) >= 1);
}

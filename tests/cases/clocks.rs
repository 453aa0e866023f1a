//! Clocks.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use affinidi_iam_local::LocalIam;
use affinidi_tdk_iam_client::Error;
use affinidi_tdk_iam_client::auth::{AccessToken, FetchedToken, TokenCache};
use serde_json::json;

use crate::support::*;

// Tried: the machine sleeps for 8 hours: the date goes on, the monotonic clock does not. Tokens are valid for an hour.
// Expected: what is handed out is valid: a new token, from `project_token`, `user_token` and `…_with_min_ttl`.
// (Needs Linux and a C compiler: a small library moves the date of the child process. Ages in a `TokenStore`: the same.)
#[cfg(target_os = "linux")]
#[test]
fn after_a_suspend_no_expired_token_is_handed_out() {
    const CLOCK: &str = r#"
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
int clock_gettime(clockid_t id, struct timespec *t) {
  int r = syscall(SYS_clock_gettime, id, t);
  if (id == CLOCK_REALTIME || id == CLOCK_BOOTTIME) {
    const char *path = getenv("SLEPT");
    int file = path ? open(path, O_RDONLY) : -1;
    char text[16] = {0};
    if (file >= 0) { if (read(file, text, 15) > 0) t->tv_sec += atol(text); close(file); }
  }
  return r;
}
"#;
    if child().is_some() {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        return runtime.block_on(async {
            let left = |token: Result<AccessToken, Error>| {
                claims_of(token.unwrap().secret())["exp"].as_f64().unwrap() - unix() as f64
            };
            let hour = Duration::from_secs(3600);
            let iam = LocalIam::builder().user_token_lifetime(hour).project_token_lifetime(hour);
            let iam = iam.start().await.unwrap();
            let credential = seeded(&iam).build().unwrap();
            say("before", Ok::<_, Error>(left(credential.project_token().await)));
            std::fs::write(std::env::var("SLEPT").unwrap(), "28800").unwrap();
            let minute = Duration::from_secs(60);
            say(
                "project_token_with_min_ttl",
                Ok::<_, Error>(left(credential.project_token_with_min_ttl(minute).await)),
            );
            say("project_token", Ok::<_, Error>(left(credential.project_token().await)));
            say("user_token", Ok::<_, Error>(left(credential.user_token().await)));
        });
    }
    let folder = std::env::temp_dir().join(format!("suspend-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let [source, library, slept] = ["clock.c", "clock.so", "slept"].map(|name| folder.join(name));
    std::fs::write(&source, CLOCK).unwrap();
    std::fs::write(&slept, "0").unwrap();
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-o"]).args([&library, &source]);
    if !compiler.status().is_ok_and(|status| status.success()) {
        eprintln!("skipped: there is no C compiler");
        return;
    }
    let variables = [("LD_PRELOAD", library.display().to_string()), ("SLEPT", slept.display().to_string())];
    let said = again("after_a_suspend_no_expired_token_is_handed_out", "1", &variables);
    std::fs::remove_dir_all(&folder).unwrap();
    let left: Vec<f64> = said
        .lines()
        .filter_map(|line| line.split("Ok(").nth(1)?.trim_end_matches(')').parse().ok())
        .collect();
    assert!(left.len() == 4 && left.iter().all(|seconds| *seconds > 0.0), "seconds left: {left:?}\n{said}");
}

// Tried: a token that ends before it was issued, before the date of the response, or before 1970, and `expires_in` says an hour. A
// token from a store that is older than any clock can express.
// Expected: none is kept as if it were valid.
#[tokio::test(start_paused = true)]
async fn a_token_that_is_over_by_its_own_claims_is_not_kept() {
    for claims in
        [json!({"iat": 2_000_000_000_u64, "exp": 1_999_999_999_u64}), json!({"exp": 1}), json!({"exp": -1})]
    {
        let body = json!({"access_token": unsigned(&claims), "expires_in": 3600}).to_string();
        let service =
            Service::new(move |_| Reply::json(200, &body).header("date", "Mon, 23 Nov 2026 10:00:00 GMT"));
        let credential = pat().transport(service.clone()).build().unwrap();
        for n in 1..=2 {
            let _ = credential.user_token().await;
            assert_eq!(service.count(""), n, "{claims}");
        }
    }
    let old = AccessToken::new("old").unwrap();
    for age in [Duration::MAX, Duration::from_secs(u64::MAX / 2)] {
        let old = FetchedToken::new(old.clone(), Some(Duration::MAX)).aged(age);
        let fetches = Arc::new(AtomicUsize::new(0));
        let counter = fetches.clone();
        let cache = TokenCache::new(move || {
            counter.fetch_add(1, SeqCst);
            std::future::ready(Ok(old.clone()))
        });
        for n in 1..=2 {
            let _ = cache.token().await;
            assert_eq!(fetches.load(SeqCst), n, "{age:?}");
        }
    }
}

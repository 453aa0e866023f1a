//! Services that ask for time.

use std::time::{Duration, Instant};

use crate::server::{Server, answer, fault, get, good_answer, post, write};

/// Refuses with these headers, and then does what it is asked to.
fn refuses_once(status: &'static str, headers: &'static str) -> crate::server::Fault {
    fault(move |mut stream, number| async move {
        let answer = if number == 1 { answer(status, headers, "") } else { good_answer() };
        write(&mut stream, answer).await.then_some(stream)
    })
}

#[tokio::test]
async fn retry_after_is_kept_to_in_both_forms_by_a_get_and_a_post() {
    const DATES: &str =
        "date: Mon, 23 Nov 2026 10:00:00 GMT\r\nretry-after: Mon, 23 Nov 2026 10:00:01 GMT\r\n";
    let mut calls = tokio::task::JoinSet::new();
    for status in ["429 Too Many Requests", "503 Service Unavailable"] {
        for headers in ["retry-after: 1\r\n", DATES] {
            for posts in [false, true] {
                calls.spawn(async move {
                    let server = Server::start(refuses_once(status, headers)).await;
                    let started = Instant::now();
                    let client = server.client();
                    if posts {
                        post(&client).await.unwrap()
                    } else {
                        get(&client).await.unwrap()
                    }
                    assert!(started.elapsed() >= Duration::from_secs(1), "{:?}", started.elapsed());
                    assert_eq!(server.take_count(), 2, "{status} {headers}");
                });
            }
        }
    }
    while let Some(call) = calls.join_next().await {
        call.unwrap();
    }
}

#[tokio::test]
async fn a_wait_that_does_not_fit_ends_the_call_at_once() {
    let server = Server::start(refuses_once("429 Too Many Requests", "retry-after: 3600\r\n")).await;
    let error = get(&server.client()).await.unwrap_err();
    assert!(error.is_rate_limited(), "{error:?}");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
    assert!(error.elapsed().unwrap() < Duration::from_secs(3600));
    assert_eq!((server.take_count(), error.attempts()), (1, 1));
}

#[tokio::test]
async fn a_burst_of_refusals_is_survived() {
    let server = Server::start(fault(|mut stream, number| async move {
        let answer = match number % 3 {
            0 => good_answer(),
            _ => answer("503 Service Unavailable", "retry-after: 0\r\n", ""),
        };
        write(&mut stream, answer).await.then_some(stream)
    }))
    .await;
    let client = server.client();
    for _ in 0..5 {
        get(&client).await.unwrap();
        post(&client).await.unwrap();
    }
    assert_eq!(server.take_count(), 30);
}

//! Whole collections over a transport that serves pages.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking; clippy.toml only covers the functions marked as tests"
)]

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use affinidi_tdk_iam_client::http::StatusCode;
use affinidi_tdk_iam_client::transport::{Transport, TransportFuture, TransportRequest, TransportResponse};
use affinidi_tdk_iam_client::{Client, auth, models};
use futures_util::{FutureExt, StreamExt, TryStreamExt};
use serde_json::json;

/// Answers each request with the next page, or the next status, and remembers the queries.
#[derive(Clone, Default)]
struct Pages {
    answers: Arc<Mutex<VecDeque<(u16, String)>>>,
    queries: Arc<Mutex<Vec<String>>>,
}

impl Transport for Pages {
    fn send(&self, request: TransportRequest) -> TransportFuture<'_> {
        self.queries.lock().unwrap().push(request.url.query().unwrap_or_default().to_owned());
        let (status, body) = self.answers.lock().unwrap().pop_front().expect("one request more than pages");
        let response = TransportResponse::new(StatusCode::from_u16(status).unwrap(), body);
        Box::pin(async { Ok(response) })
    }
}

impl Pages {
    fn client(&self) -> Client {
        let token = auth::StaticToken::new("token");
        Client::builder().transport(self.clone()).user_token(token).build().unwrap()
    }

    fn serve(&self, names: &[&str], next: Option<&str>) {
        let projects: Vec<_> = names.iter().map(|name| json!({ "id": name, "name": name })).collect();
        let page = json!({ "projects": projects, "lastEvaluatedKey": next });
        self.answers.lock().unwrap().push_back((200, page.to_string()));
    }

    fn fail(&self) {
        self.answers.lock().unwrap().push_back((400, "{}".to_owned()));
    }

    fn queries(&self) -> Vec<String> {
        self.queries.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn a_stream_yields_the_items_of_all_pages_in_order_and_keeps_the_other_parameters() {
    let pages = Pages::default();
    pages.serve(&["a", "b"], Some("cursor/1+="));
    pages.serve(&[], Some("2"));
    pages.serve(&["c"], None);
    let stream = pages.client().projects().list_project().limit(2).into_stream();
    let names: Vec<_> = stream.map_ok(|project| project.name).try_collect().await.unwrap();
    assert_eq!(names, ["a", "b", "c"]);
    let expected = ["limit=2", "limit=2&exclusiveStartKey=cursor%2F1%2B%3D", "limit=2&exclusiveStartKey=2"];
    assert_eq!(pages.queries(), expected);
}

#[tokio::test]
async fn an_empty_cursor_means_the_last_page() {
    let pages = Pages::default();
    pages.serve(&["a"], Some(""));
    let projects: Vec<models::ProjectDto> =
        pages.client().projects().list_project().into_stream().try_collect().await.unwrap();
    assert_eq!(projects.len(), 1);
}

#[tokio::test]
async fn nothing_is_fetched_before_it_is_asked_for() {
    let pages = Pages::default();
    pages.serve(&["a", "b"], Some("1"));
    let mut stream = pages.client().projects().list_project().into_stream();
    assert!(pages.queries().is_empty());
    stream.try_next().await.unwrap();
    stream.try_next().await.unwrap();
    assert_eq!(pages.queries().len(), 1);
}

#[tokio::test]
async fn prefetch_asks_for_the_next_page_with_the_first_item_and_for_no_more() {
    let pages = Pages::default();
    pages.serve(&["a", "b", "c"], Some("1"));
    pages.serve(&["d", "e"], Some("2"));
    pages.serve(&["f"], None);
    let mut stream = pages.client().projects().list_project().into_stream().prefetch(1);
    stream.try_next().await.unwrap();
    stream.try_next().await.unwrap();
    tokio::task::yield_now().await;
    assert_eq!(pages.queries().len(), 2, "the first page and the one ahead");
    let rest: Vec<_> = stream.map_ok(|project| project.name).try_collect().await.unwrap();
    assert_eq!(rest, ["c", "d", "e", "f"]);
    assert_eq!(pages.queries().len(), 3);
}

#[tokio::test]
async fn a_repeated_cursor_ends_the_stream_with_an_error_after_the_page_that_carried_it() {
    for prefetch in [0, 1] {
        let pages = Pages::default();
        pages.serve(&["a"], Some("1"));
        pages.serve(&["b"], Some("1"));
        let stream = pages.client().projects().list_project().into_stream().prefetch(prefetch);
        let items: Vec<_> = stream.take(10).collect().await;
        assert_eq!(items.len(), 3, "two items and the error");
        let error = items[2].as_ref().unwrap_err();
        assert!(error.to_string().contains("cursor"), "{error}");
    }
}

#[tokio::test]
async fn a_stream_ends_after_an_error_and_says_where_to_go_on() {
    let pages = Pages::default();
    pages.serve(&["a"], Some("1"));
    pages.fail();
    let client = pages.client();
    let mut stream = client.projects().list_project().into_stream();
    assert!(stream.next().await.unwrap().is_ok());
    assert!(stream.next().await.unwrap().unwrap_err().is_bad_request());
    assert!(stream.next().await.is_none(), "an error that lasts must not become an endless stream");
    assert_eq!(stream.cursor(), Some("1"));

    pages.serve(&["b"], None);
    let cursor = stream.cursor().unwrap();
    let rest = client.projects().list_project().exclusive_start_key(cursor).into_stream();
    let rest: Vec<_> = rest.map_ok(|project| project.name).try_collect().await.unwrap();
    assert_eq!(rest, ["b"]);
}

#[tokio::test]
async fn the_cursor_is_that_of_the_first_item_not_yet_returned_at_any_moment() {
    for prefetch in [0, 1] {
        let pages = Pages::default();
        pages.serve(&["a", "b"], Some("1"));
        pages.serve(&["c", "d"], Some("2"));
        pages.serve(&["e"], None);
        let mut stream = pages.client().projects().list_project().into_stream().prefetch(prefetch);
        assert_eq!(stream.cursor(), None);
        for (name, cursor) in [("a", None), ("b", Some("1")), ("c", Some("1")), ("d", Some("2")), ("e", None)]
        {
            assert_eq!(stream.try_next().await.unwrap().unwrap().name, name);
            // Time for the page ahead to come.
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
            assert_eq!(stream.cursor(), cursor, "after {name}, {prefetch} ahead");
        }
        assert!(stream.try_next().await.unwrap().is_none());
        assert_eq!(stream.cursor(), None);
    }
}

#[tokio::test]
async fn the_cursor_after_an_error_loses_no_item() {
    for prefetch in [0, 1] {
        let pages = Pages::default();
        pages.serve(&["a", "b"], Some("1"));
        pages.fail();
        let list = pages.client().projects().list_project().exclusive_start_key("0");
        let mut stream = list.into_stream().prefetch(prefetch);
        assert_eq!(stream.cursor(), Some("0"), "where the caller began");
        stream.try_next().await.unwrap();
        assert_eq!(stream.cursor(), Some("0"), "`b` is not returned yet");
        stream.try_next().await.unwrap();
        assert!(stream.try_next().await.is_err());
        assert_eq!(stream.cursor(), Some("1"));
    }
}

#[tokio::test]
async fn pages_come_whole_with_their_cursor() {
    let pages = Pages::default();
    pages.serve(&["a"], Some("1"));
    pages.serve(&["b"], None);
    let mut stream = pages.client().projects().list_project().into_pages();
    assert_eq!(stream.try_next().await.unwrap().unwrap().projects.len(), 1);
    assert_eq!(stream.cursor(), Some("1"));
    assert!(stream.try_next().await.unwrap().is_some());
    assert_eq!(stream.cursor(), None);
    assert!(stream.try_next().await.unwrap().is_none());
}

#[tokio::test]
async fn a_limit_out_of_bounds_is_refused_before_anything_is_sent() {
    let pages = Pages::default();
    for limit in [0, 101, u32::MAX] {
        let error = pages.client().projects().list_project().limit(limit).await.unwrap_err();
        assert!(error.is_invalid_input() && error.to_string().contains("between 1 and 100"), "{error}");
    }
    assert!(pages.queries().is_empty());
}

#[tokio::test]
async fn the_last_value_of_a_parameter_wins() {
    let pages = Pages::default();
    pages.serve(&[], None);
    let list = pages.client().projects().list_project();
    list.limit(1).exclusive_start_key("a").limit(2).await.unwrap();
    assert_eq!(pages.queries(), ["exclusiveStartKey=a&limit=2"]);
}

/// Counts the answers that are alive.
struct Endless(Arc<AtomicUsize>);

impl Transport for Endless {
    fn send(&self, _: TransportRequest) -> TransportFuture<'_> {
        let page = self.0.fetch_add(1, Ordering::Relaxed);
        let project = json!({ "id": "x", "name": "x" });
        let page = json!({ "projects": vec![project; 100], "lastEvaluatedKey": page.to_string() });
        Box::pin(async move { Ok(TransportResponse::new(StatusCode::OK, page.to_string())) })
    }
}

#[test]
fn a_stream_asks_page_by_page_however_long_the_list_is() {
    let requests = Arc::new(AtomicUsize::new(0));
    let token = auth::StaticToken::new("token");
    let client = Client::builder().transport(Endless(requests.clone())).user_token(token).build().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async {
        let mut stream = client.projects().list_project().into_stream();
        for count in 1..=10_000_usize {
            let item = stream.next().now_or_never().expect("the transport answers at once");
            assert!(item.unwrap().is_ok());
            assert_eq!(requests.load(Ordering::Relaxed), count.div_ceil(100));
        }
    });
}

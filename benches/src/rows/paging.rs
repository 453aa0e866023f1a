//! A hundred thousand projects, page by page.

use std::cell::Cell;
use std::hint::black_box;
use std::pin::pin;

use affinidi_tdk_iam_client::{Client, auth};
use futures_util::TryStreamExt;
use reqwest::header::AUTHORIZATION;
use tokio::runtime::Builder;

use crate::address::Address;
use crate::allocations::in_use;
use crate::by_hand::ProjectList;
use crate::callers::TOKEN;
use crate::callers::by_reqwest::client;
use crate::clock::{both, time};
use crate::row::{Limit, Row};
use crate::server::{LARGE_PAGE, PAGES};

const BESIDE: &str = "`reqwest` by hand";
const ITEMS: usize = LARGE_PAGE * PAGES;

/// The most memory in use in the second half of the collection beside that in the first: more would mean that something is
/// kept of every page.
pub fn memory(server: &Address, limits: [Limit; 2]) -> Vec<Row> {
    let row = |what: &str, beside: &str, ours, theirs, limit| Row {
        what: format!("{what} of {ITEMS} projects"),
        beside: beside.into(),
        unit: "bytes in use".into(),
        ours,
        theirs,
        limit,
    };
    let ours = Peaks::of(|item| ours(server, item));
    let by_hand = Peaks::of(|item| by_hand(server, item));
    vec![
        row("second half", "our first half", ours.second, ours.first, limits[0]),
        row("all", BESIDE, ours.second.max(ours.first), by_hand.second.max(by_hand.first), limits[1]),
    ]
}

/// How fast the items come.
pub fn speed(server: &Address) -> Vec<Row> {
    let (ours, by_hand) = (|| time(|| ours(server, || ())), || time(|| by_hand(server, || ())));
    let [ours_wall, by_hand_wall] = both(7, || ours().wall, || by_hand().wall);
    let [ours, by_hand] = both(7, || ours().processor, || by_hand().processor);
    let per_second = |nanoseconds: f64| (ITEMS as f64 / nanoseconds * 1e9).round();
    let row = |unit: &str, ours, theirs| Row {
        what: format!("all of {ITEMS} projects"),
        beside: BESIDE.into(),
        unit: unit.into(),
        ours,
        theirs,
        limit: Limit::None,
    };
    vec![
        row("projects per second", per_second(ours_wall), per_second(by_hand_wall)),
        row("ms of processor", ours / 1e6, by_hand / 1e6),
    ]
}

/// The most memory in use when an item was handed out, in each half of the items, beyond what was in use before the first.
struct Peaks {
    first: f64,
    second: f64,
}

impl Peaks {
    fn of(walk: impl FnOnce(&dyn Fn())) -> Self {
        let before = in_use();
        let (seen, first, second) = (Cell::new(0), Cell::new(0), Cell::new(0));
        walk(&|| {
            let half = if seen.get() < ITEMS / 2 { &first } else { &second };
            half.set(half.get().max(in_use() - before));
            seen.set(seen.get() + 1);
        });
        assert_eq!(seen.get(), ITEMS);
        Self { first: first.get() as f64, second: second.get() as f64 }
    }
}

fn ours(server: &Address, item: impl Fn()) {
    Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        let client =
            Client::builder().base_url(server.plain().base_url).user_token(auth::StaticToken::new(TOKEN));
        let client = client.build().unwrap();
        let mut projects = pin!(client.projects().list_project().limit(LARGE_PAGE as u32).into_stream());
        while let Some(project) = projects.try_next().await.unwrap() {
            item();
            black_box(project);
        }
    });
}

fn by_hand(server: &Address, item: impl Fn()) {
    Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        let client = client(&server.plain());
        let first = format!("{}/v1/projects?limit={LARGE_PAGE}", server.plain().base_url);
        let mut next = Some(first.clone());
        while let Some(url) = next {
            let response = client.get(url).header(AUTHORIZATION, TOKEN).send().await.unwrap();
            let body = response.error_for_status().unwrap().bytes().await.unwrap();
            let page: ProjectList = serde_json::from_slice(&body).unwrap();
            for project in page.projects {
                item();
                black_box(project);
            }
            next = page.last_evaluated_key.map(|cursor| format!("{first}&exclusiveStartKey={cursor}"));
        }
    });
}

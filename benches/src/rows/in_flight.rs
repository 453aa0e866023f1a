//! Many calls at the same time.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::address::Address;
use crate::allocations::in_use;
use crate::callers::{Call, Caller};
use crate::clock::{interleaved, time};
use crate::row::{Limit, Row};
use crate::rows::calls::{Way, Work, beside};

const AT_ONCE: usize = 100;
/// How many calls wait while the memory is looked at.
const HELD: usize = 400;
/// So many that every client keeps all their connections.
const KEPT: usize = 200;
/// How many calls are in flight at once at the most.
const WAVE: usize = 10_000;
/// How many of them begin at a time: more connections at a time than a listener takes would have to wait.
const BEGUN: usize = 500;

/// The caller whose calls are made, [`AT_ONCE`] at a time, for [`time_on_processor`].
pub fn at_once<C: Caller>() -> Way {
    let make = |server: &Address, _| {
        let runtime = runtime();
        let caller = Arc::new(runtime.block_on(async { C::new(&server.plain()) }));
        let work = Box::new(move |calls: u32| {
            runtime.block_on(async {
                let each = || {
                    let caller = caller.clone();
                    async move {
                        for _ in 0..calls {
                            caller.whoami().await;
                        }
                    }
                };
                (0..AT_ONCE).map(|_| each()).collect::<JoinSet<()>>().join_all().await;
            });
        }) as Work;
        work(2);
        work
    };
    Way { name: C::NAME, make }
}

/// What a call takes while [`AT_ONCE`] are in flight.
pub fn time_on_processor(server: &Address, ours: &Way, others: &[Way]) -> Vec<Row> {
    const CALLS: u32 = 10;
    let works: Vec<Work> =
        std::iter::once(ours).chain(others).map(|way| (way.make)(server, Call::Whoami)).collect();
    let each = |work: &Work| time(|| work(CALLS)).processor / 1000.0 / f64::from(CALLS) / AT_ONCE as f64;
    let medians = interleaved(21, works.iter().map(|work| move || each(work)));
    let what = super::what(&format!("one of {AT_ONCE} calls in flight"), ours.name);
    beside(&medians, others, what, "µs of processor")
}

/// What a call holds while it waits for its response, with its connection and without it.
pub fn memory<O: Caller, C: Caller>(server: &Address, limits: [Limit; 2]) -> Vec<Row> {
    let (ours, theirs) = (held::<O>(server), held::<C>(server));
    let row = |what: String, ours, theirs, limit| Row {
        what: super::what(&what, O::NAME),
        beside: C::NAME.into(),
        unit: "bytes in use".into(),
        ours,
        theirs,
        limit,
    };
    vec![
        row(format!("one of {HELD} calls in flight"), ours[0], theirs[0], limits[0]),
        row("a call in flight, without its connection".into(), ours[1], theirs[1], limits[1]),
    ]
}

fn held<C: Caller>(server: &Address) -> [f64; 2] {
    let with_connection = runtime().block_on(async {
        let mut calls = Held::<C>::new(server).await;
        let before = in_use();
        calls.begin(HELD).await;
        let held = in_use() - before;
        calls.finish().await;
        held as f64 / HELD as f64
    });
    let alone = runtime().block_on(async {
        let mut calls = Held::<C>::new(server).await;
        calls.begin(KEPT).await;
        calls.finish().await;
        let before = in_use();
        calls.begin(KEPT).await;
        let held = in_use() - before;
        calls.finish().await;
        held as f64 / KEPT as f64
    });
    [with_connection.round(), alone.round()]
}

/// What is still in use after a wave of calls that were all in flight at the same time.
pub fn after_wave<O: Caller, C: Caller>(server: &Address, limit: Limit) -> Row {
    // A connection takes a descriptor here, and another one in the server.
    let wave = WAVE.min(descriptors().saturating_sub(100));
    let (ours, theirs) = (left::<O>(server, wave), left::<C>(server, wave));
    let (what, beside) = (format!("after {wave} calls in flight at once"), C::NAME.into());
    Row { what: super::what(&what, O::NAME), beside, unit: "bytes in use".into(), ours, theirs, limit }
}

fn left<C: Caller>(server: &Address, wave: usize) -> f64 {
    runtime().block_on(async {
        let mut calls = Held::<C>::new(server).await;
        let before = in_use();
        calls.begin(wave).await;
        calls.finish().await;
        (in_use() - before) as f64
    })
}

/// Calls whose responses the server holds back.
struct Held<'a, C> {
    server: &'a Address,
    caller: Arc<C>,
    calls: JoinSet<()>,
}

impl<'a, C: Caller> Held<'a, C> {
    /// With one call done: what a client makes only once is there.
    async fn new(server: &'a Address) -> Self {
        let mut held = Self { server, caller: Arc::new(C::new(&server.held())), calls: JoinSet::new() };
        held.begin(1).await;
        held.finish().await;
        held
    }

    /// Makes as many calls, until the server has them all.
    async fn begin(&mut self, count: usize) {
        while self.calls.len() < count {
            for _ in 0..BEGUN.min(count - self.calls.len()) {
                let caller = self.caller.clone();
                self.calls.spawn(async move { caller.whoami().await });
            }
            while self.server.ask("/waiting").unwrap() < self.calls.len() {
                sleep(Duration::from_millis(5)).await;
            }
        }
    }

    /// Has the server respond to all, and waits until nothing more is given back.
    async fn finish(&mut self) {
        self.server.ask("/release").unwrap();
        while let Some(done) = self.calls.join_next().await {
            done.unwrap();
        }
        let mut before = 0;
        while before != in_use() {
            before = in_use();
            sleep(Duration::from_millis(100)).await;
        }
    }
}

/// How many files and connections this process may have open.
fn descriptors() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(usize::MAX)
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

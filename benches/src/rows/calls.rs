//! Whole calls: what ours cost beside the same calls made in another way.

use std::collections::HashMap;

use crate::allocations;
use crate::callers::ours::Ours;
use crate::callers::{Call, Caller, Ready};
use crate::clock::{interleaved, time};
use crate::row::{Limit, Row};

pub const CALLS: [(Call, &str); 2] = [(Call::Token, "token"), (Call::Projects, "projects")];

/// How many calls are counted at a time; `instructions/calls.rs` makes as many.
pub const COUNTED: u32 = 500;

/// The rows of instructions, from what gungraun counted; `function` is the benchmark of the other way.
pub fn instructions(counted: &HashMap<String, f64>, function: &str, beside: &str, limit: Limit) -> Vec<Row> {
    let each = |function, id| counted[&format!("{function}/{id}")] / f64::from(COUNTED);
    let row = |id| Row {
        what: format!("call `{id}`"),
        beside: beside.into(),
        unit: "instructions".into(),
        ours: each("ours", id).round(),
        theirs: each(function, id).round(),
        limit,
    };
    CALLS.map(|(_, id)| row(id)).into()
}

/// The rows of allocations.
pub fn allocations<C: Caller>(base_url: &str, beside: &str, limit: Limit) -> Vec<Row> {
    let rows = CALLS.map(|(call, id)| {
        let ours = Ready::<Ours>::new(base_url, call);
        let theirs = Ready::<C>::new(base_url, call);
        let ours = allocations::each(COUNTED, |times| ours.make(times));
        let theirs = allocations::each(COUNTED, |times| theirs.make(times));
        let row = |unit: &str, ours, theirs, limit| Row {
            what: format!("call `{id}`"),
            beside: beside.into(),
            unit: unit.into(),
            ours,
            theirs,
            limit,
        };
        [
            row("allocations", ours.count.round(), theirs.count.round(), limit),
            row("bytes allocated", ours.bytes.round(), theirs.bytes.round(), Limit::None),
        ]
    });
    rows.into_iter().flatten().collect()
}

/// The rows of time on the processor.
pub fn time_on_processor<C: Caller>(base_url: &str, beside: &str) -> Vec<Row> {
    const CALLS_AT_A_TIME: u32 = 100;
    let rows = CALLS.map(|(call, id)| {
        let ours = Ready::<Ours>::new(base_url, call);
        let theirs = Ready::<C>::new(base_url, call);
        let each = |make: &dyn Fn(u32)| {
            time(|| make(CALLS_AT_A_TIME)).processor / 1000.0 / f64::from(CALLS_AT_A_TIME)
        };
        let works: [&dyn Fn() -> f64; 2] =
            [&|| each(&|calls| ours.make(calls)), &|| each(&|calls| theirs.make(calls))];
        let [ours, theirs] = interleaved(31, works);
        let (what, unit) = (format!("call `{id}`"), "µs of processor".into());
        Row { what, beside: beside.into(), unit, ours, theirs, limit: Limit::None }
    });
    rows.into()
}

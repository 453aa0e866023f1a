//! Whole calls: what ours cost beside the same calls made in another way.

use crate::address::Address;
use crate::allocations;
use crate::callers::{Call, Caller, Ready};
use crate::callgrind::{Counted, Counts};
use crate::clock::{interleaved, time};
use crate::row::{Limit, Row};

/// The rows of instructions.
pub fn instructions<O: Caller, C: Caller>(
    counted: &Counted,
    calls: &[Call],
    limit: impl Fn(Call) -> Limit,
) -> Vec<Row> {
    rows::<O, C>(counted, calls, "instructions", |counts| counts.instructions, limit)
}

/// The rows of misses in the simulated first level of the caches.
pub fn data_misses<O: Caller, C: Caller>(
    counted: &Counted,
    calls: &[Call],
    limit: impl Fn(Call) -> Limit,
) -> Vec<Row> {
    rows::<O, C>(counted, calls, "first-level data misses", |counts| counts.data_misses, limit)
}

fn rows<O: Caller, C: Caller>(
    counted: &Counted,
    calls: &[Call],
    unit: &str,
    count: impl Fn(&Counts) -> f64,
    limit: impl Fn(Call) -> Limit,
) -> Vec<Row> {
    let each = |benchmark, call: Call| {
        (count(&counted[&format!("{benchmark}/{}", call.id())]) / f64::from(call.counted())).round()
    };
    let row = |&call: &Call| {
        row::<O, C>(call, unit, each(O::BENCHMARK, call), each(C::BENCHMARK, call), limit(call))
    };
    calls.iter().map(row).collect()
}

/// The rows of allocations and of their bytes.
pub fn allocations<O: Caller, C: Caller>(server: &Address, calls: &[Call], limits: [Limit; 2]) -> Vec<Row> {
    let rows = calls.iter().map(|&call| {
        let (ours, theirs) = (allocated::<O>(server, call), allocated::<C>(server, call));
        [
            row::<O, C>(call, "allocations", ours.count.round(), theirs.count.round(), limits[0]),
            row::<O, C>(call, "bytes allocated", ours.bytes.round(), theirs.bytes.round(), limits[1]),
        ]
    });
    rows.flatten().collect()
}

fn allocated<C: Caller>(server: &Address, call: Call) -> allocations::Allocations {
    let ready = Ready::<C>::new(server, call);
    allocations::each(call.counted(), |calls| ready.make(calls))
}

/// The rows of the most memory in use during one call, beyond what was in use before it.
pub fn peaks<O: Caller, C: Caller>(
    server: &Address,
    calls: &[Call],
    limit: impl Fn(Call) -> Limit,
) -> Vec<Row> {
    let row = |&call: &Call| {
        row::<O, C>(
            call,
            "bytes in use, at most",
            peak::<O>(server, call),
            peak::<C>(server, call),
            limit(call),
        )
    };
    calls.iter().map(row).collect()
}

fn peak<C: Caller>(server: &Address, call: Call) -> f64 {
    let ready = Ready::<C>::new(server, call);
    allocations::peak(|| ready.make(1))
}

/// Something that makes as many calls.
pub type Work = Box<dyn Fn(u32)>;

/// A caller to measure: what the rows call it, and how it makes a call.
pub struct Way {
    pub name: &'static str,
    pub make: fn(&Address, Call) -> Work,
}

impl Way {
    pub fn of<C: Caller>() -> Self {
        let make = |server: &Address, call| {
            let ready = Ready::<C>::new(server, call);
            Box::new(move |calls| ready.make(calls)) as Work
        };
        Self { name: C::NAME, make }
    }
}

/// The rows of time on the processor: ours, measured in turns with all the others.
pub fn time_on_processor(server: &Address, calls: &[Call], ours: &Way, others: &[Way]) -> Vec<Row> {
    const CALLS_AT_A_TIME: u32 = 100;
    let rows = calls.iter().map(|&call| {
        let works: Vec<Work> =
            std::iter::once(ours).chain(others).map(|way| (way.make)(server, call)).collect();
        let each = |work: &Work| {
            let taken = time(|| work(CALLS_AT_A_TIME)).processor;
            taken / 1000.0 / f64::from(CALLS_AT_A_TIME)
        };
        let medians = interleaved(21, works.iter().map(|work| move || each(work)));
        let what = super::what(&format!("call {}", call.name()), ours.name);
        beside(&medians, others, what, "µs of processor")
    });
    rows.flatten().collect()
}

/// A row for each of the others; the first figure is ours.
pub fn beside(figures: &[f64], others: &[Way], what: String, unit: &str) -> Vec<Row> {
    let row = |(theirs, way): (&f64, &Way)| Row {
        what: what.clone(),
        beside: way.name.into(),
        unit: unit.into(),
        ours: figures[0],
        theirs: *theirs,
        limit: Limit::None,
    };
    figures[1..].iter().zip(others).map(row).collect()
}

fn row<O: Caller, C: Caller>(call: Call, unit: &str, ours: f64, theirs: f64, limit: Limit) -> Row {
    let what = super::what(&format!("call {}", call.name()), O::NAME);
    Row { what, beside: C::NAME.into(), unit: unit.into(), ours, theirs, limit }
}

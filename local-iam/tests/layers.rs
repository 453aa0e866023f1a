//! Files depend downward only: on the same layer or on a lower one, and never in a circle.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "../../tests/support/layers.rs"]
mod support;

use std::path::Path;

use support::{arrows, assert_downward, assert_no_circle};

/// The modules of each layer, the lowest layer first. A folder stands for everything in it.
const LAYERS: [&str; 9] = [
    "error clock background jose store",
    "engine/random engine/problem engine/schema engine/syntax engine/operation engine/contract engine/consumer_contract engine/trace engine/response",
    "engine/data",
    "engine/addresses engine/operation_names engine/faults engine/recorded_request engine/recorder engine/state",
    "engine/call engine/narrowing engine/validation engine/input engine/page engine/permission engine/access_token engine/authorizer",
    "engine/rules",
    "engine/routes engine/router engine/dispatch engine",
    "body server transport",
    "local_iam control lib environment main",
];

#[test]
fn files_depend_downward_only() {
    let arrows = arrows(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    assert_downward(&arrows, &LAYERS);
    for (from, to) in arrows.iter().flat_map(|(from, targets)| targets.iter().map(move |to| (from, to))) {
        let rules = [from, to].iter().all(|module| module.starts_with("engine/rules/"));
        assert!(!rules, "{from} depends on {to}: a rule must not use another one");
    }
    assert_no_circle(arrows);
}

//! Files depend downward only: on the same layer or on a lower one, and never in a circle.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "support/layers.rs"]
mod support;

use std::path::Path;

use support::{arrows, assert_downward, assert_no_circle};

/// The modules of each layer, the lowest layer first. A folder stands for everything in it.
const LAYERS: [&str; 8] = [
    "support",
    "wire error",
    "models model_additions ari consumer_iam/models auth/token transport observe",
    "call",
    "client",
    "apis consumer_iam",
    "auth",
    "lib guides",
];

#[test]
fn files_depend_downward_only() {
    let arrows = arrows(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    assert!(arrows.values().map(|targets| targets.len()).sum::<usize>() > 100, "imports are not read");
    assert_downward(&arrows, &LAYERS);
    assert_no_circle(arrows);
}

//! What the fuzz targets look for, with the inputs that are kept in fuzz/corpus: every promise holds on stable Rust too, and for
//! what once broke one.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    missing_docs,
    unreachable_pub,
    reason = "a test fails by panicking; clippy.toml only covers the functions marked as tests"
)]

#[path = "../fuzz/src/lib.rs"]
mod fuzz;

use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

fn run(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    assert!(files.len() > 15, "only {} inputs", files.len());
    for file in files {
        let input = fs::read(&file).unwrap();
        catch_unwind(|| check(&input)).unwrap_or_else(|_| panic!("{} breaks the promise", file.display()));
    }
}

#[test]
fn what_decodes_as_a_model_is_written_as_what_decodes_to_the_same() {
    run("models", fuzz::models::check);
}

#[test]
fn every_response_ends_in_a_value_or_an_error_that_keeps_it_and_prints_no_secret() {
    run("errors", fuzz::errors::check);
}

#[test]
fn no_value_leads_a_request_to_another_path() {
    run("paths", fuzz::paths::check);
}

#[test]
fn every_text_is_a_key_or_an_error_at_a_bounded_cost() {
    run("pem", fuzz::pem::check);
}

#[test]
fn every_response_is_a_value_or_one_error_that_keeps_what_came_and_is_requested_once_if_it_came_whole() {
    run("responses", fuzz::responses::check);
}

#[test]
fn retry_after_is_read_as_what_it_says_or_not_at_all() {
    run("retry_after", fuzz::retry_after::check);
}

#[test]
fn only_what_was_signed_verifies() {
    run("tokens", fuzz::tokens::check);
}

#[test]
fn every_model_has_its_round_trip() {
    let models =
        include_str!("../src/models/mod.rs").lines().filter(|line| line.starts_with("pub use self::"));
    let models: Vec<_> = models.map(|line| line.rsplit_once(':').unwrap().1.trim_end_matches(';')).collect();
    assert_eq!(models, fuzz::models::NAMES);
}

//! What the fuzz targets look for, with the inputs that are kept in fuzz/corpus and some made from them: every promise holds
//! on stable Rust too, and for what once broke one.
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

/// How many inputs are made from the kept ones.
const MADE: u64 = 400;

fn run(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let kept: Vec<_> = files.iter().map(|file| fs::read(file).unwrap()).collect();
    assert!(kept.len() > 15, "only {} inputs", kept.len());
    for (file, input) in files.iter().zip(&kept) {
        catch_unwind(|| check(input)).unwrap_or_else(|_| panic!("{} breaks the promise", file.display()));
    }
    for seed in 0..MADE {
        let input = Random(seed + 1).change(&kept);
        catch_unwind(|| check(&input)).unwrap_or_else(|_| panic!("{} breaks it", input.escape_ascii()));
    }
}

/// The same numbers every time: xorshift64* of Marsaglia and Vigna.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(number).unwrap() % bound.max(1)
    }

    /// One of the inputs, changed in up to four places.
    fn change(&mut self, kept: &[Vec<u8>]) -> Vec<u8> {
        let mut input = kept[self.below(kept.len())].clone();
        for _ in 0..=self.below(4) {
            let at = self.below(input.len());
            let end = at + self.below(input.len() - at);
            match self.below(5) {
                0 if !input.is_empty() => input[at] ^= 1 << self.below(8),
                1 => input.insert(at, u8::try_from(self.below(256)).unwrap()),
                2 => drop(input.drain(at..end)),
                3 => input.extend_from_within(at..end),
                _ => {
                    let other = &kept[self.below(kept.len())];
                    input.splice(at..end, other[self.below(other.len())..].iter().copied());
                }
            }
        }
        input
    }
}

#[test]
fn what_decodes_as_a_model_is_written_as_what_decodes_to_the_same() {
    run("models", fuzz::models::check);
}

#[test]
fn every_answer_ends_in_a_value_or_an_error_that_keeps_it_and_prints_no_secret() {
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

//! What people read keeps up with the code.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap()
}

/// The predicates that `Error` has.
fn predicates() -> BTreeSet<String> {
    let source = read("src/error/predicates.rs");
    let names = source.split("    pub fn is_").skip(1).map(|rest| rest.split_once('(').unwrap().0);
    names.map(|name| format!("is_{name}")).collect()
}

/// The rows of the table of predicates, which are text between bars: the predicate, and the rest of its row.
fn rows(text: &str, prefix: &str) -> Vec<(String, String)> {
    let table = text.split_once("| Predicate |").unwrap().1;
    let lines = table.lines().skip(2).map_while(|line| line.strip_prefix(prefix));
    lines
        .map_while(|line| line.strip_prefix("| ")?.split_once(" | "))
        .map(|(name, rest)| {
            let name = name.trim_start_matches(['[', '`']);
            let end = name.find(|letter: char| letter != '_' && !letter.is_ascii_lowercase()).unwrap();
            (name[..end].to_owned(), rest.to_owned())
        })
        .collect()
}

#[test]
fn the_table_of_predicates_at_the_error_and_in_the_guide_is_one_and_is_complete() {
    let at_the_error = rows(&read("src/error/mod.rs"), "/// ");
    let in_the_guide = rows(&read("docs/guides/errors-and-retries.md"), "");
    assert_eq!(at_the_error, in_the_guide);

    let listed: BTreeSet<_> = at_the_error.iter().map(|(name, _)| name.clone()).collect();
    assert_eq!(listed.len(), at_the_error.len(), "a predicate is listed twice");
    assert!(listed.len() > 10, "the predicates are not read");
    assert_eq!(listed, predicates());
}

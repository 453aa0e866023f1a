//! What people read keeps up with the code, and can be read.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What fits on a page and, without scrolling, beside a table of contents.
const WIDTH: usize = 100;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap()
}

/// The pages of a folder and of those below it.
fn pages(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let mut pages: Vec<_> = folders.iter().flat_map(|folder| pages(folder)).collect();
    pages
        .extend(files.into_iter().filter(|file| file.extension().is_some_and(|extension| extension == "md")));
    pages
}

/// The lines of the code blocks that do not fit, with their numbers. Diagrams are not shown as code.
fn wide_lines(page: &str) -> Vec<(usize, &str)> {
    let mut block = None;
    let mut wide = Vec::new();
    for (number, line) in (1..).zip(page.lines()) {
        if let Some(language) = line.trim_start().strip_prefix("```") {
            block = block.is_none().then_some(language);
        } else if block.is_some_and(|language| language != "mermaid") && line.chars().count() > WIDTH {
            wide.push((number, line));
        }
    }
    wide
}

#[test]
fn code_on_pages_needs_no_scrolling() {
    let mut files = pages(&root().join("docs"));
    files.extend(["README.md", "CONTRIBUTING.md", "local-iam/README.md"].map(|file| root().join(file)));
    assert!(files.len() > 80, "the pages are not read");
    let mut wide = Vec::new();
    for file in files {
        let page = fs::read_to_string(&file).unwrap();
        let place = file.strip_prefix(root()).unwrap().display();
        wide.extend(wide_lines(&page).iter().map(|(number, line)| format!("{place}:{number}: {line}")));
    }
    assert!(wide.is_empty(), "more than {WIDTH} characters:\n{}", wide.join("\n"));
}

#[test]
fn a_wide_line_counts_only_in_code() {
    let (wide, fits) = ("w".repeat(WIDTH + 1), "f".repeat(WIDTH));
    assert!(wide_lines(&format!("{wide}\n```\n{fits}\n```\n{wide}\n")).is_empty());
    assert!(wide_lines(&format!("```mermaid\n{wide}\n```\n")).is_empty());
    assert_eq!(wide_lines(&format!("text\n```sh\n{wide}\n```\n")), [(3, &*wide)]);
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

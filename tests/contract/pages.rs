//! The pages of the operations say what the contracts say.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use serde_json::Value;

use crate::support::contract::{OPERATIONS, Operation};
use crate::support::schema::assert_conforms;

/// What the pages say of each operation, by their folder and the name of its method.
static SECTIONS: LazyLock<BTreeMap<(&str, String), String>> = LazyLock::new(|| {
    let folders: BTreeSet<_> = OPERATIONS.values().map(|operation| operation.contract.pages).collect();
    let mut sections = BTreeMap::new();
    for folder in folders {
        for page in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap() {
            let page = fs::read_to_string(page.unwrap().path()).unwrap();
            for section in page.split("\n## `").skip(1) {
                let (name, text) = section.split_once('`').unwrap();
                assert_eq!(sections.insert((folder, name.to_owned()), text.to_owned()), None, "{name}");
            }
        }
    }
    sections
});

fn section(operation: &Operation) -> &'static str {
    let name = operation.id.chars().fold(String::new(), |mut name, letter| {
        if letter.is_uppercase() {
            name.push('_');
        }
        name.extend(letter.to_lowercase());
        name
    });
    SECTIONS.get(&(operation.contract.pages, name)).expect(operation.id)
}

#[test]
fn every_operation_has_one_section_and_nothing_else_has() {
    assert!(OPERATIONS.values().all(|operation| !section(operation).is_empty()));
    assert_eq!(SECTIONS.len(), OPERATIONS.len());
}

#[test]
fn the_json_of_the_pages_is_what_the_contract_gives_as_examples_and_conforms_to_it() {
    for operation in OPERATIONS.values() {
        let request = operation.body().filter(|(media_type, _)| *media_type == "application/json");
        let answer = operation.success().1.filter(|_| !operation.is_proxy());
        let contents: Vec<_> = request.map(|(_, content)| content).into_iter().chain(answer).collect();

        let blocks: Vec<Value> = section(operation)
            .split("\n```json\n")
            .skip(1)
            .map(|block| serde_json::from_str(block.split_once("\n```").unwrap().0).unwrap())
            .collect();
        assert_eq!(blocks.len(), contents.len(), "{}", operation.id);
        for (block, content) in blocks.iter().zip(contents) {
            assert_eq!(*block, content["example"], "{}", operation.id);
            assert_conforms(operation.id, &content["schema"], block);
        }
    }
}

#[test]
fn the_errors_of_the_contract_are_listed_by_status_and_name() {
    for operation in OPERATIONS.values() {
        let rows: Vec<_> = operation
            .errors()
            .map(|(status, example)| format!("\n| {status} | [`{}`](", example["name"].as_str().unwrap()))
            .collect();
        for row in &rows {
            assert!(section(operation).contains(row.as_str()), "{}: {row}", operation.id);
        }
        let table = section(operation).split_once("| Status | Error | When |").unwrap_or_default().1;
        assert_eq!(table.matches("](../models/").count(), rows.len(), "{}", operation.id);
    }
}

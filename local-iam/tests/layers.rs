//! Files depend downward only: on the same layer or on a lower one, and never in a circle.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The modules of each layer, the lowest layer first. A folder stands for everything in it.
const LAYERS: [&str; 9] = [
    "error clock jose store",
    "engine/random engine/problem engine/schema engine/syntax engine/operation engine/contract engine/response",
    "engine/data",
    "engine/faults engine/recorder engine/state",
    "engine/call engine/narrowing engine/validation engine/input engine/page engine/permission engine/access_token",
    "engine/rules",
    "engine/routes engine/router engine/dispatch engine",
    "body server transport",
    "local_iam lib main",
];

#[test]
fn files_depend_downward_only() {
    let (source, mut modules) = (Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), BTreeMap::new());
    read(&source, &source, &mut modules);
    let mut arrows: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (module, text) in &modules {
        let targets = paths(module, text).into_iter().map(|path| defining(&path, &modules));
        arrows.insert(module, targets.filter(|target| target != module && *target != "lib").collect());
    }
    for (from, to) in arrows.iter().flat_map(|(from, targets)| targets.iter().map(move |to| (*from, *to))) {
        assert!(layer(to) <= layer(from), "{from} depends on {to}, which is in a higher layer");
        let rules = [from, to].iter().all(|module| module.starts_with("engine/rules/"));
        assert!(!rules, "{from} depends on {to}: a rule must not use another one");
    }
    // Without circles, there is always a file that depends on no file that is left.
    while let Some(free) = arrows.iter().find(|(_, targets)| targets.is_empty()).map(|(module, _)| *module) {
        arrows.remove(free);
        for targets in arrows.values_mut() {
            targets.remove(free);
        }
    }
    assert!(arrows.is_empty(), "files depend on each other in a circle: {arrows:#?}");
}

fn layer(module: &str) -> usize {
    let depth =
        |known: &str| (module == known || module.starts_with(&format!("{known}/"))).then_some(known.len());
    let layers = LAYERS.iter().enumerate();
    let found = layers.filter_map(|(layer, known)| Some((known.split(' ').filter_map(depth).max()?, layer)));
    found.max().unwrap_or_else(|| panic!("{module} is not in LAYERS: add it")).1
}

/// Every file's code without comments and tests, by the path of its module.
fn read(folder: &Path, source: &Path, modules: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            read(&entry, source, modules);
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            let module = entry.strip_prefix(source).unwrap().with_extension("").to_str().unwrap().to_owned();
            let text = std::fs::read_to_string(&entry).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            let lines = code.lines().map(|line| line.split("//").next().unwrap());
            modules.insert(module.trim_end_matches("/mod").to_owned(), lines.collect());
        }
    }
}

/// What the code of `module` names by `crate::` or `super::`, as paths from the crate's root.
fn paths(module: &str, code: &str) -> Vec<String> {
    let parent = module.rsplit_once('/').map_or("", |(parent, _)| parent);
    let mut found = Vec::new();
    for (prefix, base) in [("crate::", ""), ("super::", parent)] {
        for rest in code.split(prefix).skip(1) {
            let end = rest.find(|c: char| !c.is_alphanumeric() && !"_:".contains(c)).unwrap_or(rest.len());
            let (path, rest) = rest.split_at(end);
            let names = rest.strip_prefix('{').map_or("", |rest| rest.split('}').next().unwrap());
            for name in names.split(',') {
                let path = format!("{base}/{path}{}", name.trim()).replace("::", "/");
                found.push(path.trim_matches('/').to_owned());
            }
        }
    }
    found
}

/// The module that defines what `path` names, behind re-exports.
fn defining<'a>(path: &str, modules: &'a BTreeMap<String, String>) -> &'a str {
    let (mut module, mut name) = (path, "");
    while !modules.contains_key(module) {
        let Some((parent, last)) = module.rsplit_once('/') else { return "lib" };
        (module, name) = (parent, last);
    }
    let (module, code) = modules.get_key_value(module).unwrap();
    for line in code.split(';').filter(|line| line.trim_start().starts_with("pub")) {
        let Some((_, exported)) = line.split_once(" use ") else { continue };
        let Some((path, names)) = exported.trim_end_matches('}').rsplit_once("::") else { continue };
        if names.trim_start_matches('{').split(',').any(|exported| exported.trim() == name) {
            return defining(&format!("{module}/{}/{name}", path.replace("::", "/")), modules);
        }
    }
    module
}

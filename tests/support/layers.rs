//! Reads which file of a crate depends on which, and finds arrows that point up and circles.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// From each module to the modules that it names, re-exports followed. A module is named by its path below `source`.
pub(crate) fn arrows(source: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let mut modules = BTreeMap::new();
    read(source, source, &mut modules);
    let targets = |module: &str, text: &str| {
        let targets = paths(module, text).into_iter().map(|path| defining(&path, &modules).to_owned());
        targets.filter(|target| target != module && target != "lib").collect()
    };
    modules.iter().map(|(module, text)| (module.clone(), targets(module, text))).collect()
}

/// Fails on an arrow that points up. `layers` has the modules of each layer, the lowest layer first; a folder stands for everything
/// in it.
pub(crate) fn assert_downward(arrows: &BTreeMap<String, BTreeSet<String>>, layers: &[&str]) {
    for (from, to) in arrows.iter().flat_map(|(from, targets)| targets.iter().map(move |to| (from, to))) {
        assert!(
            layer(to, layers) <= layer(from, layers),
            "{from} depends on {to}, which is in a higher layer"
        );
    }
}

/// Fails when files depend on each other in a circle. Without circles, there is always a file that depends on no file that is left.
pub(crate) fn assert_no_circle(mut arrows: BTreeMap<String, BTreeSet<String>>) {
    while let Some(free) =
        arrows.iter().find(|(_, targets)| targets.is_empty()).map(|(module, _)| module.clone())
    {
        arrows.remove(&free);
        for targets in arrows.values_mut() {
            targets.remove(&free);
        }
    }
    assert!(arrows.is_empty(), "files depend on each other in a circle: {arrows:#?}");
}

fn layer(module: &str, layers: &[&str]) -> usize {
    let depth =
        |known: &str| (module == known || module.starts_with(&format!("{known}/"))).then_some(known.len());
    let layers = layers.iter().enumerate();
    let found = layers.filter_map(|(layer, known)| Some((known.split(' ').filter_map(depth).max()?, layer)));
    found.max().unwrap_or_else(|| panic!("{module} is in no layer: add it")).1
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
            // A visibility is not an import.
            let code = code.replace("pub(in crate::", "pub(");
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

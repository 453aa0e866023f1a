//! Names of operations as people write them: refused when they are wrong, with the names that were perhaps meant.

use super::{consumer_contract, contract};

/// The operations beside the contracts, with those of the management API left out.
pub(crate) const BESIDE_CONTRACT: [&str; 6] =
    ["patToken", "getUserTokenJwks", "health", "referencePage", "referenceScript", "contract"];

/// How many names a refusal proposes.
const MOST: usize = 3;

/// Refuses what is neither an operation, in its exact spelling, nor `*` for all of them; says why.
pub(crate) fn check(name: &str) -> Result<(), String> {
    if name == "*" || names().any(|known| known == name) {
        return Ok(());
    }
    let near = near(name);
    if near.is_empty() {
        return Err(
            "must be an operationId of the contract, `patToken`, or `*`, in its exact spelling".into()
        );
    }
    Err(format!("`{}` is not an operationId: did you mean {}?", name.escape_debug(), near.join(" or ")))
}

fn names() -> impl Iterator<Item = &'static str> {
    let in_contracts = [contract::OPERATIONS, consumer_contract::OPERATIONS].into_iter().flatten();
    in_contracts.map(|operation| operation.id).chain(BESIDE_CONTRACT)
}

/// The names that look like `name`, the most similar first.
fn near(name: &str) -> Vec<String> {
    let wanted = simplified(name);
    // The longest operationId has less than half of this.
    if wanted.is_empty() || wanted.len() > 64 {
        return Vec::new();
    }
    let mut near: Vec<_> = names()
        .map(|known| (distance(&wanted, &simplified(known)), known))
        .filter(|(distance, known)| {
            *distance <= 2.max(wanted.len() / 3) || (wanted.len() > 3 && simplified(known).contains(&wanted))
        })
        .collect();
    near.sort_unstable();
    near.dedup();
    let best = near.first().map_or(0, |(distance, _)| *distance);
    near.into_iter()
        .take_while(|(distance, _)| *distance <= best + 1)
        .take(MOST)
        .map(|(_, known)| format!("`{known}`"))
        .collect()
}

/// Without the differences between `listProject`, `list_project` and `ListProject`.
fn simplified(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// How many letters must be added, removed or replaced to make one text of the other (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (index, letter) in one.chars().enumerate() {
        let mut diagonal = index;
        let mut left = index + 1;
        let mut next = vec![left];
        for (above, expected) in row.iter().skip(1).zip(other.chars()) {
            left = (diagonal + usize::from(letter != expected)).min(left + 1).min(above + 1);
            diagonal = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_levenshtein() {
        for (one, other, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("kitten", "sitting", 3),
            ("flaw", "lawn", 2),
            ("a", "a", 0),
        ] {
            assert_eq!(distance(one, other), expected, "{one} {other}");
        }
    }

    #[test]
    fn a_wrong_name_is_refused_with_the_names_that_it_looks_like() {
        for (wrong, meant) in [
            ("listProjectz", "`listProject`"),
            ("list_project", "`listProject`"),
            ("ListProjects", "`listProject`"),
            ("WhoAmI", "`whoami`"),
            ("patTokens", "`patToken`"),
            ("getPolicy", "`getPolicies`"),
            ("principals", "`listPrincipalsOfProject`"),
        ] {
            let issue = check(wrong).unwrap_err();
            assert!(issue.contains(&format!("did you mean {meant}")), "{wrong}: {issue}");
        }
        for (wrong, meant) in
            [("listProjectz", "`listProject`?"), ("token", "`getToken` or `patToken` or `listToken`?")]
        {
            let issue = check(wrong).unwrap_err();
            assert!(issue.ends_with(&format!("did you mean {meant}")), "{wrong}: {issue}");
        }
        for wrong in ["", "?", "createFault", "sendInvoice", &"x".repeat(1000)] {
            assert!(check(wrong).unwrap_err().contains("must be an operationId"), "{wrong}");
        }
        for right in names().chain(["*"]) {
            check(right).unwrap();
        }
    }
}

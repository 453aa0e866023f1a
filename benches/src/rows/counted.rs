//! Decoding and encoding models, and signing and verifying tokens: what gungraun counted, ours beside the same by hand.

use crate::callgrind::Counted;
use crate::row::{Limit, Row};
use crate::rows::tokens::COUNTED_READS;

/// A row for every model, in the order of the names.
pub fn models(counted: &Counted, limit: impl Fn(&str) -> Limit) -> Vec<Row> {
    let mut rows = Vec::new();
    for step in ["decode", "encode"] {
        let ours = format!("{step}_ours");
        let mut models: Vec<_> = ids(counted, &ours).collect();
        models.sort_unstable();
        rows.extend(models.into_iter().map(|model| {
            let what = format!("{step} `{model}`");
            let limit = limit(&what);
            row(counted, what, [&ours, &format!("{step}_by_hand")], model, "`serde_json` by hand", limit)
        }));
    }
    rows
}

/// A row for every algorithm, and one for verification.
pub fn tokens(counted: &Counted, limit: Limit) -> Vec<Row> {
    let mut ids: Vec<_> = ids(counted, "ours").collect();
    ids.sort_unstable();
    let rows = ids.into_iter().map(|id| {
        let what = match id.split_once('_') {
            Some((what, algorithm)) => format!("{what} {algorithm}"),
            None => id.to_owned(),
        };
        row(counted, what, ["ours", "by_hand"], id, "`aws-lc-rs` by hand", limit)
    });
    rows.collect()
}

/// A token out of the cache.
pub fn cached(counted: &Counted, limit: Limit) -> Row {
    let each = |id| (counted[id].instructions / f64::from(COUNTED_READS)).round();
    Row {
        what: "cached token".into(),
        beside: "`RwLock` by hand".into(),
        unit: "instructions".into(),
        ours: each("cached/ours"),
        theirs: each("cached/by_hand"),
        limit,
    }
}

fn ids<'a>(counted: &'a Counted, function: &str) -> impl Iterator<Item = &'a str> {
    counted.keys().filter_map(move |name| name.strip_prefix(function)?.strip_prefix('/'))
}

fn row(
    counted: &Counted,
    what: String,
    [ours, theirs]: [&str; 2],
    id: &str,
    beside: &str,
    limit: Limit,
) -> Row {
    let figure = |function| counted[&format!("{function}/{id}")].instructions;
    let (ours, theirs) = (figure(ours), figure(theirs));
    Row { what, beside: beside.into(), unit: "instructions".into(), ours, theirs, limit }
}

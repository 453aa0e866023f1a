//! Lists, page by page.

use rusqlite::{Connection, Row};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::call::Call;
use super::problem::{Detail, Problem};
use super::response::{Outcome, Response};
use crate::jose::{base64url, from_base64url};

/// Which part of a list is asked for.
pub(crate) struct Page {
    list: &'static str,
    limit: usize,
    after: i64,
}

/// What a cursor holds: base64url of this as JSON. It names its list, so that no other list accepts it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cursor {
    list: String,
    after: i64,
}

impl Page {
    pub(crate) fn of(call: &Call, list: &'static str) -> Result<Self, Problem> {
        let limit = call.query_text("limit").and_then(|limit| limit.parse().ok()).unwrap_or(100);
        let after = match call.query_text("exclusiveStartKey").filter(|cursor| !cursor.is_empty()) {
            None => 0,
            Some(cursor) => position(cursor, list).ok_or_else(|| {
                let issue = "is not a cursor of this list";
                Problem::invalid(vec![Detail::of("exclusiveStartKey", issue, "query")])
            })?,
        };
        Ok(Self { list, limit, after })
    }

    /// The page of the rows that `sql` selects, as a list in the field `name`. The parameters of `sql` are `owner`, the
    /// position after which the page begins, and how many rows to read; its first column is the position of the row.
    pub(crate) fn response(
        &self,
        db: &Connection,
        sql: &str,
        owner: &str,
        name: &str,
        item: impl Fn(&Row) -> rusqlite::Result<Value>,
    ) -> Outcome {
        // One row more than fits, to know whether there is a next page.
        let parameters = (owner, self.after, self.limit as i64 + 1);
        let mut statement = db.prepare_cached(sql)?;
        let rows = statement.query_map(parameters, |row| Ok((row.get(0)?, item(row)?)))?;
        let mut rows: Vec<(i64, Value)> = rows.collect::<Result<_, _>>()?;
        let mut body = Map::new();
        if rows.len() > self.limit {
            rows.truncate(self.limit);
            if let Some((after, _)) = rows.last() {
                let cursor = Cursor { list: self.list.to_owned(), after: *after };
                let cursor = serde_json::to_vec(&cursor).map_err(|_| Problem::unexpected())?;
                body.insert("lastEvaluatedKey".into(), base64url(cursor).into());
            }
        }
        body.insert(name.into(), rows.into_iter().map(|(_, item)| item).collect());
        Ok(Response::Json(Value::Object(body)))
    }
}

fn position(cursor: &str, list: &str) -> Option<i64> {
    let cursor: Cursor = serde_json::from_slice(&from_base64url(cursor)?).ok()?;
    (cursor.list == list && cursor.after > 0).then_some(cursor.after)
}

//! Projects, for the users and personal access tokens that take part in them.

use rusqlite::{Connection, OptionalExtension, Row};
use serde_json::{Value, json};

use super::call::Call;
use super::page::Page;
use super::policies;
use super::principal::Principal;
use super::problem::Problem;
use super::schema::{Member, Object, Shape};
use super::{Answer, Outcome, members, random};

const NAME: Shape = Shape::TextThat(
    is_name,
    "must have 2 to 100 characters: letters, digits, dots, underscores, hyphens and spaces; the first a letter or digit, \
     the last not a space",
);

/// `CreateProjectInput`
pub(crate) const CREATE: Object =
    Object::closed(&[Member::required("name", NAME), Member::optional("description", Shape::Text)]);

/// `UpdateProjectInput`
pub(crate) const UPDATE: Object = Object::closed(&[
    Member::optional("name", NAME),
    Member::optional("description", Shape::Text),
    Member::optional("identityVerificationEnabled", Shape::Bool),
]);

/// The contract's pattern `^[a-zA-Z0-9][a-zA-Z0-9._ -]{0,98}[a-zA-Z0-9._-]$`.
pub(crate) fn is_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._ -".contains(&byte);
    (2..=100).contains(&name.len())
        && name.bytes().all(allowed)
        && name.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric())
        && !name.ends_with(' ')
}

/// `GET /v1/projects`
pub(crate) fn list(call: &Call) -> Outcome {
    let page = Page::of(call, "projects")?;
    let sql = format!(
        "SELECT member.seq, {COLUMNS} FROM member JOIN project ON project.id = member.project_id
         WHERE member.principal = ?1 AND member.seq > ?2 ORDER BY member.seq LIMIT ?3"
    );
    let mut statement = call.db.prepare_cached(&sql)?;
    let rows = statement.query_map((call.user()?.to_string(), page.after(), page.rows()), |row| {
        Ok((row.get(0)?, project(row, 1)?))
    })?;
    page.answer("projects", rows.collect::<Result<_, _>>()?)
}

/// `POST /v1/projects`
pub(crate) fn create(call: &Call) -> Outcome {
    let id = random::uuid().to_string();
    let name = call.text("name").unwrap_or("");
    insert(call.db, &id, name, call.text("description"), call.user()?, call.now())?;
    Ok(Answer::Json(read(call.db, &id)?.ok_or_else(Problem::unexpected)?))
}

/// Creates a project whose owner is its first member and may do everything in it.
pub(crate) fn insert(
    db: &Connection,
    id: &str,
    name: &str,
    description: Option<&str>,
    owner: &Principal,
    now: i64,
) -> rusqlite::Result<()> {
    let sql = "INSERT INTO project (id, name, owner_id, description, created_at, updated_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?5)";
    db.prepare_cached(sql)?.execute((id, name, &owner.id, description, now))?;
    members::add(db, id, owner, &policies::everything(id, owner))?;
    Ok(())
}

/// `GET /v1/projects/{projectId}`
pub(crate) fn get(call: &Call) -> Outcome {
    let id = joined(call)?;
    Ok(Answer::Json(read(call.db, id)?.ok_or_else(Problem::unexpected)?))
}

/// `PATCH /v1/projects/{projectId}`
pub(crate) fn update(call: &Call) -> Outcome {
    let id = joined(call)?;
    policies::require(call, id, &format!("ari:iam::{id}:project/{id}"))?;
    let enabled = call.body.get("identityVerificationEnabled").and_then(Value::as_bool);
    let sql = "UPDATE project SET name = coalesce(?2, name), description = coalesce(?3, description),
               identity_verification_enabled = coalesce(?4, identity_verification_enabled), updated_at = ?5
               WHERE id = ?1";
    let changes = (id, call.text("name"), call.text("description"), enabled, call.now());
    call.db.prepare_cached(sql)?.execute(changes)?;
    Ok(Answer::Json(read(call.db, id)?.ok_or_else(Problem::unexpected)?))
}

/// The project that the path names, when the caller takes part in it. To others it does not exist.
fn joined<'a>(call: &'a Call) -> Result<&'a str, Problem> {
    let id = call.parameter("projectId");
    match members::policy(call.db, id, call.user()?)? {
        Some(_) => Ok(id),
        None => Err(Problem::not_found("projectId")),
    }
}

const COLUMNS: &str = "project.id, project.name, project.owner_id, project.description,
    project.identity_verification_enabled,
    strftime('%Y-%m-%dT%H:%M:%SZ', project.created_at, 'unixepoch'),
    strftime('%Y-%m-%dT%H:%M:%SZ', project.updated_at, 'unixepoch')";

pub(crate) fn read(db: &Connection, id: &str) -> rusqlite::Result<Option<Value>> {
    let sql = format!("SELECT {COLUMNS} FROM project WHERE id = ?1");
    db.prepare_cached(&sql)?.query_row([id], |row| project(row, 0)).optional()
}

/// `ProjectDto` of a row whose [`COLUMNS`] start at `at`.
fn project(row: &Row, at: usize) -> rusqlite::Result<Value> {
    let mut project = json!({
        "id": row.get::<_, String>(at)?,
        "name": row.get::<_, String>(at + 1)?,
        "ownerId": row.get::<_, String>(at + 2)?,
        "identityVerificationEnabled": row.get::<_, bool>(at + 4)?,
    });
    let optional = [("description", at + 3), ("createdAt", at + 5), ("updatedAt", at + 6)];
    if let Some(members) = project.as_object_mut() {
        for (name, column) in optional {
            if let Some(text) = row.get::<_, Option<String>>(column)? {
                members.insert(name.into(), text.into());
            }
        }
    }
    Ok(project)
}

#[cfg(test)]
mod tests {
    use super::is_name;

    #[test]
    fn names_follow_the_contracts_pattern() {
        let longest = "a".repeat(100);
        for name in ["ab", "a.", "0-", "a b", "A_b.c-d", &longest] {
            assert!(is_name(name), "{name}");
        }
        let too_long = "a".repeat(101);
        for name in ["", "a", " ab", "ab ", ".ab", "_a", "a/b", "äb", "a\nb", "ab\n", &too_long] {
            assert!(!is_name(name), "{name}");
        }
    }
}

//! The id of a project.

use uuid::Uuid;

use crate::error::Error;

/// Refuses what cannot be a project's id, such as its name: the service would say that the principal does not belong to it.
///
/// # Errors
///
/// [`Error::is_configuration`].
pub(super) fn check_project_id(text: &str) -> Result<(), Error> {
    const LENGTH: usize = 36;
    if text.len() == LENGTH && Uuid::try_parse(text).is_ok() {
        return Ok(());
    }
    let shown: String = text.chars().take(LENGTH).collect();
    Err(Error::configuration(format!(
        "`{}` is not the id of a project: set `project_id` (PROJECT_ID) to its UUID, the `id` that `listProject` returns",
        shown.escape_debug()
    )))
}

#[cfg(test)]
mod tests {
    use super::check_project_id;

    #[test]
    fn only_a_uuid_is_a_project_id() {
        for id in ["f5a16ce4-3d1c-4f26-a4f0-4a0b9fa35a5c", "F5A16CE4-3D1C-4F26-A4F0-4A0B9FA35A5C"] {
            check_project_id(id).unwrap();
        }
        for id in [
            "",
            "my project",
            "f5a16ce43d1c4f26a4f04a0b9fa35a5c",
            "{f5a16ce4-3d1c-4f26-a4f0-4a0b9fa35a5c}",
            "f5a16ce4-3d1c-4f26-a4f0-4a0b9fa35a5c\n",
            "../../v1/tokens",
        ] {
            let error = check_project_id(id).unwrap_err();
            assert!(error.is_configuration(), "{id}");
            assert!(error.to_string().contains("PROJECT_ID") && !error.to_string().contains('\n'), "{error}");
        }
    }
}

//! What is added to a running service.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// A project to add, see [`LocalIam::add_project`](crate::LocalIam::add_project).
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewProject {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
}

impl NewProject {
    /// A project of this name, with a random id, of the seeded user.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), id: None, owner_id: None, description: None }
    }

    /// Sets the id.
    #[must_use]
    pub fn with_id(mut self, id: Uuid) -> Self {
        self.id = Some(id);
        self
    }

    /// Sets the user that owns the project and may do everything in it.
    #[must_use]
    pub fn with_owner(mut self, user_id: Uuid) -> Self {
        self.owner_id = Some(user_id);
        self
    }

    /// Sets the description.
    #[must_use]
    pub fn with_description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    pub(super) fn into_body(self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}

impl From<&str> for NewProject {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

/// A personal access token to add, see [`LocalIam::add_personal_access_token`](crate::LocalIam::add_personal_access_token).
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewPersonalAccessToken {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner_id: Option<Uuid>,
    project_ids: Vec<Uuid>,
}

impl NewPersonalAccessToken {
    /// A personal access token of this name, with a random id, of the seeded user, in no project.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), id: None, owner_id: None, project_ids: Vec::new() }
    }

    /// Sets the id.
    #[must_use]
    pub fn with_id(mut self, id: Uuid) -> Self {
        self.id = Some(id);
        self
    }

    /// Sets the user that owns the personal access token.
    #[must_use]
    pub fn with_owner(mut self, user_id: Uuid) -> Self {
        self.owner_id = Some(user_id);
        self
    }

    /// Adds a project in which it may do everything.
    #[must_use]
    pub fn with_project(mut self, project_id: Uuid) -> Self {
        self.project_ids.push(project_id);
        self
    }

    pub(super) fn into_body(self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}

impl From<&str> for NewPersonalAccessToken {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

/// A personal access token that was added with a new key.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AddedPersonalAccessToken {
    id: Uuid,
    private_key_pem: String,
}

impl AddedPersonalAccessToken {
    /// The id of the personal access token, which is its key's id (`kid`) as well.
    pub fn token_id(&self) -> Uuid {
        self.id
    }

    /// The private key: P-256, for ES256, as unencrypted PKCS#8 PEM. A secret, though only of this service.
    pub fn private_key_pem(&self) -> &str {
        &self.private_key_pem
    }
}

impl fmt::Debug for AddedPersonalAccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AddedPersonalAccessToken").field("token_id", &self.id).finish_non_exhaustive()
    }
}

//! What a new database holds, so that a client without any token can start.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::principal::Principal;

/// Ids that the builder fixes; the others are random.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SeedIds {
    pub(crate) user: Option<Uuid>,
    pub(crate) project: Option<Uuid>,
    pub(crate) token: Option<Uuid>,
}

/// What a service starts with: a user, a project that the user owns, and a personal access token of the user that may do
/// everything in the project. A database keeps its seeds.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Seeds {
    pub(super) user_id: Uuid,
    pub(super) project_id: Uuid,
    pub(super) token_id: Uuid,
    pub(super) private_key_pem: String,
}

impl Seeds {
    /// The id of the user.
    pub fn user_id(&self) -> Uuid {
        self.user_id
    }

    /// The id of the project.
    pub fn project_id(&self) -> Uuid {
        self.project_id
    }

    /// The id of the personal access token, which is its key's id (`kid`) as well.
    pub fn token_id(&self) -> Uuid {
        self.token_id
    }

    /// The personal access token's private key: P-256, for ES256, as unencrypted PKCS#8 PEM. A secret, though only of
    /// this service.
    pub fn private_key_pem(&self) -> &str {
        &self.private_key_pem
    }

    pub(crate) fn user(&self) -> Principal {
        Principal::user(self.user_id.to_string())
    }

    /// Whether these are the seeds that `ids` asks for.
    pub(super) fn have(&self, ids: SeedIds) -> bool {
        let fits = |wanted: Option<Uuid>, id: Uuid| wanted.is_none_or(|wanted| wanted == id);
        fits(ids.user, self.user_id) && fits(ids.project, self.project_id) && fits(ids.token, self.token_id)
    }
}

impl fmt::Debug for Seeds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seeds")
            .field("user_id", &self.user_id)
            .field("project_id", &self.project_id)
            .field("token_id", &self.token_id)
            .finish_non_exhaustive()
    }
}

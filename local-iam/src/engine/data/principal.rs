//! Who acts: a user or a personal access token.

use std::fmt;

use rusqlite::Connection;
use uuid::Uuid;

/// A principal, written `user/<id>` or `token/<id>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Principal {
    pub(crate) kind: Kind,
    pub(crate) id: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    User,
    Token,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Token => "token",
        }
    }
}

impl Principal {
    pub(crate) fn user(id: impl Into<String>) -> Self {
        Self { kind: Kind::User, id: id.into() }
    }

    pub(crate) fn token(id: impl Into<String>) -> Self {
        Self { kind: Kind::Token, id: id.into() }
    }

    pub(crate) fn of_kind(kind: &str, id: &str) -> Option<Self> {
        match kind {
            "user" => Some(Self::user(id)),
            "token" => Some(Self::token(id)),
            _ => None,
        }
    }

    /// As [`Principal::of_kind`], for an `id` that may spell its UUID in capitals.
    pub(crate) fn named(kind: &str, id: &str) -> Option<Self> {
        let id = Uuid::parse_str(id).map_or_else(|_| id.to_owned(), |id| id.to_string());
        Self::of_kind(kind, &id)
    }

    pub(crate) fn is_token(&self) -> bool {
        self.kind == Kind::Token
    }

    /// The principal that `text` writes in the form of [`Display`](fmt::Display).
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (kind, id) = text.split_once('/')?;
        Self::of_kind(kind, id)
    }

    /// The principal's ARI outside projects.
    pub(crate) fn ari(&self) -> String {
        format!("ari:iam:::{self}")
    }

    /// The principal's ARI in a project, as policies name it.
    pub(crate) fn ari_in(&self, project_id: &str) -> String {
        format!("ari:iam::{project_id}:{self}")
    }

    pub(crate) fn exists(&self, db: &Connection) -> rusqlite::Result<bool> {
        let sql = match self.kind {
            Kind::User => "SELECT 1 FROM user WHERE id = ?1",
            Kind::Token => "SELECT 1 FROM token WHERE id = ?1",
        };
        db.prepare_cached(sql)?.exists([&self.id])
    }
}

impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind.name(), self.id)
    }
}

-- Version 1. Never edit a released version: add the next one.
-- Times are seconds since the Unix epoch. `seq` orders lists by creation and is what page cursors hold.

CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- The newest key signs; the others still verify.
CREATE TABLE signing_key (seq INTEGER PRIMARY KEY, pkcs8 BLOB NOT NULL) STRICT;

CREATE TABLE user (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE TABLE project (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    description TEXT,
    identity_verification_enabled INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

-- Principals are written `user/<id>` and `token/<id>`.
CREATE TABLE token (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    authentication_method TEXT NOT NULL
) STRICT;
CREATE INDEX token_owner ON token (owner, seq);

CREATE TABLE member (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    principal TEXT NOT NULL,
    policy TEXT NOT NULL,
    UNIQUE (project_id, principal)
) STRICT;
CREATE INDEX member_principal ON member (principal, seq);

CREATE TABLE vfs_grant (
    id TEXT PRIMARY KEY,
    granter TEXT NOT NULL,
    grantee TEXT NOT NULL,
    rights TEXT NOT NULL,
    UNIQUE (granter, grantee)
) STRICT, WITHOUT ROWID;

-- Digests of the `jti` values of accepted assertions, kept until the assertion expires.
CREATE TABLE used_id (digest BLOB PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX used_id_expiry ON used_id (expires_at);

-- Only digests: a copy of the database gives nobody a refresh token.
CREATE TABLE refresh_token (
    digest BLOB PRIMARY KEY,
    family TEXT NOT NULL,
    subject TEXT NOT NULL,
    scope TEXT NOT NULL,
    used INTEGER NOT NULL DEFAULT 0,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_token_family ON refresh_token (family);
CREATE INDEX refresh_token_expiry ON refresh_token (expires_at);

-- Version 3: access that consumers granted by the consumer IAM.

CREATE TABLE vfs_access (
    id TEXT PRIMARY KEY,
    granter TEXT NOT NULL,
    grantee TEXT NOT NULL,
    permissions TEXT NOT NULL,
    UNIQUE (granter, grantee)
) STRICT, WITHOUT ROWID;

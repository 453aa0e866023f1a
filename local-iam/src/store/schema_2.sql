-- Version 2: keys have rings, owners of projects have kinds.

ALTER TABLE signing_key ADD COLUMN ring TEXT NOT NULL DEFAULT 'project';

UPDATE project SET owner_id = 'user/' || owner_id WHERE owner_id IN (SELECT id FROM user);
UPDATE project SET owner_id = 'token/' || owner_id WHERE owner_id IN (SELECT id FROM token);

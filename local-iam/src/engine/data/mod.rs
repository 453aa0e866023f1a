//! What the service stores, and the checks of what it stores; nothing here knows a request.

pub(super) mod assertion;
pub(super) mod authentication_method;
pub(super) mod did_keys;
pub(super) mod grants;
pub(super) mod key_pair;
pub(super) mod keys;
pub(super) mod members;
pub(super) mod planting;
pub(super) mod policy;
pub(super) mod principal;
pub(super) mod projects;
pub(super) mod refresh_token;
pub(super) mod seeds;
pub(super) mod tokens;
pub(super) mod used_ids;

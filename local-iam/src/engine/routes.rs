//! Which operations there are, and the rule of each: one table, one row per operation.

use super::call::Call;
use super::faults;
use super::operation::{Body, Operation, Scheme};
use super::page;
use super::response::Outcome;
use super::rules::{
    consumer_token, health, management, pat_token, policies, principals, project_token, projects, proxy,
    reference, tokens, vfs, well_known, whoami,
};
use super::schema::{NOTHING, Object};

/// Responds to a call that was routed, validated and authorized.
type Rule = fn(&Call) -> Outcome;

/// Every operation, in the order of the table.
pub(crate) fn operations() -> impl Iterator<Item = &'static Operation> {
    ROWS.iter().map(|(operation, _)| operation)
}

/// The rule of the operation with this id.
pub(crate) fn rule(id: &str) -> Option<Rule> {
    ROWS.iter().find(|(operation, _)| operation.id == id).map(|(_, rule)| *rule)
}

use Scheme::{Consumer, Management, Project, Public, User};

const fn get(id: &'static str, path: &'static str, scheme: Scheme) -> Operation {
    Operation { id, method: "GET", path, scheme, query: &NOTHING, body: Body::None }
}

const fn delete(id: &'static str, path: &'static str, scheme: Scheme) -> Operation {
    Operation { method: "DELETE", ..get(id, path, scheme) }
}

const fn post(id: &'static str, path: &'static str, scheme: Scheme, body: &'static Object) -> Operation {
    Operation { method: "POST", body: Body::Json(body), ..get(id, path, scheme) }
}

const fn patch(id: &'static str, path: &'static str, scheme: Scheme, body: &'static Object) -> Operation {
    Operation { method: "PATCH", ..post(id, path, scheme, body) }
}

const fn put(id: &'static str, path: &'static str, scheme: Scheme, body: &'static Object) -> Operation {
    Operation { method: "PUT", ..post(id, path, scheme, body) }
}

const fn raw(id: &'static str, method: &'static str, path: &'static str) -> Operation {
    Operation { method, body: Body::Raw, ..get(id, path, Public) }
}

impl Operation {
    const fn query(self, query: &'static Object) -> Self {
        Self { query, ..self }
    }

    const fn form(self, body: &'static Object) -> Self {
        Self { body: Body::Form(body), ..self }
    }
}

#[rustfmt::skip]
const ROWS: &[(Operation, Rule)] = &[
    // consumerAuth; the official consumer providers post the same request to the consumer IAM gateway, `/cid`.
    (post("consumerAuthTokenEndpoint", "/iam/v1/consumer/oauth2/token", Public, &consumer_token::INPUT), consumer_token::respond),
    (post("consumerAuthTokenEndpoint", "/cid/v1/consumer/oauth2/token", Public, &consumer_token::INPUT), consumer_token::respond),

    // sts
    (post("createProjectScopedToken", "/iam/v1/sts/create-project-scoped-token", User, &project_token::INPUT), project_token::create),
    (get("whoami", "/iam/v1/sts/whoami", User), whoami::respond),

    // projects
    (get("listProject", "/iam/v1/projects", User).query(&page::QUERY), projects::list),
    (post("createProject", "/iam/v1/projects", User, &projects::CREATE), projects::create),
    (get("listPrincipalsOfProject", "/iam/v1/projects/principals", Project).query(&page::QUERY), principals::list),
    (post("addPrincipalToProject", "/iam/v1/projects/principals", Project, &principals::ADD), principals::add),
    (delete("deletePrincipalFromProject", "/iam/v1/projects/principals/{principalId}", Project).query(&principals::QUERY), principals::delete),
    (get("getProject", "/iam/v1/projects/{projectId}", User), projects::get),
    (patch("updateProject", "/iam/v1/projects/{projectId}", User, &projects::UPDATE), projects::update),

    // policies
    (get("getPolicies", "/iam/v1/policies/principals/{principalId}", Project).query(&principals::QUERY), policies::get),
    (put("updatePolicies", "/iam/v1/policies/principals/{principalId}", Project, &policies::POLICY).query(&principals::QUERY), policies::update),

    // tokens
    (get("listToken", "/iam/v1/tokens", User).query(&page::QUERY), tokens::list),
    (post("createToken", "/iam/v1/tokens", User, &tokens::CREATE), tokens::create),
    (get("getToken", "/iam/v1/tokens/{tokenId}", User), tokens::get),
    (patch("updateToken", "/iam/v1/tokens/{tokenId}", User, &tokens::UPDATE), tokens::update),
    (delete("deleteToken", "/iam/v1/tokens/{tokenId}", User), tokens::delete),
    (get("listProjectsOfToken", "/iam/v1/tokens/{tokenId}/projects", User).query(&page::QUERY), tokens::list_projects),

    // authz
    (post("grantAccessVfs", "/iam/v1/authz/vfs/access", Consumer, &vfs::GRANT), vfs::grant),
    (put("updateAccessVfs", "/iam/v1/authz/vfs/access/{granteeDid}", Consumer, &vfs::UPDATE), vfs::update),
    (delete("deleteAccessVfs", "/iam/v1/authz/vfs/access/{granteeDid}", Consumer), vfs::delete),

    // well-known
    (get("getWellKnownDid", "/iam/.well-known/did.json", Public), well_known::did_document),
    (get("getWellKnownJwks", "/iam/.well-known/jwks.json", Public), well_known::json_web_key_set),

    // default
    (raw("v1AuthProxyDelete", "DELETE", "/iam/v1/auth/{proxy+}"), proxy::respond),
    (raw("v1AuthProxyGet", "GET", "/iam/v1/auth/{proxy+}"), proxy::respond),
    (raw("v1AuthProxyPatch", "PATCH", "/iam/v1/auth/{proxy+}"), proxy::respond),
    (raw("v1AuthProxyPost", "POST", "/iam/v1/auth/{proxy+}"), proxy::respond),
    (raw("v1AuthProxyPut", "PUT", "/iam/v1/auth/{proxy+}"), proxy::respond),
    (raw("v1IdpProxyDelete", "DELETE", "/iam/v1/idp/{proxy+}"), proxy::respond),
    (raw("v1IdpProxyGet", "GET", "/iam/v1/idp/{proxy+}"), proxy::respond),
    (raw("v1IdpProxyPatch", "PATCH", "/iam/v1/idp/{proxy+}"), proxy::respond),
    (raw("v1IdpProxyPost", "POST", "/iam/v1/idp/{proxy+}"), proxy::respond),
    (raw("v1IdpProxyPut", "PUT", "/iam/v1/idp/{proxy+}"), proxy::respond),

    // Beside the contract: the token endpoint of personal access tokens, health, and the reference page.
    (post("patToken", "/auth/oauth2/token", Public, &NOTHING).form(&pat_token::INPUT), pat_token::respond),
    (get("health", "/healthz", Public), health::respond),
    (get("referencePage", "/", Public), reference::page),
    (get("referenceScript", "/reference.js", Public), reference::script),
    (get("contract", "/openapi.yaml", Public), reference::contract),

    // The management API.
    (get("getSeeds", "/__local/v1/seeds", Management), management::seeds),
    (post("createUser", "/__local/v1/users", Management, &management::USER), management::create_user),
    (post("createUserToken", "/__local/v1/user-tokens", Management, &management::USER_TOKEN), management::create_user_token),
    (post("createConsumerToken", "/__local/v1/consumer-tokens", Management, &management::CONSUMER_TOKEN), management::create_consumer_token),
    (post("seedProject", "/__local/v1/projects", Management, &management::PROJECT), management::create_project),
    (post("seedToken", "/__local/v1/tokens", Management, &management::TOKEN), management::create_token),
    (post("rotateSigningKey", "/__local/v1/signing-keys", Management, &management::ROTATE), management::rotate),
    (get("getClock", "/__local/v1/clock", Management), management::clock),
    (put("setClock", "/__local/v1/clock", Management, &management::CLOCK), management::set_clock),
    (get("listRequests", "/__local/v1/requests", Management), management::requests),
    (delete("clearRequests", "/__local/v1/requests", Management), management::clear_requests),
    (get("listFaults", "/__local/v1/faults", Management), management::faults),
    (post("createFault", "/__local/v1/faults", Management, &faults::RULE), management::create_fault),
    (delete("clearFaults", "/__local/v1/faults", Management), management::clear_faults),
    (delete("deleteFault", "/__local/v1/faults/{faultId}", Management), management::delete_fault),
];

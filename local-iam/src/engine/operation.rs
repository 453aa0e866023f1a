//! What the service answers: one table, one row per operation.

use super::schema::{NOTHING, Object};
use super::{
    Call, Outcome, consumer_token, health, management, pat_token, policies, principals, project_token,
    projects, proxy, reference, tokens, vfs, well_known, whoami,
};

/// One operation: where it is, who may call it, what it takes, and the rule that answers it.
pub(crate) struct Operation {
    /// The contract's operationId; names of our own outside the contract.
    pub(crate) id: &'static str,
    pub(crate) method: &'static str,
    /// Path template: `{x}` matches one segment, `{x+}` all that are left.
    pub(crate) path: &'static str,
    pub(crate) scheme: Scheme,
    pub(crate) query: &'static Object,
    pub(crate) body: Body,
    pub(crate) answer: fn(&Call) -> Outcome,
}

/// The contract's security scheme: which kind of token the `authorization` header must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    Public,
    User,
    Project,
    Consumer,
    /// Not the contract's: loopback callers that a browser cannot be tricked into being.
    Management,
}

pub(crate) enum Body {
    None,
    Json(&'static Object),
    /// `application/x-www-form-urlencoded`, each member once.
    Form(&'static Object),
    /// Anything, of any media type.
    Raw,
}

use Scheme::{Consumer, Management, Project, Public, User};

type Answer = fn(&Call) -> Outcome;

const fn get(id: &'static str, path: &'static str, scheme: Scheme, answer: Answer) -> Operation {
    Operation { id, method: "GET", path, scheme, query: &NOTHING, body: Body::None, answer }
}

const fn delete(id: &'static str, path: &'static str, scheme: Scheme, answer: Answer) -> Operation {
    Operation { method: "DELETE", ..get(id, path, scheme, answer) }
}

const fn post(
    id: &'static str,
    path: &'static str,
    scheme: Scheme,
    body: &'static Object,
    answer: Answer,
) -> Operation {
    Operation { method: "POST", body: Body::Json(body), ..get(id, path, scheme, answer) }
}

const fn patch(
    id: &'static str,
    path: &'static str,
    scheme: Scheme,
    body: &'static Object,
    answer: Answer,
) -> Operation {
    Operation { method: "PATCH", ..post(id, path, scheme, body, answer) }
}

const fn put(
    id: &'static str,
    path: &'static str,
    scheme: Scheme,
    body: &'static Object,
    answer: Answer,
) -> Operation {
    Operation { method: "PUT", ..post(id, path, scheme, body, answer) }
}

const fn raw(id: &'static str, method: &'static str, path: &'static str) -> Operation {
    Operation { method, body: Body::Raw, ..get(id, path, Public, proxy::answer) }
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
pub(crate) const OPERATIONS: &[Operation] = &[
    // consumerAuth; the official consumer providers post the same request to the consumer IAM gateway, `/cid`.
    post("consumerAuthTokenEndpoint", "/iam/v1/consumer/oauth2/token", Public, &consumer_token::INPUT, consumer_token::answer),
    post("consumerAuthTokenEndpoint", "/cid/v1/consumer/oauth2/token", Public, &consumer_token::INPUT, consumer_token::answer),

    // sts
    post("createProjectScopedToken", "/iam/v1/sts/create-project-scoped-token", User, &project_token::INPUT, project_token::create),
    get("whoami", "/iam/v1/sts/whoami", User, whoami::answer),

    // projects
    get("listProject", "/iam/v1/projects", User, projects::list).query(&super::page::QUERY),
    post("createProject", "/iam/v1/projects", User, &projects::CREATE, projects::create),
    get("listPrincipalsOfProject", "/iam/v1/projects/principals", Project, principals::list).query(&super::page::QUERY),
    post("addPrincipalToProject", "/iam/v1/projects/principals", Project, &principals::ADD, principals::add),
    delete("deletePrincipalFromProject", "/iam/v1/projects/principals/{principalId}", Project, principals::delete)
        .query(&principals::QUERY),
    get("getProject", "/iam/v1/projects/{projectId}", User, projects::get),
    patch("updateProject", "/iam/v1/projects/{projectId}", User, &projects::UPDATE, projects::update),

    // policies
    get("getPolicies", "/iam/v1/policies/principals/{principalId}", Project, policies::get).query(&principals::QUERY),
    put("updatePolicies", "/iam/v1/policies/principals/{principalId}", Project, &policies::POLICY, policies::update)
        .query(&principals::QUERY),

    // tokens
    get("listToken", "/iam/v1/tokens", User, tokens::list).query(&super::page::QUERY),
    post("createToken", "/iam/v1/tokens", User, &tokens::CREATE, tokens::create),
    get("getToken", "/iam/v1/tokens/{tokenId}", User, tokens::get),
    patch("updateToken", "/iam/v1/tokens/{tokenId}", User, &tokens::UPDATE, tokens::update),
    delete("deleteToken", "/iam/v1/tokens/{tokenId}", User, tokens::delete),
    get("listProjectsOfToken", "/iam/v1/tokens/{tokenId}/projects", User, tokens::list_projects).query(&super::page::QUERY),

    // authz
    post("grantAccessVfs", "/iam/v1/authz/vfs/access", Consumer, &vfs::GRANT, vfs::grant),
    put("updateAccessVfs", "/iam/v1/authz/vfs/access/{granteeDid}", Consumer, &vfs::UPDATE, vfs::update),
    delete("deleteAccessVfs", "/iam/v1/authz/vfs/access/{granteeDid}", Consumer, vfs::delete),

    // well-known
    get("getWellKnownDid", "/iam/.well-known/did.json", Public, well_known::did_document),
    get("getWellKnownJwks", "/iam/.well-known/jwks.json", Public, well_known::json_web_key_set),

    // default
    raw("v1AuthProxyDelete", "DELETE", "/iam/v1/auth/{proxy+}"),
    raw("v1AuthProxyGet", "GET", "/iam/v1/auth/{proxy+}"),
    raw("v1AuthProxyPatch", "PATCH", "/iam/v1/auth/{proxy+}"),
    raw("v1AuthProxyPost", "POST", "/iam/v1/auth/{proxy+}"),
    raw("v1AuthProxyPut", "PUT", "/iam/v1/auth/{proxy+}"),
    raw("v1IdpProxyDelete", "DELETE", "/iam/v1/idp/{proxy+}"),
    raw("v1IdpProxyGet", "GET", "/iam/v1/idp/{proxy+}"),
    raw("v1IdpProxyPatch", "PATCH", "/iam/v1/idp/{proxy+}"),
    raw("v1IdpProxyPost", "POST", "/iam/v1/idp/{proxy+}"),
    raw("v1IdpProxyPut", "PUT", "/iam/v1/idp/{proxy+}"),

    // Beside the contract: the token endpoint of personal access tokens, health, and the reference page.
    post("patToken", "/auth/oauth2/token", Public, &NOTHING, pat_token::answer).form(&pat_token::INPUT),
    get("health", "/healthz", Public, health::answer),
    get("referencePage", "/", Public, reference::page),
    get("referenceScript", "/reference.js", Public, reference::script),
    get("contract", "/openapi.yaml", Public, reference::contract),

    // The management API.
    get("getSeeds", "/__local/v1/seeds", Management, management::seeds),
    post("createUser", "/__local/v1/users", Management, &management::USER, management::create_user),
    post("createUserToken", "/__local/v1/user-tokens", Management, &management::USER_TOKEN, management::create_user_token),
    post("createConsumerToken", "/__local/v1/consumer-tokens", Management, &management::CONSUMER_TOKEN, management::create_consumer_token),
    post("seedProject", "/__local/v1/projects", Management, &management::PROJECT, management::create_project),
    post("seedToken", "/__local/v1/tokens", Management, &management::TOKEN, management::create_token),
    post("rotateSigningKey", "/__local/v1/signing-keys", Management, &management::ROTATE, management::rotate),
    get("getClock", "/__local/v1/clock", Management, management::clock),
    put("setClock", "/__local/v1/clock", Management, &management::CLOCK, management::set_clock),
    get("listRequests", "/__local/v1/requests", Management, management::requests),
    delete("clearRequests", "/__local/v1/requests", Management, management::clear_requests),
    get("listFaults", "/__local/v1/faults", Management, management::faults),
    post("createFault", "/__local/v1/faults", Management, &super::faults::RULE, management::create_fault),
    delete("clearFaults", "/__local/v1/faults", Management, management::clear_faults),
    delete("deleteFault", "/__local/v1/faults/{faultId}", Management, management::delete_fault),
];

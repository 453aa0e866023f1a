//! Which operations there are, and the rule of each. The operations of the contracts are generated; their rules, and the
//! operations beside the contracts, are listed here.

use std::pin::Pin;
use std::sync::Arc;

use rusqlite::Transaction;
use serde_json::json;

use super::call::Call;
use super::consumer_contract;
use super::contract;
use super::faults;
use super::operation::{Body, Operation, Scheme};
use super::response::{Outcome, Response};
use super::rules::{
    accounts, consumer_token, health, management, pat_token, policies, principals, project_token, projects,
    proxy, reference, tokens, vfs, vfs_permissions, well_known, whoami,
};
use super::schema::{Field, NOTHING, Object};
use crate::store::Store;

/// How an operation responds to a call that was routed, validated and authorized, and what it needs of the database for that.
#[derive(Clone, Copy)]
pub(crate) enum Rule {
    /// Nothing.
    Plain(fn(&Call) -> Outcome),
    /// It reads, and writes nothing.
    Reads(fn(&Call, &Store) -> Outcome),
    /// It is one transaction, which is kept when it does not refuse. Nothing else is written meanwhile, so it has to be short.
    Writes(fn(&Call, &Transaction) -> Outcome),
    /// It reads and writes between other work, which takes long.
    Waits(for<'a> fn(Arc<Call>, &'a Store) -> Eventual<'a>),
}

type Eventual<'a> = Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;

use Rule::{Plain, Reads, Waits, Writes};

/// Every operation.
pub(crate) fn operations() -> impl Iterator<Item = &'static Operation> {
    let of_contracts = CONTRACTS.iter().flat_map(|(operations, _)| operations.iter());
    of_contracts.chain(BESIDE.iter().map(|(operation, _)| operation)).chain(management())
}

fn management() -> impl Iterator<Item = &'static Operation> {
    MANAGEMENT.iter().map(|(operation, ..)| operation)
}

/// The rule of an operation, which is one of [`operations`].
pub(crate) fn rule(operation: &Operation) -> Option<Rule> {
    let is_it = |known: &&Operation| std::ptr::eq(*known, operation);
    let contract = CONTRACTS.iter().find(|(operations, _)| operations.iter().any(|known| is_it(&known)));
    match contract {
        Some((_, rules)) => rules.iter().find(|(id, _)| *id == operation.id).map(|(_, rule)| *rule),
        None => {
            let beside = BESIDE.iter().map(|(known, rule)| (known, rule));
            let mut additional = beside.chain(MANAGEMENT.iter().map(|(known, rule, _)| (known, rule)));
            additional.find(|(known, _)| is_it(known)).map(|(_, rule)| *rule)
        }
    }
}

type Rules = &'static [(&'static str, Rule)];

/// The operations of each contract, and their rules.
static CONTRACTS: [(&[Operation], Rules); 2] =
    [(contract::OPERATIONS, RULES), (consumer_contract::OPERATIONS, CONSUMER_RULES)];

/// The rules of the consumer IAM's operations, by operationId.
const CONSUMER_RULES: Rules = &[
    ("consumerAuthTokenEndpoint", Waits(|call, store| Box::pin(consumer_token::respond(call, store)))),
    ("getAccessVfs", Reads(vfs_permissions::get)),
    ("grantAccessVfs", Writes(vfs_permissions::grant)),
    ("updateAccessVfs", Writes(vfs_permissions::update)),
    ("deleteAccessVfs", Writes(vfs_permissions::delete)),
    ("getWellKnownJwks", Plain(well_known::consumer_key_set)),
];

/// The rules of IAM's operations, by operationId.
const RULES: Rules = &[
    // consumerAuth
    ("consumerAuthTokenEndpoint", Waits(|call, store| Box::pin(consumer_token::respond(call, store)))),
    // sts
    ("createProjectScopedToken", Reads(project_token::create)),
    ("whoami", Plain(whoami::respond)),
    // projects
    ("listProject", Reads(projects::list)),
    ("createProject", Writes(projects::create)),
    ("listPrincipalsOfProject", Reads(principals::list)),
    ("addPrincipalToProject", Writes(principals::add)),
    ("deletePrincipalFromProject", Writes(principals::delete)),
    ("getProject", Reads(projects::get)),
    ("updateProject", Writes(projects::update)),
    // policies
    ("getPolicies", Reads(policies::get)),
    ("updatePolicies", Writes(policies::update)),
    // tokens
    ("listToken", Reads(tokens::list)),
    ("createToken", Writes(tokens::create)),
    ("getToken", Reads(tokens::get)),
    ("updateToken", Writes(tokens::update)),
    ("deleteToken", Writes(tokens::delete)),
    ("listProjectsOfToken", Reads(tokens::list_projects)),
    // accounts
    ("listAccountPasskeys", Plain(accounts::list_passkeys)),
    ("listAccountProviders", Plain(accounts::list_providers)),
    // authz
    ("grantAccessVfs", Writes(vfs::grant)),
    ("updateAccessVfs", Writes(vfs::update)),
    ("deleteAccessVfs", Writes(vfs::delete)),
    // well-known
    ("getWellKnownDid", Plain(well_known::did_document)),
    ("getWellKnownJwks", Plain(well_known::json_web_key_set)),
    // default
    ("v1AuthProxyDelete", Plain(proxy::respond)),
    ("v1AuthProxyGet", Plain(proxy::respond)),
    ("v1AuthProxyPatch", Plain(proxy::respond)),
    ("v1AuthProxyPost", Plain(proxy::respond)),
    ("v1AuthProxyPut", Plain(proxy::respond)),
    ("v1IdpProxyDelete", Plain(proxy::respond)),
    ("v1IdpProxyGet", Plain(proxy::respond)),
    ("v1IdpProxyPatch", Plain(proxy::respond)),
    ("v1IdpProxyPost", Plain(proxy::respond)),
    ("v1IdpProxyPut", Plain(proxy::respond)),
];

use Scheme::{Management, Public};

const fn get(id: &'static str, path: &'static str, scheme: Scheme) -> Operation {
    Operation { id, method: "GET", path, scheme, query: &NOTHING, body: Body::None }
}

const fn delete(id: &'static str, path: &'static str, scheme: Scheme) -> Operation {
    Operation { method: "DELETE", ..get(id, path, scheme) }
}

const fn post(id: &'static str, path: &'static str, scheme: Scheme, body: &'static Object) -> Operation {
    Operation { method: "POST", body: Body::Json(body), ..get(id, path, scheme) }
}

const fn put(id: &'static str, path: &'static str, scheme: Scheme, body: &'static Object) -> Operation {
    Operation { method: "PUT", ..post(id, path, scheme, body) }
}

impl Operation {
    const fn form(self, body: &'static Object) -> Self {
        Self { body: Body::Form(body), ..self }
    }
}

/// The operations beside the contracts, each with its rule: the token endpoint of personal access tokens and the keys of user
/// tokens, health, and the reference page.
#[rustfmt::skip]
static BESIDE: &[(Operation, Rule)] = &[
    (post("patToken", "/auth/oauth2/token", Public, &NOTHING).form(&pat_token::INPUT), Waits(|call, store| Box::pin(pat_token::respond(call, store)))),
    (get("getUserTokenJwks", "/auth/.well-known/jwks.json", Public), Plain(well_known::user_key_set)),
    (get("health", "/healthz", Public), Reads(health::respond)),
    (get("referencePage", "/", Public), Plain(reference::page)),
    (get("referenceScript", "/reference.js", Public), Plain(reference::script)),
    (get("contract", "/openapi.yaml", Public), Plain(reference::contract)),
];

/// The management API: each operation with its rule, and what it does in a line.
#[rustfmt::skip]
static MANAGEMENT: &[(Operation, Rule, &str)] = &[
    (get("listManagement", "/__local/v1", Management), Plain(list_management), "This list"),
    (get("getSeeds", "/__local/v1/seeds", Management), Plain(management::seeds), "Ids of the seeded user, project and personal access token, and its private key"),
    (get("getEnvironment", "/__local/v1/environment", Management), Plain(management::environment), "The environment variables with which a client calls this service"),
    (post("createUser", "/__local/v1/users", Management, &management::USER), Writes(management::create_user), "Creates a user"),
    (post("createUserToken", "/__local/v1/user-tokens", Management, &management::USER_TOKEN), Reads(management::create_user_token), "Issues a user token, of the seeded user by default"),
    (post("createConsumerToken", "/__local/v1/consumer-tokens", Management, &management::CONSUMER_TOKEN), Plain(management::create_consumer_token), "Issues a consumer token of any DID"),
    (post("seedProject", "/__local/v1/projects", Management, &management::PROJECT), Writes(management::create_project), "Creates a project, of the seeded user by default"),
    (post("seedToken", "/__local/v1/tokens", Management, &management::TOKEN), Writes(management::create_token), "Creates a personal access token with all rights in the projects; without authenticationMethod also its key"),
    (post("rotateSigningKey", "/__local/v1/signing-keys", Management, &management::ROTATE), Writes(management::rotate), "Makes new signing keys; earlier tokens stay valid unless keepOthers is false"),
    (get("getClock", "/__local/v1/clock", Management), Plain(management::clock), "The time of the service, and by how much it was moved"),
    (put("setClock", "/__local/v1/clock", Management, &management::CLOCK), Plain(management::set_clock), "Moves the time of the service"),
    (get("listRequests", "/__local/v1/requests", Management), Plain(management::requests), "The last requests, the oldest first, without secrets"),
    (delete("clearRequests", "/__local/v1/requests", Management), Plain(management::clear_requests), "Forgets the requests"),
    (get("listFaults", "/__local/v1/faults", Management), Plain(management::faults), "The fault rules"),
    (post("createFault", "/__local/v1/faults", Management, &faults::RULE), Plain(management::create_fault), "Makes an operation fail"),
    (delete("clearFaults", "/__local/v1/faults", Management), Plain(management::clear_faults), "Removes all fault rules"),
    (delete("deleteFault", "/__local/v1/faults/{faultId}", Management), Plain(management::delete_fault), "Removes a fault rule"),
];

/// `GET /__local/v1`: the operations of the management API, with the fields of their bodies; optional ones end in `?`.
fn list_management(_: &Call) -> Outcome {
    let field = |field: &Field| format!("{}{}", field.name, if field.required { "" } else { "?" });
    let listed = MANAGEMENT.iter().map(|(operation, _, summary)| {
        let mut listed = json!({ "method": operation.method, "path": operation.path, "summary": summary });
        if let (Body::Json(schema), Some(listed)) = (&operation.body, listed.as_object_mut()) {
            listed.insert("body".into(), schema.fields.iter().map(field).collect());
        }
        listed
    });
    Ok(Response::Json(json!({ "operations": listed.collect::<Vec<_>>() })))
}

#[cfg(test)]
mod tests {
    use super::super::operation_names;
    use super::*;

    #[test]
    fn every_operation_has_a_rule() {
        for operation in operations() {
            assert!(rule(operation).is_some(), "{} has no rule", operation.id);
        }
    }

    #[test]
    fn a_fault_rule_can_be_about_every_operation_that_is_not_of_the_management_api() {
        for operation in operations() {
            let is_management = operation.scheme == Management;
            assert_eq!(operation_names::check(operation.id).is_err(), is_management, "{}", operation.id);
        }
        for id in operation_names::BESIDE_CONTRACT {
            assert!(BESIDE.iter().any(|(operation, _)| operation.id == id), "{id}");
        }
    }

    #[test]
    fn every_rule_is_of_an_operation_of_its_contract() {
        for (operations, rules) in &CONTRACTS {
            for (id, _) in *rules {
                assert!(
                    operations.iter().any(|operation| operation.id == *id),
                    "{id} is not in the contract"
                );
            }
        }
    }
}

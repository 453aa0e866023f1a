//! Every operation of the contract, called through its builder with the examples of the contract.

use std::pin::Pin;

use affinidi_tdk_iam_client::{Client, ClientBuilder, Error, RawBody, Response, RetryPolicy};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::contract::{OPERATIONS, Operation};

/// What a call is made with.
pub(crate) struct Given {
    operation: &'static Operation,
    body: Value,
    /// Stands in for every path parameter that takes any text.
    path: Option<String>,
    headers: Vec<(String, String)>,
}

impl Given {
    fn body<T: DeserializeOwned>(&self) -> T {
        serde_json::from_value(self.body.clone()).unwrap()
    }

    fn example<T: DeserializeOwned>(&self, name: &str) -> T {
        serde_json::from_value(self.operation.parameter(name)["example"].clone()).unwrap()
    }

    fn text(&self, name: &str) -> String {
        self.path.clone().unwrap_or_else(|| self.example(name))
    }
}

/// A call that is ready to be awaited.
pub(crate) struct Call {
    /// What the request builder prints.
    pub(crate) debug: String,
    /// How many bytes the future of `.send()` has.
    pub(crate) size: usize,
    /// `Send` by its type: every call can be spawned.
    pub(crate) outcome: Pin<Box<dyn Future<Output = Result<Response<Value>, Error>> + Send>>,
}

/// How an operation is called in one test.
pub(crate) struct Caller {
    given: Given,
    call: fn(&Client, &Given) -> Call,
}

impl Caller {
    /// The operation with the examples of the contract.
    pub(crate) fn of(operation: &'static Operation) -> Self {
        let (_, call) = TABLE.iter().find(|(id, _)| *id == operation.id).expect(operation.id);
        let body = operation.body().map(|(_, content)| content["example"].clone()).unwrap_or_default();
        Self { given: Given { operation, body, path: None, headers: Vec::new() }, call: *call }
    }

    pub(crate) fn with_body(mut self, body: Value) -> Self {
        self.given.body = body;
        self
    }

    pub(crate) fn with_path(mut self, value: &str) -> Self {
        self.given.path = Some(value.to_owned());
        self
    }

    pub(crate) fn with_header(mut self, name: &str, value: &str) -> Self {
        self.given.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn call(&self, client: &Client) -> Call {
        (self.call)(client, &self.given)
    }

    pub(crate) async fn send(&self, client: &Client) -> Result<Response<Value>, Error> {
        self.call(client).outcome.await
    }
}

/// All callers, one for each operation of the contract.
pub(crate) fn callers() -> impl Iterator<Item = (&'static Operation, Caller)> {
    OPERATIONS.values().map(|operation| (operation, Caller::of(operation)))
}

/// The operations that [`TABLE`] calls.
pub(crate) fn called() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|(id, _)| *id)
}

/// Where every client of these tests starts, except those that test the defaults.
pub(crate) fn client_of(base_url: &str) -> ClientBuilder {
    // One attempt: what is counted here is what one call sends; tests/retry.rs counts the rest.
    Client::builder().base_url(base_url).retry_policy(RetryPolicy::never())
}

macro_rules! operations {
    (|$client:ident, $given:ident| $($id:literal: $read:ident $builder:expr;)+) => {
        const TABLE: &[(&str, fn(&Client, &Given) -> Call)] = &[$(($id, |$client, $given| {
            let size = size_of_val(&$builder.send());
            let headers = $given.headers.iter();
            let builder = headers.fold($builder, |builder, (name, value)| builder.header(name, value));
            Call {
                debug: format!("{builder:?} {builder:#?}"),
                size,
                outcome: Box::pin(async move { Ok(builder.with_response().await?.map($read)) }),
            }
        })),+];
    };
}

operations! { |client, given|
    "addPrincipalToProject": json client.projects().add_principal_to_project(given.body());
    "consumerAuthTokenEndpoint": json client.consumer_auth().consumer_auth_token_endpoint(given.body());
    "createProject": json client.projects().create_project(given.body());
    "createProjectScopedToken": json client.sts().create_project_scoped_token(given.body());
    "createToken": json client.tokens().create_token(given.body());
    "deleteAccessVfs": json client.authz().delete_access_vfs(given.text("granteeDid"));
    "deletePrincipalFromProject": json client.projects()
        .delete_principal_from_project(given.text("principalId"), given.example("principalType"));
    "deleteToken": json client.tokens().delete_token(given.example("tokenId"));
    "getPolicies": json client.policies().get_policies(given.text("principalId"), given.example("principalType"));
    "getProject": json client.projects().get_project(given.text("projectId"));
    "getToken": json client.tokens().get_token(given.example("tokenId"));
    "getWellKnownDid": json client.well_known().get_well_known_did();
    "getWellKnownJwks": json client.well_known().get_well_known_jwks();
    "grantAccessVfs": json client.authz().grant_access_vfs(given.body());
    "listPrincipalsOfProject": json client.projects().list_principals_of_project()
        .limit(given.example("limit")).exclusive_start_key(given.example::<String>("exclusiveStartKey"));
    "listProject": json client.projects().list_project()
        .limit(given.example("limit")).exclusive_start_key(given.example::<String>("exclusiveStartKey"));
    "listProjectsOfToken": json client.tokens().list_projects_of_token(given.example("tokenId"))
        .limit(given.example("limit")).exclusive_start_key(given.example::<String>("exclusiveStartKey"));
    "listToken": json client.tokens().list_token()
        .limit(given.example("limit")).exclusive_start_key(given.example::<String>("exclusiveStartKey"));
    "updateAccessVfs": json client.authz().update_access_vfs(given.text("granteeDid"), given.body());
    "updatePolicies": json client.policies()
        .update_policies(given.text("principalId"), given.example("principalType"), given.body());
    "updateProject": json client.projects().update_project(given.text("projectId"), given.body());
    "updateToken": json client.tokens().update_token(given.example("tokenId"), given.body());
    "v1AuthProxyDelete": raw client.default_api().v1_auth_proxy_delete(given.text("proxy")).query(PAIR.0, PAIR.1);
    "v1AuthProxyGet": raw client.default_api().v1_auth_proxy_get(given.text("proxy")).query(PAIR.0, PAIR.1);
    "v1AuthProxyPatch": raw client.default_api().v1_auth_proxy_patch(given.text("proxy"))
        .query(PAIR.0, PAIR.1).body(MEDIA_TYPE, BODY);
    "v1AuthProxyPost": raw client.default_api().v1_auth_proxy_post(given.text("proxy"))
        .query(PAIR.0, PAIR.1).body(MEDIA_TYPE, BODY);
    "v1AuthProxyPut": raw client.default_api().v1_auth_proxy_put(given.text("proxy"))
        .query(PAIR.0, PAIR.1).body(MEDIA_TYPE, BODY);
    "v1IdpProxyDelete": raw client.default_api().v1_idp_proxy_delete(given.text("proxy")).query(PAIR.0, PAIR.1);
    "v1IdpProxyGet": raw client.default_api().v1_idp_proxy_get(given.text("proxy")).query(PAIR.0, PAIR.1);
    "v1IdpProxyPatch": raw client.default_api().v1_idp_proxy_patch(given.text("proxy"))
        .query(PAIR.0, PAIR.1).body(MEDIA_TYPE, BODY);
    "v1IdpProxyPost": raw client.default_api().v1_idp_proxy_post(given.text("proxy"))
        .query(PAIR.0, PAIR.1).body(MEDIA_TYPE, BODY);
    "v1IdpProxyPut": raw client.default_api().v1_idp_proxy_put(given.text("proxy"))
        .query(PAIR.0, PAIR.1).body(MEDIA_TYPE, BODY);
    "whoami": json client.sts().whoami();
}

/// What a proxy operation is called with.
pub(crate) const PAIR: (&str, &str) = ("login hint", "a+b&c=d é");
pub(crate) const MEDIA_TYPE: &str = "application/octet-stream";
pub(crate) const BODY: &[u8] = b"\0\xff not JSON";

fn json(value: impl Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

fn raw(body: RawBody) -> Value {
    Value::String(body.text().unwrap().to_owned())
}

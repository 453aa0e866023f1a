// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

//! A call of every operation, for tests that treat all of them alike.

/// Calls the macro `$receiver` with the operationId of every operation, the function that turns its output into JSON, and
/// a call in which `given` stands for the values of the contract's examples. A query of any names is `PAIR`, a body of any
/// media type is `MEDIA_TYPE` and `BODY`.
macro_rules! for_each_operation {
    ($receiver:ident) => {
        $receiver! { |client, given|
            "listAccountPasskeys": json client.accounts().list_account_passkeys();
            "listAccountProviders": json client.accounts().list_account_providers();
            "deleteAccessVfs": json client.authz().delete_access_vfs(given.text("granteeDid"));
            "grantAccessVfs": json client.authz().grant_access_vfs(given.body());
            "updateAccessVfs": json client.authz().update_access_vfs(given.text("granteeDid"), given.body());
            "consumerAuthTokenEndpoint": json client.consumer_auth().consumer_auth_token_endpoint(given.body());
            "v1AuthProxyDelete": raw client.default_api().v1_auth_proxy_delete(given.text("proxy")).query(PAIR.0, PAIR.1);
            "v1AuthProxyGet": raw client.default_api().v1_auth_proxy_get(given.text("proxy")).query(PAIR.0, PAIR.1);
            "v1AuthProxyPatch": raw client.default_api().v1_auth_proxy_patch(given.text("proxy")).query(PAIR.0, PAIR.1).body(MEDIA_TYPE, BODY);
            "v1AuthProxyPost": raw client.default_api().v1_auth_proxy_post(given.text("proxy")).query(PAIR.0, PAIR.1).body(MEDIA_TYPE, BODY);
            "v1AuthProxyPut": raw client.default_api().v1_auth_proxy_put(given.text("proxy")).query(PAIR.0, PAIR.1).body(MEDIA_TYPE, BODY);
            "v1IdpProxyDelete": raw client.default_api().v1_idp_proxy_delete(given.text("proxy")).query(PAIR.0, PAIR.1);
            "v1IdpProxyGet": raw client.default_api().v1_idp_proxy_get(given.text("proxy")).query(PAIR.0, PAIR.1);
            "v1IdpProxyPatch": raw client.default_api().v1_idp_proxy_patch(given.text("proxy")).query(PAIR.0, PAIR.1).body(MEDIA_TYPE, BODY);
            "v1IdpProxyPost": raw client.default_api().v1_idp_proxy_post(given.text("proxy")).query(PAIR.0, PAIR.1).body(MEDIA_TYPE, BODY);
            "v1IdpProxyPut": raw client.default_api().v1_idp_proxy_put(given.text("proxy")).query(PAIR.0, PAIR.1).body(MEDIA_TYPE, BODY);
            "getPolicies": json client.policies().get_policies(given.text("principalId"), given.example("principalType"));
            "updatePolicies": json client.policies().update_policies(given.text("principalId"), given.example("principalType"), given.body());
            "addPrincipalToProject": json client.projects().add_principal_to_project(given.body());
            "createProject": json client.projects().create_project(given.body());
            "deletePrincipalFromProject": json client.projects().delete_principal_from_project(given.text("principalId"), given.example("principalType"));
            "getProject": json client.projects().get_project(given.text("projectId"));
            "listPrincipalsOfProject": json client.projects().list_principals_of_project().limit(given.example("limit")).exclusive_start_key(given.example::<String>("exclusiveStartKey"));
            "listProject": json client.projects().list_project().limit(given.example("limit")).exclusive_start_key(given.example::<String>("exclusiveStartKey"));
            "updateProject": json client.projects().update_project(given.text("projectId"), given.body());
            "createProjectScopedToken": json client.sts().create_project_scoped_token(given.body());
            "whoami": json client.sts().whoami();
            "createToken": json client.tokens().create_token(given.body());
            "deleteToken": json client.tokens().delete_token(given.example("tokenId"));
            "getToken": json client.tokens().get_token(given.example("tokenId"));
            "listProjectsOfToken": json client.tokens().list_projects_of_token(given.example("tokenId")).limit(given.example("limit")).exclusive_start_key(given.example::<String>("exclusiveStartKey"));
            "listToken": json client.tokens().list_token().limit(given.example("limit")).exclusive_start_key(given.example::<String>("exclusiveStartKey"));
            "updateToken": json client.tokens().update_token(given.example("tokenId"), given.body());
            "getWellKnownDid": json client.well_known().get_well_known_did();
            "getWellKnownJwks": json client.well_known().get_well_known_jwks();
        }
    };
}
pub(crate) use for_each_operation;

// Generated from openapi.consumer-iam.yaml: change the contract or a template, then run openapi-generator/generate.py.

//! A call of every operation, for tests that treat all of them alike.

/// Calls the macro `$receiver` with the operationId of every operation, the function that turns its output into JSON, and
/// a call in which `given` stands for the values of the contract's examples. A query of any names is `PAIR`, a body of any
/// media type is `MEDIA_TYPE` and `BODY`.
macro_rules! for_each_operation {
    ($receiver:ident) => {
        $receiver! { |client, given|
            "deleteAccessVfs": json client.consumer_iam().authz().delete_access_vfs(given.text("granteeDid"));
            "getAccessVfs": json client.consumer_iam().authz().get_access_vfs(given.text("granteeDid"));
            "grantAccessVfs": json client.consumer_iam().authz().grant_access_vfs(given.text("granteeDid"), given.body());
            "updateAccessVfs": json client.consumer_iam().authz().update_access_vfs(given.text("granteeDid"), given.body());
            "consumerAuthTokenEndpoint": json client.consumer_iam().consumer_auth().consumer_auth_token_endpoint(given.body());
            "getWellKnownJwks": json client.consumer_iam().well_known().get_well_known_jwks();
        }
    };
}
pub(crate) use for_each_operation;

// Generated from openapi.consumer-iam.yaml: change the contract or a template, then run openapi-generator/generate.py.

//! Every model, for tests and fuzz targets that treat all of them alike.

/// Calls the macro `$receiver` with the name of every model in Rust and the name of its schema.
macro_rules! for_each_model {
    ($receiver:ident) => {
        $receiver! {
            ClientAssertionType "ClientAssertionType",
            ConsumerAuthTokenEndpointInput "ConsumerAuthTokenEndpointInput",
            ConsumerAuthTokenEndpointOutput "ConsumerAuthTokenEndpointOutput",
            GetAccessOutput "GetAccessOutput",
            GrantAccessInput "GrantAccessInput",
            GrantAccessOutput "GrantAccessOutput",
            GrantType "GrantType",
            InvalidDidError "InvalidDIDError",
            InvalidJwtTokenError "InvalidJwtTokenError",
            JsonWebKeyDto "JsonWebKeyDto",
            JsonWebKeySetDto "JsonWebKeySetDto",
            Permission "Permission",
            RightsEnum "RightsEnum",
            UnauthorizedError "UnauthorizedError",
            UnexpectedError "UnexpectedError",
            UnexpectedErrorDetailsInner "UnexpectedErrorDetailsInner",
            UpdateAccessInput "UpdateAccessInput",
            UpdateAccessOutput "UpdateAccessOutput",
        }
    };
}
pub(crate) use for_each_model;

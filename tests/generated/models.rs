// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

//! Every model, for tests and fuzz targets that treat all of them alike.

/// Calls the macro `$receiver` with the name of every model in Rust and the name of its schema.
macro_rules! for_each_model {
    ($receiver:ident) => {
        $receiver! {
            ActionForbiddenError "ActionForbiddenError",
            AddUserToProjectInput "AddUserToProjectInput",
            AuthenticationMethodType "AuthenticationMethodType",
            ClientAssertionType "ClientAssertionType",
            ConsumerAuthTokenEndpointInput "ConsumerAuthTokenEndpointInput",
            ConsumerAuthTokenEndpointOutput "ConsumerAuthTokenEndpointOutput",
            CreateProjectInput "CreateProjectInput",
            CreateProjectScopedTokenInput "CreateProjectScopedTokenInput",
            CreateProjectScopedTokenOutput "CreateProjectScopedTokenOutput",
            CreateTokenInput "CreateTokenInput",
            GrantAccessInput "GrantAccessInput",
            GrantAccessOutput "GrantAccessOutput",
            GrantType "GrantType",
            IdToken "IdToken",
            InvalidDidError "InvalidDIDError",
            InvalidParameterError "InvalidParameterError",
            JsonWebKeyDto "JsonWebKeyDto",
            JsonWebKeySetDto "JsonWebKeySetDto",
            NotFoundError "NotFoundError",
            PolicyDto "PolicyDto",
            PolicyStatementDto "PolicyStatementDto",
            PrincipalCannotBeDeletedError "PrincipalCannotBeDeletedError",
            PrincipalDoesNotBelongToProjectError "PrincipalDoesNotBelongToProjectError",
            PrincipalType "PrincipalType",
            ProjectDto "ProjectDto",
            ProjectList "ProjectList",
            ProjectWithPolicyDto "ProjectWithPolicyDto",
            ProjectWithPolicyList "ProjectWithPolicyList",
            RightsEnum "RightsEnum",
            SigningAlgorithm "SigningAlgorithm",
            TokenDto "TokenDto",
            TokenList "TokenList",
            TokenPrivateKeyAuthenticationMethodDto "TokenPrivateKeyAuthenticationMethodDto",
            TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfo "TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfo",
            TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoJwks "TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoJwks",
            TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoJwksUri "TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoJwksUri",
            UnauthorizedError "UnauthorizedError",
            UnexpectedError "UnexpectedError",
            UnexpectedErrorDetailsInner "UnexpectedErrorDetailsInner",
            UpdateAccessInput "UpdateAccessInput",
            UpdateAccessOutput "UpdateAccessOutput",
            UpdateProjectInput "UpdateProjectInput",
            UpdateTokenInput "UpdateTokenInput",
            UpdateTokenPrivateKeyAuthenticationMethodDto "UpdateTokenPrivateKeyAuthenticationMethodDto",
            UserDto "UserDto",
            UserList "UserList",
            WhoamiDto "WhoamiDto",
        }
    };
}
pub(crate) use for_each_model;

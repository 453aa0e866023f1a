// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

//! The operations of the contract and the schemas of their requests. `routes` adds the rules, `narrowing` what the service
//! demands beyond these schemas.

use super::operation::{Body, Operation, Scheme};
use super::schema::{Field, NOTHING, Object, Shape};

/// The operations, one group per tag.
pub(crate) static OPERATIONS: &[Operation] = &[
    Operation {
        id: "listAccountPasskeys",
        method: "GET",
        path: "/iam/v1/accounts/passkeys",
        scheme: Scheme::User,
        query: &NOTHING,
        body: Body::None,
    },
    Operation {
        id: "listAccountProviders",
        method: "GET",
        path: "/iam/v1/accounts/providers",
        scheme: Scheme::User,
        query: &NOTHING,
        body: Body::None,
    },
    Operation {
        id: "deleteAccessVfs",
        method: "DELETE",
        path: "/iam/v1/authz/vfs/access/{granteeDid}",
        scheme: Scheme::Consumer,
        query: &NOTHING,
        body: Body::None,
    },
    Operation {
        id: "grantAccessVfs",
        method: "POST",
        path: "/iam/v1/authz/vfs/access",
        scheme: Scheme::Consumer,
        query: &NOTHING,
        body: Body::Json(&GRANT_ACCESS_INPUT),
    },
    Operation {
        id: "updateAccessVfs",
        method: "PUT",
        path: "/iam/v1/authz/vfs/access/{granteeDid}",
        scheme: Scheme::Consumer,
        query: &NOTHING,
        body: Body::Json(&UPDATE_ACCESS_INPUT),
    },
    Operation {
        id: "consumerAuthTokenEndpoint",
        method: "POST",
        path: "/iam/v1/consumer/oauth2/token",
        scheme: Scheme::Public,
        query: &NOTHING,
        body: Body::Json(&CONSUMER_AUTH_TOKEN_ENDPOINT_INPUT),
    },
    Operation {
        id: "v1AuthProxyDelete",
        method: "DELETE",
        path: "/iam/v1/auth/{proxy+}",
        scheme: Scheme::Public,
        query: &NOTHING,
        body: Body::None,
    },
    Operation {
        id: "v1AuthProxyGet",
        method: "GET",
        path: "/iam/v1/auth/{proxy+}",
        scheme: Scheme::Public,
        query: &NOTHING,
        body: Body::None,
    },
    Operation {
        id: "v1AuthProxyPatch",
        method: "PATCH",
        path: "/iam/v1/auth/{proxy+}",
        scheme: Scheme::Public,
        query: &NOTHING,
        body: Body::Raw,
    },
    Operation {
        id: "v1AuthProxyPost",
        method: "POST",
        path: "/iam/v1/auth/{proxy+}",
        scheme: Scheme::Public,
        query: &NOTHING,
        body: Body::Raw,
    },
    Operation {
        id: "v1AuthProxyPut",
        method: "PUT",
        path: "/iam/v1/auth/{proxy+}",
        scheme: Scheme::Public,
        query: &NOTHING,
        body: Body::Raw,
    },
    Operation {
        id: "v1IdpProxyDelete",
        method: "DELETE",
        path: "/iam/v1/idp/{proxy+}",
        scheme: Scheme::Public,
        query: &NOTHING,
        body: Body::None,
    },
    Operation {
        id: "v1IdpProxyGet",
        method: "GET",
        path: "/iam/v1/idp/{proxy+}",
        scheme: Scheme::Public,
        query: &NOTHING,
        body: Body::None,
    },
    Operation {
        id: "v1IdpProxyPatch",
        method: "PATCH",
        path: "/iam/v1/idp/{proxy+}",
        scheme: Scheme::Public,
        query: &NOTHING,
        body: Body::Raw,
    },
    Operation {
        id: "v1IdpProxyPost",
        method: "POST",
        path: "/iam/v1/idp/{proxy+}",
        scheme: Scheme::Public,
        query: &NOTHING,
        body: Body::Raw,
    },
    Operation {
        id: "v1IdpProxyPut",
        method: "PUT",
        path: "/iam/v1/idp/{proxy+}",
        scheme: Scheme::Public,
        query: &NOTHING,
        body: Body::Raw,
    },
    Operation {
        id: "getPolicies",
        method: "GET",
        path: "/iam/v1/policies/principals/{principalId}",
        scheme: Scheme::Project,
        query: &Object::open(&[Field::required("principalType", Shape::OneOf(PRINCIPAL_TYPE))]),
        body: Body::None,
    },
    Operation {
        id: "updatePolicies",
        method: "PUT",
        path: "/iam/v1/policies/principals/{principalId}",
        scheme: Scheme::Project,
        query: &Object::open(&[Field::required("principalType", Shape::OneOf(PRINCIPAL_TYPE))]),
        body: Body::Json(&POLICY_DTO),
    },
    Operation {
        id: "addPrincipalToProject",
        method: "POST",
        path: "/iam/v1/projects/principals",
        scheme: Scheme::Project,
        query: &NOTHING,
        body: Body::Json(&ADD_USER_TO_PROJECT_INPUT),
    },
    Operation {
        id: "createProject",
        method: "POST",
        path: "/iam/v1/projects",
        scheme: Scheme::User,
        query: &NOTHING,
        body: Body::Json(&CREATE_PROJECT_INPUT),
    },
    Operation {
        id: "deletePrincipalFromProject",
        method: "DELETE",
        path: "/iam/v1/projects/principals/{principalId}",
        scheme: Scheme::Project,
        query: &Object::open(&[Field::required("principalType", Shape::OneOf(PRINCIPAL_TYPE))]),
        body: Body::None,
    },
    Operation {
        id: "getProject",
        method: "GET",
        path: "/iam/v1/projects/{projectId}",
        scheme: Scheme::User,
        query: &NOTHING,
        body: Body::None,
    },
    Operation {
        id: "listPrincipalsOfProject",
        method: "GET",
        path: "/iam/v1/projects/principals",
        scheme: Scheme::Project,
        query: &Object::open(&[
            Field::optional("limit", Shape::Integer(1, 100)),
            Field::optional("exclusiveStartKey", Shape::TextUpTo(3000)),
        ]),
        body: Body::None,
    },
    Operation {
        id: "listProject",
        method: "GET",
        path: "/iam/v1/projects",
        scheme: Scheme::User,
        query: &Object::open(&[
            Field::optional("limit", Shape::Integer(1, 100)),
            Field::optional("exclusiveStartKey", Shape::TextUpTo(3000)),
        ]),
        body: Body::None,
    },
    Operation {
        id: "updateProject",
        method: "PATCH",
        path: "/iam/v1/projects/{projectId}",
        scheme: Scheme::User,
        query: &NOTHING,
        body: Body::Json(&UPDATE_PROJECT_INPUT),
    },
    Operation {
        id: "createProjectScopedToken",
        method: "POST",
        path: "/iam/v1/sts/create-project-scoped-token",
        scheme: Scheme::User,
        query: &NOTHING,
        body: Body::Json(&CREATE_PROJECT_SCOPED_TOKEN_INPUT),
    },
    Operation {
        id: "whoami",
        method: "GET",
        path: "/iam/v1/sts/whoami",
        scheme: Scheme::User,
        query: &NOTHING,
        body: Body::None,
    },
    Operation {
        id: "createToken",
        method: "POST",
        path: "/iam/v1/tokens",
        scheme: Scheme::User,
        query: &NOTHING,
        body: Body::Json(&CREATE_TOKEN_INPUT),
    },
    Operation {
        id: "deleteToken",
        method: "DELETE",
        path: "/iam/v1/tokens/{tokenId}",
        scheme: Scheme::User,
        query: &NOTHING,
        body: Body::None,
    },
    Operation {
        id: "getToken",
        method: "GET",
        path: "/iam/v1/tokens/{tokenId}",
        scheme: Scheme::User,
        query: &NOTHING,
        body: Body::None,
    },
    Operation {
        id: "listProjectsOfToken",
        method: "GET",
        path: "/iam/v1/tokens/{tokenId}/projects",
        scheme: Scheme::User,
        query: &Object::open(&[
            Field::optional("limit", Shape::Integer(1, 100)),
            Field::optional("exclusiveStartKey", Shape::TextUpTo(3000)),
        ]),
        body: Body::None,
    },
    Operation {
        id: "listToken",
        method: "GET",
        path: "/iam/v1/tokens",
        scheme: Scheme::User,
        query: &Object::open(&[
            Field::optional("limit", Shape::Integer(1, 100)),
            Field::optional("exclusiveStartKey", Shape::TextUpTo(3000)),
        ]),
        body: Body::None,
    },
    Operation {
        id: "updateToken",
        method: "PATCH",
        path: "/iam/v1/tokens/{tokenId}",
        scheme: Scheme::User,
        query: &NOTHING,
        body: Body::Json(&UPDATE_TOKEN_INPUT),
    },
    Operation {
        id: "getWellKnownDid",
        method: "GET",
        path: "/iam/.well-known/did.json",
        scheme: Scheme::Public,
        query: &NOTHING,
        body: Body::None,
    },
    Operation {
        id: "getWellKnownJwks",
        method: "GET",
        path: "/iam/.well-known/jwks.json",
        scheme: Scheme::Public,
        query: &NOTHING,
        body: Body::None,
    },
];

pub(crate) const ADD_USER_TO_PROJECT_INPUT: Object = Object {
    name: "AddUserToProjectInput",
    open: false,
    fields: &[Field::required("principalId", Shape::Text), Field::required("principalType", Shape::Text)],
};

pub(crate) const AUTHENTICATION_METHOD_TYPE: &[&str] = &["PRIVATE_KEY"];

pub(crate) const CLIENT_ASSERTION_TYPE: &[&str] = &[
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    "urn:ietf:params:oauth:delegation-assertion-type:jwt-bearer",
];

pub(crate) const CONSUMER_AUTH_TOKEN_ENDPOINT_INPUT: Object = Object {
    name: "ConsumerAuthTokenEndpointInput",
    open: true,
    fields: &[
        Field::required("grant_type", Shape::OneOf(GRANT_TYPE)),
        Field::optional("code", Shape::Text),
        Field::optional("refresh_token", Shape::Text),
        Field::optional("redirect_uri", Shape::Text),
        Field::optional("client_id", Shape::Text),
        Field::required("client_assertion_type", Shape::OneOf(CLIENT_ASSERTION_TYPE)),
        Field::required("client_assertion", Shape::Text),
    ],
};

pub(crate) const CREATE_PROJECT_INPUT: Object = Object {
    name: "CreateProjectInput",
    open: false,
    fields: &[Field::required("name", Shape::TextUpTo(100)), Field::optional("description", Shape::Text)],
};

pub(crate) const CREATE_PROJECT_SCOPED_TOKEN_INPUT: Object = Object {
    name: "CreateProjectScopedTokenInput",
    open: false,
    fields: &[Field::required("projectId", Shape::Text)],
};

pub(crate) const CREATE_TOKEN_INPUT: Object = Object {
    name: "CreateTokenInput",
    open: false,
    fields: &[
        Field::required("name", Shape::Text),
        Field::required("authenticationMethod", Shape::Object(&TOKEN_PRIVATE_KEY_AUTHENTICATION_METHOD_DTO)),
        Field::optional("description", Shape::Text),
    ],
};

pub(crate) const GRANT_ACCESS_INPUT: Object = Object {
    name: "GrantAccessInput",
    open: false,
    fields: &[
        Field::required("granteeDid", Shape::Text),
        Field::required("rights", Shape::NonEmptyList(&Shape::OneOf(RIGHTS_ENUM))),
    ],
};

pub(crate) const GRANT_TYPE: &[&str] = &["client_credentials", "affinidi_delegation"];

pub(crate) const JSON_WEB_KEY_DTO: Object = Object {
    name: "JsonWebKeyDto",
    open: false,
    fields: &[
        Field::required("kid", Shape::Text),
        Field::required("kty", Shape::Text),
        Field::optional("n", Shape::Text),
        Field::optional("e", Shape::Text),
        Field::optional("x", Shape::Text),
        Field::optional("y", Shape::Text),
        Field::optional("crv", Shape::Text),
        Field::required("alg", Shape::Text),
        Field::required("use", Shape::Text),
    ],
};

pub(crate) const JSON_WEB_KEY_SET_DTO: Object = Object {
    name: "JsonWebKeySetDto",
    open: false,
    fields: &[Field::required("keys", Shape::NonEmptyList(&Shape::Object(&JSON_WEB_KEY_DTO)))],
};

pub(crate) const POLICY_DTO: Object = Object {
    name: "PolicyDto",
    open: true,
    fields: &[
        Field::optional("name", Shape::Text),
        Field::optional("description", Shape::Text),
        Field::optional("principalId", Shape::Text),
        Field::optional("projectId", Shape::Text),
        Field::required("version", Shape::Text),
        Field::required("statement", Shape::List(&Shape::Object(&POLICY_STATEMENT_DTO))),
    ],
};

pub(crate) const POLICY_STATEMENT_DTO: Object = Object {
    name: "PolicyStatementDto",
    open: true,
    fields: &[
        Field::required("action", Shape::List(&Shape::Text)),
        Field::required("effect", Shape::Text),
        Field::required("principal", Shape::List(&Shape::Text)),
        Field::required("resource", Shape::List(&Shape::Text)),
    ],
};

pub(crate) const PRINCIPAL_TYPE: &[&str] = &["user", "token"];

pub(crate) const RIGHTS_ENUM: &[&str] = &["vfs-read", "vfs-write"];

pub(crate) const SIGNING_ALGORITHM: &[&str] = &["RS256", "RS512", "ES256", "ES512"];

pub(crate) const TOKEN_PRIVATE_KEY_AUTHENTICATION_METHOD_DTO: Object = Object {
    name: "TokenPrivateKeyAuthenticationMethodDto",
    open: false,
    fields: &[
        Field::required("type", Shape::OneOf(AUTHENTICATION_METHOD_TYPE)),
        Field::required("signingAlgorithm", Shape::OneOf(SIGNING_ALGORITHM)),
        Field::required(
            "publicKeyInfo",
            Shape::Either(&[
                &TOKEN_PRIVATE_KEY_AUTHENTICATION_METHOD_DTO_PUBLIC_KEY_INFO_JWKS,
                &TOKEN_PRIVATE_KEY_AUTHENTICATION_METHOD_DTO_PUBLIC_KEY_INFO_JWKS_URI,
            ]),
        ),
    ],
};

pub(crate) const TOKEN_PRIVATE_KEY_AUTHENTICATION_METHOD_DTO_PUBLIC_KEY_INFO_JWKS: Object = Object {
    name: "TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoJwks",
    open: false,
    fields: &[Field::required("jwks", Shape::Object(&JSON_WEB_KEY_SET_DTO))],
};

pub(crate) const TOKEN_PRIVATE_KEY_AUTHENTICATION_METHOD_DTO_PUBLIC_KEY_INFO_JWKS_URI: Object = Object {
    name: "TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoJwksUri",
    open: false,
    fields: &[Field::required("jwksUri", Shape::Text)],
};

pub(crate) const UPDATE_ACCESS_INPUT: Object = Object {
    name: "UpdateAccessInput",
    open: false,
    fields: &[Field::required("rights", Shape::NonEmptyList(&Shape::OneOf(RIGHTS_ENUM)))],
};

pub(crate) const UPDATE_PROJECT_INPUT: Object = Object {
    name: "UpdateProjectInput",
    open: false,
    fields: &[
        Field::optional("name", Shape::TextUpTo(100)),
        Field::optional("description", Shape::Text),
        Field::optional("identityVerificationEnabled", Shape::Bool),
    ],
};

pub(crate) const UPDATE_TOKEN_INPUT: Object = Object {
    name: "UpdateTokenInput",
    open: false,
    fields: &[
        Field::optional("name", Shape::Text),
        Field::optional(
            "authenticationMethod",
            Shape::Object(&UPDATE_TOKEN_PRIVATE_KEY_AUTHENTICATION_METHOD_DTO),
        ),
    ],
};

pub(crate) const UPDATE_TOKEN_PRIVATE_KEY_AUTHENTICATION_METHOD_DTO: Object = Object {
    name: "UpdateTokenPrivateKeyAuthenticationMethodDto",
    open: false,
    fields: &[
        Field::optional("type", Shape::OneOf(AUTHENTICATION_METHOD_TYPE)),
        Field::optional("signingAlgorithm", Shape::OneOf(SIGNING_ALGORITHM)),
        Field::optional(
            "publicKeyInfo",
            Shape::Either(&[
                &TOKEN_PRIVATE_KEY_AUTHENTICATION_METHOD_DTO_PUBLIC_KEY_INFO_JWKS,
                &TOKEN_PRIVATE_KEY_AUTHENTICATION_METHOD_DTO_PUBLIC_KEY_INFO_JWKS_URI,
            ]),
        ),
    ],
};

// Generated from openapi.consumer-iam.yaml: change the contract or a template, then run openapi-generator/generate.py.

//! The operations of the contract and the schemas of their requests. `routes` adds the rules, `narrowing` what the service
//! demands beyond these schemas.

use super::operation::{Body, Operation, Scheme};
use super::schema::{Field, NOTHING, Object, Shape};

/// The operations, one group per tag.
pub(crate) static OPERATIONS: &[Operation] = &[
    Operation {
        id: "deleteAccessVfs",
        method: "DELETE",
        path: "/cid/v1/authz/vfs/access/{granteeDid}",
        scheme: Scheme::Consumer,
        query: &NOTHING,
        body: Body::None,
    },
    Operation {
        id: "getAccessVfs",
        method: "GET",
        path: "/cid/v1/authz/vfs/access/{granteeDid}",
        scheme: Scheme::Consumer,
        query: &NOTHING,
        body: Body::None,
    },
    Operation {
        id: "grantAccessVfs",
        method: "POST",
        path: "/cid/v1/authz/vfs/access/{granteeDid}",
        scheme: Scheme::Consumer,
        query: &NOTHING,
        body: Body::Json(&GRANT_ACCESS_INPUT),
    },
    Operation {
        id: "updateAccessVfs",
        method: "PUT",
        path: "/cid/v1/authz/vfs/access/{granteeDid}",
        scheme: Scheme::Consumer,
        query: &NOTHING,
        body: Body::Json(&UPDATE_ACCESS_INPUT),
    },
    Operation {
        id: "consumerAuthTokenEndpoint",
        method: "POST",
        path: "/cid/v1/consumer/oauth2/token",
        scheme: Scheme::Public,
        query: &NOTHING,
        body: Body::Json(&CONSUMER_AUTH_TOKEN_ENDPOINT_INPUT),
    },
    Operation {
        id: "getWellKnownJwks",
        method: "GET",
        path: "/cid/.well-known/jwks.json",
        scheme: Scheme::Public,
        query: &NOTHING,
        body: Body::None,
    },
];

pub(crate) const CLIENT_ASSERTION_TYPE: &[&str] = &[
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    "urn:ietf:params:oauth:delegation-assertion-type:jwt-bearer",
];

pub(crate) const CONSUMER_AUTH_TOKEN_ENDPOINT_INPUT: Object = Object {
    name: "ConsumerAuthTokenEndpointInput",
    open: false,
    fields: &[
        Field::required("grant_type", Shape::OneOf(GRANT_TYPE)),
        Field::required("client_assertion_type", Shape::OneOf(CLIENT_ASSERTION_TYPE)),
        Field::required("client_assertion", Shape::Text),
        Field::required("client_id", Shape::Text),
    ],
};

pub(crate) const GRANT_ACCESS_INPUT: Object = Object {
    name: "GrantAccessInput",
    open: true,
    fields: &[Field::required("permissions", Shape::NonEmptyList(&Shape::Object(&PERMISSION)))],
};

pub(crate) const GRANT_TYPE: &[&str] = &["client_credentials", "affinidi_delegation"];

pub(crate) const PERMISSION: Object = Object {
    name: "Permission",
    open: true,
    fields: &[
        Field::required("rights", Shape::List(&Shape::OneOf(RIGHTS_ENUM))),
        Field::required("nodeIds", Shape::List(&Shape::Text)),
        Field::optional("expiresAt", Shape::Text),
    ],
};

pub(crate) const RIGHTS_ENUM: &[&str] = &["vfs-read", "vfs-write"];

pub(crate) const UPDATE_ACCESS_INPUT: Object = Object {
    name: "UpdateAccessInput",
    open: true,
    fields: &[Field::required("permissions", Shape::List(&Shape::Object(&PERMISSION)))],
};

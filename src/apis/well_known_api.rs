// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

//! Public keys and DID document of the service.

use http::Method;

#[allow(unused_imports)]
use crate::auth::token::SecurityScheme;
#[allow(unused_imports)]
use crate::call::pagination::paginated;
use crate::call::{Operation, Request, request_builder};
#[allow(unused_imports)]
use crate::call::{RawBody, decode};
use crate::client::Client;
#[allow(unused_imports)]
use crate::models;

/// Public keys and DID document of the service.
///
/// A [`Client`] hands it out; every method returns a request builder that is sent by awaiting it.
#[derive(Clone, Debug)]
pub struct WellKnownApi {
    client: Client,
}

impl WellKnownApi {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Get the DID document of the service.
    ///
    /// Answers the DID document (DID Core section 5) that holds the public keys of the service as verification methods. It is public: no token is needed.
    ///
    /// Operation `getWellKnownDid`: `GET /.well-known/did.json`.
    ///
    /// # Errors
    ///
    /// An [`Error`](crate::Error) when nothing can be sent or no answer comes, and one for each of these answers:
    ///
    /// - 500 [`UnexpectedError`](models::UnexpectedError): The service failed while building the document; nothing is wrong with the request as such.
    pub fn get_well_known_did(&self) -> GetWellKnownDid {
        static OPERATION: Operation = Operation {
            name: "getWellKnownDid",
            method: Method::GET,
            path: "/.well-known/did.json",
            security: None,
            idempotent: false,
            bearer: false,
            secrets: &[],
            raw: false,
        };
        GetWellKnownDid { request: Request::new(self.client.settings(), &OPERATION) }
    }

    /// Get the public keys of the service.
    ///
    /// Answers the JSON Web Key Set (RFC 7517 section 5) with which the tokens issued by the service are verified. It is public: no token is needed. Select a key by the `kid` of the token and fetch the set again when the `kid` is unknown, because keys rotate.
    ///
    /// Operation `getWellKnownJwks`: `GET /.well-known/jwks.json`.
    ///
    /// # Errors
    ///
    /// An [`Error`](crate::Error) when nothing can be sent or no answer comes, and one for each of these answers:
    ///
    /// - 500 [`UnexpectedError`](models::UnexpectedError): The service failed while reading the keys; nothing is wrong with the request as such.
    pub fn get_well_known_jwks(&self) -> GetWellKnownJwks {
        static OPERATION: Operation = Operation {
            name: "getWellKnownJwks",
            method: Method::GET,
            path: "/.well-known/jwks.json",
            security: None,
            idempotent: false,
            bearer: false,
            secrets: &[],
            raw: false,
        };
        GetWellKnownJwks { request: Request::new(self.client.settings(), &OPERATION) }
    }
}

/// Request builder of [`WellKnownApi::get_well_known_did`].
#[derive(Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct GetWellKnownDid {
    request: Request,
}

request_builder!(GetWellKnownDid -> serde_json::Map<String, serde_json::Value>, decode::json);

/// Request builder of [`WellKnownApi::get_well_known_jwks`].
#[derive(Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct GetWellKnownJwks {
    request: Request,
}

request_builder!(GetWellKnownJwks -> models::JsonWebKeySetDto, decode::json);

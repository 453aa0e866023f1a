// Generated from openapi.consumer-iam.yaml: change the contract or a template, then run openapi-generator/generate.py.

//! Public keys of the service.

use http::Method;

use crate::call::{Operation, Request, decode, request_builder};
use crate::client::Client;
use crate::consumer_iam::models;

/// Public keys of the service.
///
/// Obtained from [`ConsumerIam::well_known`](crate::consumer_iam::ConsumerIam::well_known). Every method returns a request builder; awaiting it sends the request.
#[derive(Clone, Debug)]
pub struct WellKnownApi {
    client: Client,
}

impl WellKnownApi {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Get the public keys of the service.
    ///
    /// Returns the JSON Web Key Set (RFC 7517 section 5) of the service. It is public: no token is needed. Select a key by the `kid` of the token and fetch the set again when the `kid` is unknown, because keys rotate. That consumer tokens verify with these keys is inferred, not proven.
    ///
    /// Operation `getWellKnownJwks`: `GET /.well-known/jwks.json`.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`](crate::Error) if the request cannot be sent, no response arrives, or the service responds with
    ///
    /// - 500 [`UnexpectedError`](models::UnexpectedError): The service failed while reading the keys; the request itself is valid.
    ///
    /// [`error.service_error()`](crate::Error::service_error) has its name and details.
    #[doc(alias = "getWellKnownJwks")]
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

/// Request builder of [`WellKnownApi::get_well_known_jwks`].
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error};
///
/// async fn get_well_known_jwks(client: &Client) -> Result<(), Error> {
///     let response = client.consumer_iam().well_known().get_well_known_jwks().await?;
///     println!("{response:?}");
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct GetWellKnownJwks {
    request: Request,
}

request_builder!(GetWellKnownJwks -> models::JsonWebKeySetDto, decode::json);

// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

//! Tokens for consumers, who prove control of a DID.

use http::Method;

use crate::call::{Operation, Request, decode, request_builder};
use crate::client::Client;
use crate::models;

/// Tokens for consumers, who prove control of a DID.
///
/// Obtained from [`Client::consumer_auth`](crate::client::Client::consumer_auth). Every method returns a request builder; awaiting it sends the request.
#[derive(Clone, Debug)]
pub struct ConsumerAuthApi {
    client: Client,
}

impl ConsumerAuthApi {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Exchange a signed client assertion for a consumer token.
    ///
    /// Token endpoint for consumers, who are identified by a DID. The caller proves control of the DID with a JWT client assertion (RFC 7523 section 2.2) and receives an access token for the operations secured by `ConsumerTokenAuth`. With the grant type `affinidi_delegation` the token is issued for a profile that granted access to the caller. The request body is JSON, not the form encoding of RFC 6749, and no `authorization` header is needed; errors may also arrive in the OAuth form with `error` and `error_description` (RFC 6749 section 5.2).
    ///
    /// Operation `consumerAuthTokenEndpoint`: `POST /v1/consumer/oauth2/token`.
    ///
    /// # Parameters
    ///
    /// - `input`: Grant type, DID and client assertion.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`](crate::Error) if the request cannot be sent, no response arrives, or the service responds with
    ///
    /// - 400 [`InvalidDidError`](models::InvalidDidError): The DID that issued the assertion cannot be resolved, or its DID document holds no usable public key.
    /// - 403 [`UnauthorizedError`](models::UnauthorizedError): The assertion is refused: wrong signature or audience, expired, already used, or the DID has no access to the profile that it requests a token for.
    /// - 500 [`UnexpectedError`](models::UnexpectedError): The service failed while issuing the token; the request itself is valid.
    ///
    /// [`error.service_error()`](crate::Error::service_error) has its name and details.
    #[doc(alias = "consumerAuthTokenEndpoint")]
    pub fn consumer_auth_token_endpoint(
        &self,
        input: models::ConsumerAuthTokenEndpointInput,
    ) -> ConsumerAuthTokenEndpoint {
        static OPERATION: Operation = Operation {
            name: "consumerAuthTokenEndpoint",
            method: Method::POST,
            path: "/v1/consumer/oauth2/token",
            security: None,
            idempotent: false,
            bearer: false,
            secrets: &["code", "refresh_token", "client_assertion"],
            raw: false,
        };
        ConsumerAuthTokenEndpoint { request: Request::new(self.client.settings(), &OPERATION).json(&input) }
    }
}

/// Request builder of [`ConsumerAuthApi::consumer_auth_token_endpoint`].
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error, models};
///
/// async fn consumer_auth_token_endpoint(client: &Client) -> Result<(), Error> {
///     let input = models::ConsumerAuthTokenEndpointInput::new(
///         models::GrantType::ClientCredentials,
///         models::ClientAssertionType::JwtBearer,
///         "eyJhbGciOiJFUzI1NiJ9.e30.c2ln",
///     )
///     .with_client_id("did:key:zDnaeunjjLffJRYCChUTu3PMfooVqQW9mx2Pe9cu5miKxsz2z");
///     let response = client.consumer_auth().consumer_auth_token_endpoint(input).await?;
///     println!("{response:?}");
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct ConsumerAuthTokenEndpoint {
    request: Request,
}

request_builder!(ConsumerAuthTokenEndpoint -> models::ConsumerAuthTokenEndpointOutput, decode::json);

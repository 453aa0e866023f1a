// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

//! How a user signs in: passkeys and identity providers.

use http::Method;

use crate::auth::token::SecurityScheme;
use crate::call::{Operation, Request, decode, request_builder};
use crate::client::Client;
use crate::models;

/// How a user signs in: passkeys and identity providers.
///
/// Obtained from [`Client::accounts`](crate::client::Client::accounts). Every method returns a request builder; awaiting it sends the request.
#[derive(Clone, Debug)]
pub struct AccountsApi {
    client: Client,
}

impl AccountsApi {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// List the passkeys of the caller.
    ///
    /// Lists the passkeys with which the user behind the token can sign in. The list is complete: there are no pages.
    ///
    /// Operation `listAccountPasskeys`: `GET /v1/accounts/passkeys`, authorized by [`UserTokenAuth`](SecurityScheme::UserTokenAuth).
    ///
    /// # Errors
    ///
    /// Returns an [`Error`](crate::Error) if the request cannot be sent, no response arrives, or the service responds with
    ///
    /// - 403 [`ActionForbiddenError`](models::ActionForbiddenError): The user token is missing, expired or not valid, or its principal may not list the passkeys.
    /// - 404 [`NotFoundError`](models::NotFoundError): The token is genuine, but its principal does not exist any more.
    /// - 404 [`IdentityMappingError`](models::IdentityMappingError): The principal does not correspond to an identity of the identity service.
    /// - 422 [`MalformedUpstreamResponseError`](models::MalformedUpstreamResponseError): The identity service behind this one sent a response that cannot be used.
    /// - 424 [`UpstreamUnavailableError`](models::UpstreamUnavailableError): The identity service behind this one cannot be reached; try again later.
    /// - 500 [`UnexpectedError`](models::UnexpectedError): The service failed while listing the passkeys; the request itself is valid.
    ///
    /// [`error.service_error()`](crate::Error::service_error) has its name and details.
    #[doc(alias = "listAccountPasskeys")]
    pub fn list_account_passkeys(&self) -> ListAccountPasskeys {
        static OPERATION: Operation = Operation {
            name: "listAccountPasskeys",
            method: Method::GET,
            path: "/v1/accounts/passkeys",
            security: Some(SecurityScheme::UserTokenAuth),
            idempotent: false,
            bearer: false,
            secrets: &[],
            raw: false,
        };
        ListAccountPasskeys { request: Request::new(self.client.settings(), &OPERATION) }
    }

    /// List the identity providers of the caller.
    ///
    /// Lists identity providers, and whether the user behind the token can sign in with each. The list is complete: there are no pages.
    ///
    /// Operation `listAccountProviders`: `GET /v1/accounts/providers`, authorized by [`UserTokenAuth`](SecurityScheme::UserTokenAuth).
    ///
    /// # Errors
    ///
    /// Returns an [`Error`](crate::Error) if the request cannot be sent, no response arrives, or the service responds with
    ///
    /// - 403 [`ActionForbiddenError`](models::ActionForbiddenError): The user token is missing, expired or not valid, or its principal may not list the providers.
    /// - 404 [`NotFoundError`](models::NotFoundError): The token is genuine, but its principal does not exist any more.
    /// - 404 [`IdentityMappingError`](models::IdentityMappingError): The principal does not correspond to an identity of the identity service.
    /// - 422 [`MalformedUpstreamResponseError`](models::MalformedUpstreamResponseError): The identity service behind this one sent a response that cannot be used.
    /// - 424 [`UpstreamUnavailableError`](models::UpstreamUnavailableError): The identity service behind this one cannot be reached; try again later.
    /// - 500 [`UnexpectedError`](models::UnexpectedError): The service failed while listing the providers; the request itself is valid.
    ///
    /// [`error.service_error()`](crate::Error::service_error) has its name and details.
    #[doc(alias = "listAccountProviders")]
    pub fn list_account_providers(&self) -> ListAccountProviders {
        static OPERATION: Operation = Operation {
            name: "listAccountProviders",
            method: Method::GET,
            path: "/v1/accounts/providers",
            security: Some(SecurityScheme::UserTokenAuth),
            idempotent: false,
            bearer: false,
            secrets: &[],
            raw: false,
        };
        ListAccountProviders { request: Request::new(self.client.settings(), &OPERATION) }
    }
}

/// Request builder of [`AccountsApi::list_account_passkeys`].
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error};
///
/// async fn list_account_passkeys(client: &Client) -> Result<(), Error> {
///     let response = client.accounts().list_account_passkeys().await?;
///     println!("{response:?}");
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct ListAccountPasskeys {
    request: Request,
}

request_builder!(ListAccountPasskeys -> models::PasskeyList, decode::json);

/// Request builder of [`AccountsApi::list_account_providers`].
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error};
///
/// async fn list_account_providers(client: &Client) -> Result<(), Error> {
///     let response = client.accounts().list_account_providers().await?;
///     println!("{response:?}");
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct ListAccountProviders {
    request: Request,
}

request_builder!(ListAccountProviders -> models::ProviderList, decode::json);

// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

//! Access that a consumer grants others to its virtual file system.

use http::Method;

use crate::auth::token::SecurityScheme;
use crate::call::{Operation, Request, decode, request_builder};
use crate::client::Client;
use crate::models;

/// Access that a consumer grants others to its virtual file system.
///
/// Obtained from [`Client::authz`](crate::client::Client::authz). Every method returns a request builder; awaiting it sends the request.
#[derive(Clone, Debug)]
pub struct AuthzApi {
    client: Client,
}

impl AuthzApi {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Withdraw the access of a grantee.
    ///
    /// Withdraws all rights that the consumer behind the token granted to a DID. Delegated tokens issued before may stay valid until they expire.
    ///
    /// Operation `deleteAccessVfs`: `DELETE /v1/authz/vfs/access/{granteeDid}`, authorized by [`ConsumerTokenAuth`](SecurityScheme::ConsumerTokenAuth).
    ///
    /// # Parameters
    ///
    /// - `grantee_did`: DID of the grantee (DID Core section 3.1), the party whose access is concerned. Percent-encoded as one path segment.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`](crate::Error) if the request cannot be sent, no response arrives, or the service responds with
    ///
    /// - 403 [`UnauthorizedError`](models::UnauthorizedError): The consumer token is missing, expired or not valid, or the consumer made no grant to this DID.
    /// - 500 [`UnexpectedError`](models::UnexpectedError): The service failed while withdrawing the access; the request itself is valid.
    ///
    /// [`error.service_error()`](crate::Error::service_error) has its name and details.
    #[doc(alias = "deleteAccessVfs")]
    pub fn delete_access_vfs(&self, grantee_did: impl AsRef<str>) -> DeleteAccessVfs {
        static OPERATION: Operation = Operation {
            name: "deleteAccessVfs",
            method: Method::DELETE,
            path: "/v1/authz/vfs/access/{granteeDid}",
            security: Some(SecurityScheme::ConsumerTokenAuth),
            idempotent: false,
            bearer: false,
            secrets: &[],
            raw: false,
        };
        DeleteAccessVfs {
            request: Request::new(self.client.settings(), &OPERATION)
                .path("granteeDid", grantee_did.as_ref()),
        }
    }

    /// Grant another DID access to the virtual file system.
    ///
    /// Lets the grantee act on the virtual file system (VFS) of the consumer behind the token, with the rights named. The grantee uses the grant by asking `consumerAuthTokenEndpoint` for a token with the grant type `affinidi_delegation`.
    ///
    /// Operation `grantAccessVfs`: `POST /v1/authz/vfs/access`, authorized by [`ConsumerTokenAuth`](SecurityScheme::ConsumerTokenAuth).
    ///
    /// # Parameters
    ///
    /// - `input`: Who receives which rights.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`](crate::Error) if the request cannot be sent, no response arrives, or the service responds with
    ///
    /// - 403 [`UnauthorizedError`](models::UnauthorizedError): The consumer token is missing, expired or not valid, or the consumer may not grant access.
    /// - 500 [`UnexpectedError`](models::UnexpectedError): The service failed while storing the grant; the request itself is valid.
    ///
    /// [`error.service_error()`](crate::Error::service_error) has its name and details.
    #[doc(alias = "grantAccessVfs")]
    pub fn grant_access_vfs(&self, input: models::GrantAccessInput) -> GrantAccessVfs {
        static OPERATION: Operation = Operation {
            name: "grantAccessVfs",
            method: Method::POST,
            path: "/v1/authz/vfs/access",
            security: Some(SecurityScheme::ConsumerTokenAuth),
            idempotent: false,
            bearer: false,
            secrets: &[],
            raw: false,
        };
        GrantAccessVfs { request: Request::new(self.client.settings(), &OPERATION).json(&input) }
    }

    /// Replace the rights of a grantee.
    ///
    /// Replaces the rights that the consumer behind the token granted to a DID before. Rights that are not named in the request are withdrawn. The status does not say whether that was done: with `success: false` in the response, it was not. When the service responds so is unproven; the local service does when the consumer made no grant to this DID.
    ///
    /// Operation `updateAccessVfs`: `PUT /v1/authz/vfs/access/{granteeDid}`, authorized by [`ConsumerTokenAuth`](SecurityScheme::ConsumerTokenAuth).
    ///
    /// # Parameters
    ///
    /// - `grantee_did`: DID of the grantee (DID Core section 3.1), the party whose access is concerned. Percent-encoded as one path segment.
    /// - `input`: The complete new set of rights.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`](crate::Error) if the request cannot be sent, no response arrives, or the service responds with
    ///
    /// - 403 [`UnauthorizedError`](models::UnauthorizedError): The consumer token is missing, expired or not valid, or the consumer made no grant to this DID.
    /// - 500 [`UnexpectedError`](models::UnexpectedError): The service failed while changing the grant; the request itself is valid.
    ///
    /// [`error.service_error()`](crate::Error::service_error) has its name and details.
    #[doc(alias = "updateAccessVfs")]
    pub fn update_access_vfs(
        &self,
        grantee_did: impl AsRef<str>,
        input: models::UpdateAccessInput,
    ) -> UpdateAccessVfs {
        static OPERATION: Operation = Operation {
            name: "updateAccessVfs",
            method: Method::PUT,
            path: "/v1/authz/vfs/access/{granteeDid}",
            security: Some(SecurityScheme::ConsumerTokenAuth),
            idempotent: false,
            bearer: false,
            secrets: &[],
            raw: false,
        };
        UpdateAccessVfs {
            request: Request::new(self.client.settings(), &OPERATION)
                .path("granteeDid", grantee_did.as_ref())
                .json(&input),
        }
    }
}

/// Request builder of [`AuthzApi::delete_access_vfs`].
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error};
///
/// async fn delete_access_vfs(client: &Client) -> Result<(), Error> {
///     let api = client.authz();
///     let response =
///         api.delete_access_vfs("did:key:zDnaeoQRxqzPuEriGpvbDV53ScnaN5G5fqKaeJoGMSfBZUbvu").await?;
///     println!("{response:?}");
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct DeleteAccessVfs {
    request: Request,
}

request_builder!(DeleteAccessVfs -> (), decode::empty);

/// Request builder of [`AuthzApi::grant_access_vfs`].
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error, models};
///
/// async fn grant_access_vfs(client: &Client) -> Result<(), Error> {
///     let input = models::GrantAccessInput::new(
///         "did:key:zDnaeoQRxqzPuEriGpvbDV53ScnaN5G5fqKaeJoGMSfBZUbvu",
///         [models::RightsEnum::VfsRead, models::RightsEnum::VfsWrite],
///     );
///     let response = client.authz().grant_access_vfs(input).await?;
///     println!("{response:?}");
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct GrantAccessVfs {
    request: Request,
}

request_builder!(GrantAccessVfs -> models::GrantAccessOutput, decode::json);

/// Request builder of [`AuthzApi::update_access_vfs`].
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error, models};
///
/// async fn update_access_vfs(client: &Client) -> Result<(), Error> {
///     let input = models::UpdateAccessInput::new([models::RightsEnum::VfsRead]);
///     let api = client.authz();
///     let response = api
///         .update_access_vfs("did:key:zDnaeoQRxqzPuEriGpvbDV53ScnaN5G5fqKaeJoGMSfBZUbvu", input)
///         .await?;
///     println!("{response:?}");
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct UpdateAccessVfs {
    request: Request,
}

request_builder!(UpdateAccessVfs -> models::UpdateAccessOutput, decode::json);

// Generated from openapi.consumer-iam.yaml: change the contract or a template, then run openapi-generator/generate.py.

//! Access that a consumer grants others to the nodes of its virtual file system.

use http::Method;

use crate::auth::token::SecurityScheme;
use crate::call::{Operation, Request, decode, request_builder};
use crate::client::Client;
use crate::consumer_iam::models;

/// Access that a consumer grants others to the nodes of its virtual file system.
///
/// Obtained from [`ConsumerIam::authz`](crate::consumer_iam::ConsumerIam::authz). Every method returns a request builder; awaiting it sends the request.
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
    /// Withdraws all permissions that the consumer behind the token granted to a DID. Delegated tokens issued before may stay valid until they expire.
    ///
    /// Operation `deleteAccessVfs`: `DELETE /v1/authz/vfs/access/{granteeDid}`, authorized by [`ConsumerTokenAuth`](SecurityScheme::ConsumerTokenAuth).
    ///
    /// # Parameters
    ///
    /// - `grantee_did`: DID of the party that has or receives the access (DID Core section 3.1).
    ///
    /// # Errors
    ///
    /// Returns an [`Error`](crate::Error) if the request cannot be sent, no response arrives, or the service responds with
    ///
    /// - 403 [`UnauthorizedError`](models::UnauthorizedError): The consumer token is missing, expired or not valid, or the consumer may not do this.
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

    /// Get the access of a grantee.
    ///
    /// Returns the permissions that the consumer behind the token granted to a DID.
    ///
    /// Operation `getAccessVfs`: `GET /v1/authz/vfs/access/{granteeDid}`, authorized by [`ConsumerTokenAuth`](SecurityScheme::ConsumerTokenAuth).
    ///
    /// # Parameters
    ///
    /// - `grantee_did`: DID of the party that has or receives the access (DID Core section 3.1).
    ///
    /// # Errors
    ///
    /// Returns an [`Error`](crate::Error) if the request cannot be sent, no response arrives, or the service responds with
    ///
    /// - 403 [`UnauthorizedError`](models::UnauthorizedError): The consumer token is missing, expired or not valid, or the consumer may not do this.
    /// - 500 [`UnexpectedError`](models::UnexpectedError): The service failed while reading the permissions; the request itself is valid.
    ///
    /// [`error.service_error()`](crate::Error::service_error) has its name and details.
    #[doc(alias = "getAccessVfs")]
    pub fn get_access_vfs(&self, grantee_did: impl AsRef<str>) -> GetAccessVfs {
        static OPERATION: Operation = Operation {
            name: "getAccessVfs",
            method: Method::GET,
            path: "/v1/authz/vfs/access/{granteeDid}",
            security: Some(SecurityScheme::ConsumerTokenAuth),
            idempotent: false,
            bearer: false,
            secrets: &[],
            raw: false,
        };
        GetAccessVfs {
            request: Request::new(self.client.settings(), &OPERATION)
                .path("granteeDid", grantee_did.as_ref()),
        }
    }

    /// Grant a DID access to the virtual file system.
    ///
    /// Lets the grantee act on nodes of the virtual file system (VFS) of the consumer behind the token, as the permissions say. The grantee uses them by asking `consumerAuthTokenEndpoint` for a token with the grant type `affinidi_delegation`. A DID that has access already is refused with 409 and `AlreadyExistsError`: update its permissions instead.
    ///
    /// Operation `grantAccessVfs`: `POST /v1/authz/vfs/access/{granteeDid}`, authorized by [`ConsumerTokenAuth`](SecurityScheme::ConsumerTokenAuth).
    ///
    /// # Parameters
    ///
    /// - `grantee_did`: DID of the party that has or receives the access (DID Core section 3.1).
    /// - `input`: What the grantee may do, with which nodes, and until when.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`](crate::Error) if the request cannot be sent, no response arrives, or the service responds with
    ///
    /// - 403 [`UnauthorizedError`](models::UnauthorizedError): The consumer token is missing, expired or not valid, or the consumer may not do this.
    /// - 500 [`UnexpectedError`](models::UnexpectedError): The service failed while storing the grant; the request itself is valid.
    ///
    /// [`error.service_error()`](crate::Error::service_error) has its name and details.
    #[doc(alias = "grantAccessVfs")]
    pub fn grant_access_vfs(
        &self,
        grantee_did: impl AsRef<str>,
        input: models::GrantAccessInput,
    ) -> GrantAccessVfs {
        static OPERATION: Operation = Operation {
            name: "grantAccessVfs",
            method: Method::POST,
            path: "/v1/authz/vfs/access/{granteeDid}",
            security: Some(SecurityScheme::ConsumerTokenAuth),
            idempotent: false,
            bearer: false,
            secrets: &[],
            raw: false,
        };
        GrantAccessVfs {
            request: Request::new(self.client.settings(), &OPERATION)
                .path("granteeDid", grantee_did.as_ref())
                .json(&input),
        }
    }

    /// Replace the permissions of a grantee.
    ///
    /// Replaces the permissions that the consumer behind the token granted to a DID before. Permissions that are not named in the request are withdrawn. The status does not say whether that was done: with `success: false` in the response, it was not. When the service responds so is unproven; the local service does when the consumer made no grant to this DID.
    ///
    /// Operation `updateAccessVfs`: `PUT /v1/authz/vfs/access/{granteeDid}`, authorized by [`ConsumerTokenAuth`](SecurityScheme::ConsumerTokenAuth).
    ///
    /// # Parameters
    ///
    /// - `grantee_did`: DID of the party that has or receives the access (DID Core section 3.1).
    /// - `input`: The complete new set of permissions.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`](crate::Error) if the request cannot be sent, no response arrives, or the service responds with
    ///
    /// - 403 [`UnauthorizedError`](models::UnauthorizedError): The consumer token is missing, expired or not valid, or the consumer may not do this.
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
///     let api = client.consumer_iam().authz();
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

/// Request builder of [`AuthzApi::get_access_vfs`].
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error};
///
/// async fn get_access_vfs(client: &Client) -> Result<(), Error> {
///     let api = client.consumer_iam().authz();
///     let response =
///         api.get_access_vfs("did:key:zDnaeoQRxqzPuEriGpvbDV53ScnaN5G5fqKaeJoGMSfBZUbvu").await?;
///     println!("{response:?}");
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct GetAccessVfs {
    request: Request,
}

request_builder!(GetAccessVfs -> models::GetAccessOutput, decode::json);

/// Request builder of [`AuthzApi::grant_access_vfs`].
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error, consumer_iam::models};
///
/// async fn grant_access_vfs(client: &Client) -> Result<(), Error> {
///     let input = models::GrantAccessInput::new([models::Permission::new(
///         [models::RightsEnum::VfsRead],
///         ["b2f4c1d6a0e94c7f8d35"],
///     )
///     .with_expires_at(std::time::UNIX_EPOCH + std::time::Duration::from_millis(1_798_757_999_000))]);
///     let api = client.consumer_iam().authz();
///     let response = api
///         .grant_access_vfs("did:key:zDnaeoQRxqzPuEriGpvbDV53ScnaN5G5fqKaeJoGMSfBZUbvu", input)
///         .await?;
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
/// use affinidi_tdk_iam_client::{Client, Error, consumer_iam::models};
///
/// async fn update_access_vfs(client: &Client) -> Result<(), Error> {
///     let input = models::UpdateAccessInput::new([models::Permission::new(
///         [models::RightsEnum::VfsRead, models::RightsEnum::VfsWrite],
///         ["b2f4c1d6a0e94c7f8d35", "5d0c7e1f9b3a4826ac41"],
///     )]);
///     let api = client.consumer_iam().authz();
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

// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

//! Personal access tokens: machine users that prove themselves with a private key.

use http::Method;

use crate::auth::token::SecurityScheme;
use crate::call::pagination::paginated;
use crate::call::{Operation, Request, decode, request_builder};
use crate::client::Client;
use crate::models;

/// Personal access tokens: machine users that prove themselves with a private key.
///
/// Obtained from [`Client::tokens`](crate::client::Client::tokens). Every method returns a request builder; awaiting it sends the request.
#[derive(Clone, Debug)]
pub struct TokensApi {
    client: Client,
}

impl TokensApi {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Create a personal access token.
    ///
    /// Registers a personal access token (PAT): a machine user that proves itself with a private key whose public half is sent here. The private key never leaves the caller. A new token belongs to no project until `addPrincipalToProject` adds it; a second call creates a second token.
    ///
    /// Operation `createToken`: `POST /v1/tokens`, authorized by [`UserTokenAuth`](SecurityScheme::UserTokenAuth).
    ///
    /// # Parameters
    ///
    /// - `input`: Name and public key of the new token.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`](crate::Error) if the request cannot be sent, no response arrives, or the service responds with
    ///
    /// - 400 [`InvalidParameterError`](models::InvalidParameterError): The name is too short, or the public key or its algorithm is refused.
    /// - 500 [`UnexpectedError`](models::UnexpectedError): The service failed while registering the token; the request itself is valid.
    ///
    /// [`error.service_error()`](crate::Error::service_error) has its name and details.
    #[doc(alias = "createToken")]
    pub fn create_token(&self, input: models::CreateTokenInput) -> CreateToken {
        static OPERATION: Operation = Operation {
            name: "createToken",
            method: Method::POST,
            path: "/v1/tokens",
            security: Some(SecurityScheme::UserTokenAuth),
            idempotent: false,
            bearer: false,
            secrets: &[],
            raw: false,
        };
        CreateToken { request: Request::new(self.client.settings(), &OPERATION).json(&input) }
    }

    /// Delete a personal access token.
    ///
    /// Deletes a personal access token that the principal of the user token owns. It can no longer be used to obtain user tokens; access tokens issued before may stay valid until they expire.
    ///
    /// Operation `deleteToken`: `DELETE /v1/tokens/{tokenId}`, authorized by [`UserTokenAuth`](SecurityScheme::UserTokenAuth).
    ///
    /// # Parameters
    ///
    /// - `token_id`: Identifier of the personal access token, a UUID (RFC 9562).
    ///
    /// # Errors
    ///
    /// Returns an [`Error`](crate::Error) if the request cannot be sent, no response arrives, or the service responds with
    ///
    /// - 403 [`ActionForbiddenError`](models::ActionForbiddenError): The user token is not valid, or its principal does not own the token.
    /// - 404 [`NotFoundError`](models::NotFoundError): There is no personal access token with this identifier, for example because it was deleted before.
    /// - 500 [`UnexpectedError`](models::UnexpectedError): The service failed while deleting the token; the request itself is valid.
    ///
    /// [`error.service_error()`](crate::Error::service_error) has its name and details.
    #[doc(alias = "deleteToken")]
    pub fn delete_token(&self, token_id: uuid::Uuid) -> DeleteToken {
        static OPERATION: Operation = Operation {
            name: "deleteToken",
            method: Method::DELETE,
            path: "/v1/tokens/{tokenId}",
            security: Some(SecurityScheme::UserTokenAuth),
            idempotent: false,
            bearer: false,
            secrets: &[],
            raw: false,
        };
        DeleteToken { request: Request::new(self.client.settings(), &OPERATION).path("tokenId", token_id) }
    }

    /// Get a personal access token.
    ///
    /// Reads one personal access token that the principal of the user token owns. Public key material only; there is no secret to read.
    ///
    /// Operation `getToken`: `GET /v1/tokens/{tokenId}`, authorized by [`UserTokenAuth`](SecurityScheme::UserTokenAuth).
    ///
    /// # Parameters
    ///
    /// - `token_id`: Identifier of the personal access token, a UUID (RFC 9562).
    ///
    /// # Errors
    ///
    /// Returns an [`Error`](crate::Error) if the request cannot be sent, no response arrives, or the service responds with
    ///
    /// - 403 [`ActionForbiddenError`](models::ActionForbiddenError): The user token is not valid, or its principal does not own the token.
    /// - 404 [`NotFoundError`](models::NotFoundError): There is no personal access token with this identifier.
    /// - 500 [`UnexpectedError`](models::UnexpectedError): The service failed while reading the token; the request itself is valid.
    ///
    /// [`error.service_error()`](crate::Error::service_error) has its name and details.
    #[doc(alias = "getToken")]
    pub fn get_token(&self, token_id: uuid::Uuid) -> GetToken {
        static OPERATION: Operation = Operation {
            name: "getToken",
            method: Method::GET,
            path: "/v1/tokens/{tokenId}",
            security: Some(SecurityScheme::UserTokenAuth),
            idempotent: false,
            bearer: false,
            secrets: &[],
            raw: false,
        };
        GetToken { request: Request::new(self.client.settings(), &OPERATION).path("tokenId", token_id) }
    }

    /// List the projects of a personal access token.
    ///
    /// Lists the projects to which a personal access token was added, each with the policy of the token there. Returns one page; while `lastEvaluatedKey` is present, pass it as `exclusiveStartKey` to get the next one.
    ///
    /// Returns one page; [`into_stream`](ListProjectsOfToken::into_stream) yields the items of all pages.
    ///
    /// Operation `listProjectsOfToken`: `GET /v1/tokens/{tokenId}/projects`, authorized by [`UserTokenAuth`](SecurityScheme::UserTokenAuth).
    ///
    /// # Parameters
    ///
    /// - `token_id`: Identifier of the personal access token, a UUID (RFC 9562).
    /// - [`limit`](ListProjectsOfToken::limit), optional: Greatest number of items in one page, from 1 to 100; 100 when absent. A page may hold fewer items and still not be the last.
    /// - [`exclusive_start_key`](ListProjectsOfToken::exclusive_start_key), optional: Cursor of the page to read: the `lastEvaluatedKey` of the page before it, unchanged. Absent for the first page; at most 3000 characters; opaque.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`](crate::Error) if the request cannot be sent, no response arrives, or the service responds with
    ///
    /// - 403 [`ActionForbiddenError`](models::ActionForbiddenError): The user token is not valid, or its principal does not own the token.
    /// - 404 [`NotFoundError`](models::NotFoundError): There is no personal access token with this identifier.
    /// - 500 [`UnexpectedError`](models::UnexpectedError): The service failed while listing the projects; the request itself is valid.
    ///
    /// [`error.service_error()`](crate::Error::service_error) has its name and details.
    #[doc(alias = "listProjectsOfToken")]
    pub fn list_projects_of_token(&self, token_id: uuid::Uuid) -> ListProjectsOfToken {
        static OPERATION: Operation = Operation {
            name: "listProjectsOfToken",
            method: Method::GET,
            path: "/v1/tokens/{tokenId}/projects",
            security: Some(SecurityScheme::UserTokenAuth),
            idempotent: false,
            bearer: false,
            secrets: &[],
            raw: false,
        };
        ListProjectsOfToken {
            request: Request::new(self.client.settings(), &OPERATION).path("tokenId", token_id),
        }
    }

    /// List the personal access tokens of the caller.
    ///
    /// Lists the personal access tokens owned by the principal of the user token. Returns one page; while `lastEvaluatedKey` is present, pass it as `exclusiveStartKey` to get the next one.
    ///
    /// Returns one page; [`into_stream`](ListToken::into_stream) yields the items of all pages.
    ///
    /// Operation `listToken`: `GET /v1/tokens`, authorized by [`UserTokenAuth`](SecurityScheme::UserTokenAuth).
    ///
    /// # Parameters
    ///
    /// - [`limit`](ListToken::limit), optional: Greatest number of items in one page, from 1 to 100; 100 when absent. A page may hold fewer items and still not be the last.
    /// - [`exclusive_start_key`](ListToken::exclusive_start_key), optional: Cursor of the page to read: the `lastEvaluatedKey` of the page before it, unchanged. Absent for the first page; at most 3000 characters; opaque.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`](crate::Error) if the request cannot be sent, no response arrives, or the service responds with
    ///
    /// - 400 [`InvalidParameterError`](models::InvalidParameterError): The `limit` is out of bounds or the `exclusiveStartKey` was not issued by this operation.
    /// - 500 [`UnexpectedError`](models::UnexpectedError): The service failed while listing the tokens; the request itself is valid.
    ///
    /// [`error.service_error()`](crate::Error::service_error) has its name and details.
    #[doc(alias = "listToken")]
    pub fn list_token(&self) -> ListToken {
        static OPERATION: Operation = Operation {
            name: "listToken",
            method: Method::GET,
            path: "/v1/tokens",
            security: Some(SecurityScheme::UserTokenAuth),
            idempotent: false,
            bearer: false,
            secrets: &[],
            raw: false,
        };
        ListToken { request: Request::new(self.client.settings(), &OPERATION) }
    }

    /// Change a personal access token.
    ///
    /// Changes the name or the authentication method of a personal access token, for example to rotate its key. Omitted fields keep their value.
    ///
    /// Operation `updateToken`: `PATCH /v1/tokens/{tokenId}`, authorized by [`UserTokenAuth`](SecurityScheme::UserTokenAuth).
    ///
    /// # Parameters
    ///
    /// - `token_id`: Identifier of the personal access token, a UUID (RFC 9562).
    /// - `input`: The fields to change.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`](crate::Error) if the request cannot be sent, no response arrives, or the service responds with
    ///
    /// - 403 [`ActionForbiddenError`](models::ActionForbiddenError): The user token is not valid, or its principal does not own the token.
    /// - 404 [`NotFoundError`](models::NotFoundError): There is no personal access token with this identifier.
    /// - 500 [`UnexpectedError`](models::UnexpectedError): The service failed while changing the token; the request itself is valid.
    ///
    /// [`error.service_error()`](crate::Error::service_error) has its name and details.
    #[doc(alias = "updateToken")]
    pub fn update_token(&self, token_id: uuid::Uuid, input: models::UpdateTokenInput) -> UpdateToken {
        static OPERATION: Operation = Operation {
            name: "updateToken",
            method: Method::PATCH,
            path: "/v1/tokens/{tokenId}",
            security: Some(SecurityScheme::UserTokenAuth),
            idempotent: false,
            bearer: false,
            secrets: &[],
            raw: false,
        };
        UpdateToken {
            request: Request::new(self.client.settings(), &OPERATION).path("tokenId", token_id).json(&input),
        }
    }
}

/// Request builder of [`TokensApi::create_token`].
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error, models};
///
/// async fn create_token(client: &Client) -> Result<(), Error> {
///     let input = models::CreateTokenInput::new(
///         "continuous integration",
///         models::TokenPrivateKeyAuthenticationMethodDto::new(
///             models::AuthenticationMethodType::PrivateKey,
///             models::SigningAlgorithm::Es256,
///             models::TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoJwks::new(
///                 models::JsonWebKeySetDto::new([models::JsonWebKeyDto::new(
///                     "ci-2026-03",
///                     "EC",
///                     "ES256",
///                     "sig",
///                 )
///                 .with_x("a7oS6yLlsDbOyELTxYlCtcaudAHb15HdmgU4cirZM_A")
///                 .with_y("2H51iFKDvBONFXFL6yWbHE8eTfC2i5p4YjmKDZaWOi8")
///                 .with_crv("P-256")]),
///             )
///             .into(),
///         ),
///     )
///     .with_description("Used by the build pipeline");
///     let response = client.tokens().create_token(input).await?;
///     println!("{response:?}");
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct CreateToken {
    request: Request,
}

request_builder!(CreateToken -> models::TokenDto, decode::json);

/// Request builder of [`TokensApi::delete_token`].
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error, uuid};
///
/// async fn delete_token(client: &Client) -> Result<(), Error> {
///     let api = client.tokens();
///     let response = api.delete_token(uuid::uuid!("6ccd0a2e-e135-4037-b399-00039b362034")).await?;
///     println!("{response:?}");
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct DeleteToken {
    request: Request,
}

request_builder!(DeleteToken -> (), decode::empty);

/// Request builder of [`TokensApi::get_token`].
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error, uuid};
///
/// async fn get_token(client: &Client) -> Result<(), Error> {
///     let api = client.tokens();
///     let response = api.get_token(uuid::uuid!("6ccd0a2e-e135-4037-b399-00039b362034")).await?;
///     println!("{response:?}");
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct GetToken {
    request: Request,
}

request_builder!(GetToken -> models::TokenDto, decode::json);

/// Request builder of [`TokensApi::list_projects_of_token`].
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error, uuid};
///
/// async fn list_projects_of_token(client: &Client) -> Result<(), Error> {
///     let api = client.tokens();
///     let response = api
///         .list_projects_of_token(uuid::uuid!("6ccd0a2e-e135-4037-b399-00039b362034"))
///         .limit(50)
///         .exclusive_start_key("eyJpZCI6ImUzMGY0NDA0In0")
///         .await?;
///     println!("{response:?}");
///     Ok(())
/// }
/// ```
///
/// The items of all pages:
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error};
///
/// async fn list_projects_of_token(client: &Client) -> Result<(), Error> {
///     let mut items = client
///         .tokens()
///         .list_projects_of_token(uuid::uuid!("6ccd0a2e-e135-4037-b399-00039b362034"))
///         .into_stream();
///     while let Some(item) = items.try_next().await? {
///         println!("{item:?}");
///     }
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct ListProjectsOfToken {
    request: Request,
}

impl ListProjectsOfToken {
    /// Greatest number of items in one page, from 1 to 100; 100 when absent. A page may hold fewer items and still not be the last.
    ///
    /// With any other value the call fails with [`Error::is_invalid_input`](crate::Error::is_invalid_input) and nothing is sent.
    pub fn limit(mut self, limit: u32) -> Self {
        self.request = self.request.bounded_query("limit", limit, 1, 100);
        self
    }

    /// As [`limit`](Self::limit), with a value that may be there: `None` changes nothing.
    pub fn maybe_limit(self, limit: Option<u32>) -> Self {
        match limit {
            Some(limit) => self.limit(limit),
            None => self,
        }
    }

    /// Cursor of the page to read: the `lastEvaluatedKey` of the page before it, unchanged. Absent for the first page; at most 3000 characters; opaque.
    pub fn exclusive_start_key(mut self, exclusive_start_key: impl AsRef<str>) -> Self {
        self.request = self.request.query("exclusiveStartKey", exclusive_start_key.as_ref());
        self
    }

    /// As [`exclusive_start_key`](Self::exclusive_start_key), with a value that may be there: `None` changes nothing.
    pub fn maybe_exclusive_start_key(self, exclusive_start_key: Option<impl AsRef<str>>) -> Self {
        match exclusive_start_key {
            Some(exclusive_start_key) => self.exclusive_start_key(exclusive_start_key),
            None => self,
        }
    }
}

request_builder!(ListProjectsOfToken -> models::ProjectWithPolicyList, decode::json);
paginated!(ListProjectsOfToken: models::ProjectWithPolicyList { projects: models::ProjectWithPolicyDto, last_evaluated_key }, cursor "exclusiveStartKey");

/// Request builder of [`TokensApi::list_token`].
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error};
///
/// async fn list_token(client: &Client) -> Result<(), Error> {
///     let api = client.tokens();
///     let response =
///         api.list_token().limit(50).exclusive_start_key("eyJpZCI6ImUzMGY0NDA0In0").await?;
///     println!("{response:?}");
///     Ok(())
/// }
/// ```
///
/// The items of all pages:
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error};
///
/// async fn list_token(client: &Client) -> Result<(), Error> {
///     let mut items = client.tokens().list_token().into_stream();
///     while let Some(item) = items.try_next().await? {
///         println!("{item:?}");
///     }
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct ListToken {
    request: Request,
}

impl ListToken {
    /// Greatest number of items in one page, from 1 to 100; 100 when absent. A page may hold fewer items and still not be the last.
    ///
    /// With any other value the call fails with [`Error::is_invalid_input`](crate::Error::is_invalid_input) and nothing is sent.
    pub fn limit(mut self, limit: u32) -> Self {
        self.request = self.request.bounded_query("limit", limit, 1, 100);
        self
    }

    /// As [`limit`](Self::limit), with a value that may be there: `None` changes nothing.
    pub fn maybe_limit(self, limit: Option<u32>) -> Self {
        match limit {
            Some(limit) => self.limit(limit),
            None => self,
        }
    }

    /// Cursor of the page to read: the `lastEvaluatedKey` of the page before it, unchanged. Absent for the first page; at most 3000 characters; opaque.
    pub fn exclusive_start_key(mut self, exclusive_start_key: impl AsRef<str>) -> Self {
        self.request = self.request.query("exclusiveStartKey", exclusive_start_key.as_ref());
        self
    }

    /// As [`exclusive_start_key`](Self::exclusive_start_key), with a value that may be there: `None` changes nothing.
    pub fn maybe_exclusive_start_key(self, exclusive_start_key: Option<impl AsRef<str>>) -> Self {
        match exclusive_start_key {
            Some(exclusive_start_key) => self.exclusive_start_key(exclusive_start_key),
            None => self,
        }
    }
}

request_builder!(ListToken -> models::TokenList, decode::json);
paginated!(ListToken: models::TokenList { tokens: models::TokenDto, last_evaluated_key }, cursor "exclusiveStartKey");

/// Request builder of [`TokensApi::update_token`].
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error, models, uuid};
///
/// async fn update_token(client: &Client) -> Result<(), Error> {
///     let input =
///         models::UpdateTokenInput::new().with_name("build pipeline").with_authentication_method(
///             models::UpdateTokenPrivateKeyAuthenticationMethodDto::new()
///                 .with_type(models::AuthenticationMethodType::PrivateKey)
///                 .with_signing_algorithm(models::SigningAlgorithm::Es256)
///                 .with_public_key_info(
///                     models::TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoJwks::new(
///                         models::JsonWebKeySetDto::new([models::JsonWebKeyDto::new(
///                             "ci-2026-09",
///                             "EC",
///                             "ES256",
///                             "sig",
///                         )
///                         .with_x("0hSunA60C4blDy6V61kDrnjliC54WdbbXhz8qF1xxcQ")
///                         .with_y("Khm1hr9DscBesVJtnxibU3lUZpVaB0El9Wt3VgPzEx4")
///                         .with_crv("P-256")]),
///                     )
///                     .into(),
///                 ),
///         );
///     let api = client.tokens();
///     let response =
///         api.update_token(uuid::uuid!("6ccd0a2e-e135-4037-b399-00039b362034"), input).await?;
///     println!("{response:?}");
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct UpdateToken {
    request: Request,
}

request_builder!(UpdateToken -> models::TokenDto, decode::json);

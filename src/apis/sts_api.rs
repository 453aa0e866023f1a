// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

//! Security token service: tokens scoped to a project, and who the caller is.

use http::Method;

use crate::auth::token::SecurityScheme;
use crate::call::{Operation, Request, decode, request_builder};
use crate::client::Client;
use crate::models;

/// Security token service: tokens scoped to a project, and who the caller is.
///
/// Obtained from [`Client::sts`](crate::client::Client::sts). Every method returns a request builder; awaiting it sends the request.
#[derive(Clone, Debug)]
pub struct StsApi {
    client: Client,
}

impl StsApi {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Create an access token for one project.
    ///
    /// Exchanges the user token of the caller for a token that is valid in one project, where the caller must be a principal. The response holds the token for the operations secured by `ProjectTokenAuth`. It is valid for `expiresIn` seconds, an hour in every response seen, so cache it for that long. Retrying the call is safe, each call issues a new token. Unlike everywhere else the user token is sent with the prefix `Bearer` here.
    ///
    /// Operation `createProjectScopedToken`: `POST /v1/sts/create-project-scoped-token`, authorized by [`UserTokenAuth`](SecurityScheme::UserTokenAuth).
    ///
    /// # Parameters
    ///
    /// - `input`: The project the token is for.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`](crate::Error) if the request cannot be sent, no response arrives, or the service responds with
    ///
    /// - 400 [`InvalidParameterError`](models::InvalidParameterError): The `projectId` is missing or is not the identifier of a project.
    /// - 403 [`PrincipalDoesNotBelongToProjectError`](models::PrincipalDoesNotBelongToProjectError): The caller is not a principal of the project, or the user token is refused.
    /// - 500 [`UnexpectedError`](models::UnexpectedError): The service failed while issuing the token; the request itself is valid.
    ///
    /// [`error.service_error()`](crate::Error::service_error) has its name and details.
    #[doc(alias = "createProjectScopedToken")]
    pub fn create_project_scoped_token(
        &self,
        input: models::CreateProjectScopedTokenInput,
    ) -> CreateProjectScopedToken {
        static OPERATION: Operation = Operation {
            name: "createProjectScopedToken",
            method: Method::POST,
            path: "/v1/sts/create-project-scoped-token",
            security: Some(SecurityScheme::UserTokenAuth),
            idempotent: true,
            bearer: true,
            secrets: &[],
            raw: false,
        };
        CreateProjectScopedToken { request: Request::new(self.client.settings(), &OPERATION).json(&input) }
    }

    /// Show who the caller is.
    ///
    /// Returns the principal of the user token in the `authorization` header. Useful to check a credential before depending on it.
    ///
    /// Operation `whoami`: `GET /v1/sts/whoami`, authorized by [`UserTokenAuth`](SecurityScheme::UserTokenAuth).
    ///
    /// # Errors
    ///
    /// Returns an [`Error`](crate::Error) if the request cannot be sent, no response arrives, or the service responds with
    ///
    /// - 403 [`ActionForbiddenError`](models::ActionForbiddenError): The user token is missing, expired or not valid, or its principal may not use the service.
    /// - 404 [`NotFoundError`](models::NotFoundError): The token is genuine, but its principal does not exist any more.
    /// - 500 [`UnexpectedError`](models::UnexpectedError): The service failed while looking up the principal; the request itself is valid.
    ///
    /// [`error.service_error()`](crate::Error::service_error) has its name and details.
    pub fn whoami(&self) -> Whoami {
        static OPERATION: Operation = Operation {
            name: "whoami",
            method: Method::GET,
            path: "/v1/sts/whoami",
            security: Some(SecurityScheme::UserTokenAuth),
            idempotent: false,
            bearer: false,
            secrets: &[],
            raw: false,
        };
        Whoami { request: Request::new(self.client.settings(), &OPERATION) }
    }
}

/// Request builder of [`StsApi::create_project_scoped_token`].
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error, models};
///
/// async fn create_project_scoped_token(client: &Client) -> Result<(), Error> {
///     let input = models::CreateProjectScopedTokenInput::new("e30f4404-b898-45f1-903e-80af808ad60c");
///     let response = client.sts().create_project_scoped_token(input).await?;
///     println!("{response:?}");
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct CreateProjectScopedToken {
    request: Request,
}

request_builder!(CreateProjectScopedToken -> models::CreateProjectScopedTokenOutput, decode::json);

/// Request builder of [`StsApi::whoami`].
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error};
///
/// async fn whoami(client: &Client) -> Result<(), Error> {
///     let response = client.sts().whoami().await?;
///     println!("{response:?}");
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct Whoami {
    request: Request,
}

request_builder!(Whoami -> models::WhoamiDto, decode::json);

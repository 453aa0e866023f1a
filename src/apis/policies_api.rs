// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

//! What a principal may do in a project.

use http::Method;

use crate::auth::token::SecurityScheme;
use crate::call::{Operation, Request, decode, request_builder};
use crate::client::Client;
use crate::models;

/// What a principal may do in a project.
///
/// Obtained from [`Client::policies`](crate::client::Client::policies). Every method returns a request builder; awaiting it sends the request.
#[derive(Clone, Debug)]
pub struct PoliciesApi {
    client: Client,
}

impl PoliciesApi {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Get the policy of a principal.
    ///
    /// Reads what a user or a token may do in the project of the project-scoped token.
    ///
    /// Operation `getPolicies`: `GET /v1/policies/principals/{principalId}`, authorized by [`ProjectTokenAuth`](SecurityScheme::ProjectTokenAuth).
    ///
    /// # Parameters
    ///
    /// - `principal_id`: Identifier of the principal: of a user or of a personal access token, as `principalType` says. The bare identifier, without the prefix `user/` or `token/` that listings put before it.
    /// - `principal_type`: Whether `principalId` names a user or a token.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`](crate::Error) if the request cannot be sent, no response arrives, or the service responds with
    ///
    /// - 400 [`InvalidParameterError`](models::InvalidParameterError): The `principalType` is missing or unknown.
    /// - 404 [`NotFoundError`](models::NotFoundError): The project does not have this principal, or the principal does not have a policy.
    /// - 500 [`UnexpectedError`](models::UnexpectedError): The service failed while reading the policy; the request itself is valid.
    ///
    /// [`error.service_error()`](crate::Error::service_error) has its name and details.
    #[doc(alias = "getPolicies")]
    pub fn get_policies(
        &self,
        principal_id: impl AsRef<str>,
        principal_type: models::PrincipalType,
    ) -> GetPolicies {
        static OPERATION: Operation = Operation {
            name: "getPolicies",
            method: Method::GET,
            path: "/v1/policies/principals/{principalId}",
            security: Some(SecurityScheme::ProjectTokenAuth),
            idempotent: false,
            bearer: false,
            secrets: &[],
            raw: false,
        };
        GetPolicies {
            request: Request::new(self.client.settings(), &OPERATION)
                .path("principalId", principal_id.as_ref())
                .query("principalType", principal_type),
        }
    }

    /// Replace the policy of a principal.
    ///
    /// Replaces what a user or a token may do in the project of the project-scoped token. The whole policy is written: to change a part, read it with `getPolicies`, change it and send all of it back, including fields that this contract does not name.
    ///
    /// Operation `updatePolicies`: `PUT /v1/policies/principals/{principalId}`, authorized by [`ProjectTokenAuth`](SecurityScheme::ProjectTokenAuth).
    ///
    /// # Parameters
    ///
    /// - `principal_id`: Identifier of the principal: of a user or of a personal access token, as `principalType` says. The bare identifier, without the prefix `user/` or `token/` that listings put before it.
    /// - `principal_type`: Whether `principalId` names a user or a token.
    /// - `input`: The complete new policy.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`](crate::Error) if the request cannot be sent, no response arrives, or the service responds with
    ///
    /// - 400 [`InvalidParameterError`](models::InvalidParameterError): The policy is not well formed, or the `principalType` is missing or unknown.
    /// - 500 [`UnexpectedError`](models::UnexpectedError): The service failed while writing the policy; the request itself is valid.
    ///
    /// [`error.service_error()`](crate::Error::service_error) has its name and details.
    #[doc(alias = "updatePolicies")]
    pub fn update_policies(
        &self,
        principal_id: impl AsRef<str>,
        principal_type: models::PrincipalType,
        input: models::PolicyDto,
    ) -> UpdatePolicies {
        static OPERATION: Operation = Operation {
            name: "updatePolicies",
            method: Method::PUT,
            path: "/v1/policies/principals/{principalId}",
            security: Some(SecurityScheme::ProjectTokenAuth),
            idempotent: false,
            bearer: false,
            secrets: &[],
            raw: false,
        };
        UpdatePolicies {
            request: Request::new(self.client.settings(), &OPERATION)
                .path("principalId", principal_id.as_ref())
                .query("principalType", principal_type)
                .json(&input),
        }
    }
}

/// Request builder of [`PoliciesApi::get_policies`].
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error, models};
///
/// async fn get_policies(client: &Client) -> Result<(), Error> {
///     let api = client.policies();
///     let response = api
///         .get_policies("6ccd0a2e-e135-4037-b399-00039b362034", models::PrincipalType::Token)
///         .await?;
///     println!("{response:?}");
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct GetPolicies {
    request: Request,
}

request_builder!(GetPolicies -> models::PolicyDto, decode::json);

/// Request builder of [`PoliciesApi::update_policies`].
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error, models};
///
/// async fn update_policies(client: &Client) -> Result<(), Error> {
///     let ari =
///         "ari:iam::e30f4404-b898-45f1-903e-80af808ad60c:token/6ccd0a2e-e135-4037-b399-00039b362034";
///     let input = models::PolicyDto::new(
///         "2022-12-15",
///         [models::PolicyStatementDto::new(["*"], "Allow", [ari], ["*"])],
///     );
///     let api = client.policies();
///     let response = api
///         .update_policies(
///             "6ccd0a2e-e135-4037-b399-00039b362034",
///             models::PrincipalType::Token,
///             input,
///         )
///         .await?;
///     println!("{response:?}");
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct UpdatePolicies {
    request: Request,
}

request_builder!(UpdatePolicies -> models::PolicyDto, decode::json);

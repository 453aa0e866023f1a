// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

//! Projects and their principals.

use http::Method;

use crate::auth::token::SecurityScheme;
use crate::call::pagination::paginated;
use crate::call::{Operation, Request, decode, request_builder};
use crate::client::Client;
use crate::models;

/// Projects and their principals.
///
/// Obtained from [`Client::projects`](crate::client::Client::projects). Every method returns a request builder; awaiting it sends the request.
#[derive(Clone, Debug)]
pub struct ProjectsApi {
    client: Client,
}

impl ProjectsApi {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Add a principal to the project.
    ///
    /// Adds a user or a token to the project of the project-scoped token. The new principal has no rights in the project until its policy is written with `updatePolicies`. The service does not check that the principal exists.
    ///
    /// Operation `addPrincipalToProject`: `POST /v1/projects/principals`, authorized by [`ProjectTokenAuth`](SecurityScheme::ProjectTokenAuth).
    ///
    /// # Parameters
    ///
    /// - `input`: The principal to add.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`](crate::Error) if the request cannot be sent, no response arrives, or the service responds with
    ///
    /// - 400 [`InvalidParameterError`](models::InvalidParameterError): The principal or its type is missing, or the type is not known to the service.
    /// - 403 [`ActionForbiddenError`](models::ActionForbiddenError): The project-scoped token is not valid, or its policy does not allow adding principals.
    /// - 500 [`UnexpectedError`](models::UnexpectedError): The service failed while adding the principal; the request itself is valid.
    ///
    /// [`error.service_error()`](crate::Error::service_error) has its name and details.
    #[doc(alias = "addPrincipalToProject")]
    pub fn add_principal_to_project(&self, input: models::AddUserToProjectInput) -> AddPrincipalToProject {
        static OPERATION: Operation = Operation {
            name: "addPrincipalToProject",
            method: Method::POST,
            path: "/v1/projects/principals",
            security: Some(SecurityScheme::ProjectTokenAuth),
            idempotent: false,
            bearer: false,
            secrets: &[],
            raw: false,
        };
        AddPrincipalToProject { request: Request::new(self.client.settings(), &OPERATION).json(&input) }
    }

    /// Create a project.
    ///
    /// Creates a project owned by the principal of the user token, who becomes its first principal. The call is not idempotent: a second call creates a second project or is refused.
    ///
    /// Operation `createProject`: `POST /v1/projects`, authorized by [`UserTokenAuth`](SecurityScheme::UserTokenAuth).
    ///
    /// # Parameters
    ///
    /// - `input`: Name and description of the new project.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`](crate::Error) if the request cannot be sent, no response arrives, or the service responds with
    ///
    /// - 400 [`InvalidParameterError`](models::InvalidParameterError): The name is missing, too long or holds characters that the pattern excludes.
    /// - 500 [`UnexpectedError`](models::UnexpectedError): The service failed while creating the project; the request itself is valid.
    ///
    /// [`error.service_error()`](crate::Error::service_error) has its name and details.
    #[doc(alias = "createProject")]
    pub fn create_project(&self, input: models::CreateProjectInput) -> CreateProject {
        static OPERATION: Operation = Operation {
            name: "createProject",
            method: Method::POST,
            path: "/v1/projects",
            security: Some(SecurityScheme::UserTokenAuth),
            idempotent: false,
            bearer: false,
            secrets: &[],
            raw: false,
        };
        CreateProject { request: Request::new(self.client.settings(), &OPERATION).json(&input) }
    }

    /// Remove a principal from the project.
    ///
    /// Removes a user or a token from the project of the project-scoped token. The principal itself keeps existing and keeps its place in other projects; callers cannot remove themselves. The service was seen to respond with 204 for a principal that the project does not have, too.
    ///
    /// Operation `deletePrincipalFromProject`: `DELETE /v1/projects/principals/{principalId}`, authorized by [`ProjectTokenAuth`](SecurityScheme::ProjectTokenAuth).
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
    /// - 403 [`ActionForbiddenError`](models::ActionForbiddenError): The project-scoped token is not valid, or its policy does not allow removing principals.
    /// - 404 [`NotFoundError`](models::NotFoundError): The project does not have this principal.
    /// - 409 [`PrincipalCannotBeDeletedError`](models::PrincipalCannotBeDeletedError): The principal is the caller itself.
    /// - 500 [`UnexpectedError`](models::UnexpectedError): The service failed while removing the principal; the request itself is valid.
    ///
    /// [`error.service_error()`](crate::Error::service_error) has its name and details.
    #[doc(alias = "deletePrincipalFromProject")]
    pub fn delete_principal_from_project(
        &self,
        principal_id: impl AsRef<str>,
        principal_type: models::PrincipalType,
    ) -> DeletePrincipalFromProject {
        static OPERATION: Operation = Operation {
            name: "deletePrincipalFromProject",
            method: Method::DELETE,
            path: "/v1/projects/principals/{principalId}",
            security: Some(SecurityScheme::ProjectTokenAuth),
            idempotent: false,
            bearer: false,
            secrets: &[],
            raw: false,
        };
        DeletePrincipalFromProject {
            request: Request::new(self.client.settings(), &OPERATION)
                .path("principalId", principal_id.as_ref())
                .query("principalType", principal_type),
        }
    }

    /// Get a project.
    ///
    /// Reads one project to which the principal of the user token belongs.
    ///
    /// Operation `getProject`: `GET /v1/projects/{projectId}`, authorized by [`UserTokenAuth`](SecurityScheme::UserTokenAuth).
    ///
    /// # Parameters
    ///
    /// - `project_id`: Identifier of the project.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`](crate::Error) if the request cannot be sent, no response arrives, or the service responds with
    ///
    /// - 400 [`InvalidParameterError`](models::InvalidParameterError): The `projectId` is not the identifier of a project.
    /// - 404 [`NotFoundError`](models::NotFoundError): The project does not exist or the caller does not belong to it.
    /// - 500 [`UnexpectedError`](models::UnexpectedError): The service failed while reading the project; the request itself is valid.
    ///
    /// [`error.service_error()`](crate::Error::service_error) has its name and details.
    #[doc(alias = "getProject")]
    pub fn get_project(&self, project_id: impl AsRef<str>) -> GetProject {
        static OPERATION: Operation = Operation {
            name: "getProject",
            method: Method::GET,
            path: "/v1/projects/{projectId}",
            security: Some(SecurityScheme::UserTokenAuth),
            idempotent: false,
            bearer: false,
            secrets: &[],
            raw: false,
        };
        GetProject {
            request: Request::new(self.client.settings(), &OPERATION).path("projectId", project_id.as_ref()),
        }
    }

    /// List the principals of the project.
    ///
    /// Lists the users and tokens of the project of the project-scoped token. Returns one page; while `lastEvaluatedKey` is present, pass it as `exclusiveStartKey` to get the next one.
    ///
    /// Returns one page; [`into_stream`](ListPrincipalsOfProject::into_stream) yields the items of all pages.
    ///
    /// Operation `listPrincipalsOfProject`: `GET /v1/projects/principals`, authorized by [`ProjectTokenAuth`](SecurityScheme::ProjectTokenAuth).
    ///
    /// # Parameters
    ///
    /// - [`limit`](ListPrincipalsOfProject::limit), optional: Greatest number of items in one page, from 1 to 100; 100 when absent. A page may hold fewer items and still not be the last.
    /// - [`exclusive_start_key`](ListPrincipalsOfProject::exclusive_start_key), optional: Cursor of the page to read: the `lastEvaluatedKey` of the page before it, unchanged. Absent for the first page; at most 3000 characters; opaque.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`](crate::Error) if the request cannot be sent, no response arrives, or the service responds with
    ///
    /// - 400 [`InvalidParameterError`](models::InvalidParameterError): The `limit` is out of bounds or the `exclusiveStartKey` was not issued by this operation.
    /// - 403 [`ActionForbiddenError`](models::ActionForbiddenError): The project-scoped token is not valid, or its policy does not allow listing the principals.
    /// - 500 [`UnexpectedError`](models::UnexpectedError): The service failed while listing the principals; the request itself is valid.
    ///
    /// [`error.service_error()`](crate::Error::service_error) has its name and details.
    #[doc(alias = "listPrincipalsOfProject")]
    pub fn list_principals_of_project(&self) -> ListPrincipalsOfProject {
        static OPERATION: Operation = Operation {
            name: "listPrincipalsOfProject",
            method: Method::GET,
            path: "/v1/projects/principals",
            security: Some(SecurityScheme::ProjectTokenAuth),
            idempotent: false,
            bearer: false,
            secrets: &[],
            raw: false,
        };
        ListPrincipalsOfProject { request: Request::new(self.client.settings(), &OPERATION) }
    }

    /// List the projects of the caller.
    ///
    /// Lists the projects to which the principal of the user token belongs. Returns one page; while `lastEvaluatedKey` is present, pass it as `exclusiveStartKey` to get the next one.
    ///
    /// Returns one page; [`into_stream`](ListProject::into_stream) yields the items of all pages.
    ///
    /// Operation `listProject`: `GET /v1/projects`, authorized by [`UserTokenAuth`](SecurityScheme::UserTokenAuth).
    ///
    /// # Parameters
    ///
    /// - [`limit`](ListProject::limit), optional: Greatest number of items in one page, from 1 to 100; 100 when absent. A page may hold fewer items and still not be the last.
    /// - [`exclusive_start_key`](ListProject::exclusive_start_key), optional: Cursor of the page to read: the `lastEvaluatedKey` of the page before it, unchanged. Absent for the first page; at most 3000 characters; opaque.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`](crate::Error) if the request cannot be sent, no response arrives, or the service responds with
    ///
    /// - 500 [`UnexpectedError`](models::UnexpectedError): The service failed while listing the projects; the request itself is valid.
    ///
    /// [`error.service_error()`](crate::Error::service_error) has its name and details.
    #[doc(alias = "listProject")]
    pub fn list_project(&self) -> ListProject {
        static OPERATION: Operation = Operation {
            name: "listProject",
            method: Method::GET,
            path: "/v1/projects",
            security: Some(SecurityScheme::UserTokenAuth),
            idempotent: false,
            bearer: false,
            secrets: &[],
            raw: false,
        };
        ListProject { request: Request::new(self.client.settings(), &OPERATION) }
    }

    /// Change a project.
    ///
    /// Changes name, description or settings of a project. Omitted fields keep their value.
    ///
    /// Operation `updateProject`: `PATCH /v1/projects/{projectId}`, authorized by [`UserTokenAuth`](SecurityScheme::UserTokenAuth).
    ///
    /// # Parameters
    ///
    /// - `project_id`: Identifier of the project.
    /// - `input`: The fields to change.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`](crate::Error) if the request cannot be sent, no response arrives, or the service responds with
    ///
    /// - 400 [`InvalidParameterError`](models::InvalidParameterError): A new value is not valid, for example a name that the pattern excludes.
    /// - 403 [`ActionForbiddenError`](models::ActionForbiddenError): The user token is not valid, or its principal may not change the project.
    /// - 404 [`NotFoundError`](models::NotFoundError): The project does not exist.
    /// - 500 [`UnexpectedError`](models::UnexpectedError): The service failed while changing the project; the request itself is valid.
    ///
    /// [`error.service_error()`](crate::Error::service_error) has its name and details.
    #[doc(alias = "updateProject")]
    pub fn update_project(
        &self,
        project_id: impl AsRef<str>,
        input: models::UpdateProjectInput,
    ) -> UpdateProject {
        static OPERATION: Operation = Operation {
            name: "updateProject",
            method: Method::PATCH,
            path: "/v1/projects/{projectId}",
            security: Some(SecurityScheme::UserTokenAuth),
            idempotent: false,
            bearer: false,
            secrets: &[],
            raw: false,
        };
        UpdateProject {
            request: Request::new(self.client.settings(), &OPERATION)
                .path("projectId", project_id.as_ref())
                .json(&input),
        }
    }
}

/// Request builder of [`ProjectsApi::add_principal_to_project`].
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error, models};
///
/// async fn add_principal_to_project(client: &Client) -> Result<(), Error> {
///     let input = models::AddUserToProjectInput::new(
///         "6ccd0a2e-e135-4037-b399-00039b362034",
///         models::PrincipalType::Token,
///     );
///     let response = client.projects().add_principal_to_project(input).await?;
///     println!("{response:?}");
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct AddPrincipalToProject {
    request: Request,
}

request_builder!(AddPrincipalToProject -> (), decode::empty);

/// Request builder of [`ProjectsApi::create_project`].
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error, models};
///
/// async fn create_project(client: &Client) -> Result<(), Error> {
///     let input =
///         models::CreateProjectInput::new("billing").with_description("Invoices and receipts");
///     let response = client.projects().create_project(input).await?;
///     println!("{response:?}");
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct CreateProject {
    request: Request,
}

request_builder!(CreateProject -> models::ProjectDto, decode::json);

/// Request builder of [`ProjectsApi::delete_principal_from_project`].
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error, models};
///
/// async fn delete_principal_from_project(client: &Client) -> Result<(), Error> {
///     let api = client.projects();
///     let response = api
///         .delete_principal_from_project(
///             "6ccd0a2e-e135-4037-b399-00039b362034",
///             models::PrincipalType::Token,
///         )
///         .await?;
///     println!("{response:?}");
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct DeletePrincipalFromProject {
    request: Request,
}

request_builder!(DeletePrincipalFromProject -> (), decode::empty);

/// Request builder of [`ProjectsApi::get_project`].
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error};
///
/// async fn get_project(client: &Client) -> Result<(), Error> {
///     let response = client.projects().get_project("e30f4404-b898-45f1-903e-80af808ad60c").await?;
///     println!("{response:?}");
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct GetProject {
    request: Request,
}

request_builder!(GetProject -> models::ProjectDto, decode::json);

/// Request builder of [`ProjectsApi::list_principals_of_project`].
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error};
///
/// async fn list_principals_of_project(client: &Client) -> Result<(), Error> {
///     let api = client.projects();
///     let response = api
///         .list_principals_of_project()
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
/// async fn list_principals_of_project(client: &Client) -> Result<(), Error> {
///     let mut items = client.projects().list_principals_of_project().into_stream();
///     while let Some(item) = items.try_next().await? {
///         println!("{item:?}");
///     }
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct ListPrincipalsOfProject {
    request: Request,
}

impl ListPrincipalsOfProject {
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

request_builder!(ListPrincipalsOfProject -> models::UserList, decode::json);
paginated!(ListPrincipalsOfProject: models::UserList { records: models::UserDto, last_evaluated_key }, cursor "exclusiveStartKey");

/// Request builder of [`ProjectsApi::list_project`].
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error};
///
/// async fn list_project(client: &Client) -> Result<(), Error> {
///     let api = client.projects();
///     let response =
///         api.list_project().limit(50).exclusive_start_key("eyJpZCI6ImUzMGY0NDA0In0").await?;
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
/// async fn list_project(client: &Client) -> Result<(), Error> {
///     let mut items = client.projects().list_project().into_stream();
///     while let Some(item) = items.try_next().await? {
///         println!("{item:?}");
///     }
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct ListProject {
    request: Request,
}

impl ListProject {
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

request_builder!(ListProject -> models::ProjectList, decode::json);
paginated!(ListProject: models::ProjectList { projects: models::ProjectDto, last_evaluated_key }, cursor "exclusiveStartKey");

/// Request builder of [`ProjectsApi::update_project`].
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error, models};
///
/// async fn update_project(client: &Client) -> Result<(), Error> {
///     let input = models::UpdateProjectInput::new()
///         .with_name("demo-shop")
///         .with_description("Sign-in for the demo shop")
///         .with_identity_verification_enabled(true);
///     let api = client.projects();
///     let response = api.update_project("e30f4404-b898-45f1-903e-80af808ad60c", input).await?;
///     println!("{response:?}");
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct UpdateProject {
    request: Request,
}

request_builder!(UpdateProject -> models::ProjectDto, decode::json);

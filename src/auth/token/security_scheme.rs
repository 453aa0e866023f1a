//! Which token an operation asks for and how it is written.

/// Which token an operation asks for: the security schemes of the API description.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SecurityScheme {
    /// The access token of a user or of a personal access token; see
    /// [`ClientBuilder::user_token`](crate::ClientBuilder::user_token).
    UserTokenAuth,
    /// A token for one project; see [`ClientBuilder::project_token`](crate::ClientBuilder::project_token).
    ProjectTokenAuth,
    /// The access token of a consumer; see [`ClientBuilder::consumer_token`](crate::ClientBuilder::consumer_token).
    ConsumerTokenAuth,
}

/// How a token is written into the `authorization` header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AuthorizationFormat {
    /// As the API description states for each operation: the bare token, but `Bearer` for `createProjectScopedToken`. For requests
    /// to other services, the bare token.
    #[default]
    Contract,
    /// Always the bare token.
    Raw,
    /// Always `Bearer`, a space and the token (RFC 6750, section 2.1).
    Bearer,
}

// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

//! The operations of the contract, in one group per tag. A method of [`Client`] returns a group, a method of the group
//! returns a request builder, and awaiting the request builder sends the request.
//!
//! Every operation fails with the same [`Error`](crate::Error). The models named under *Errors* describe the bodies of
//! error responses; [`Error::service_error`](crate::Error::service_error) has their name, message and details.

pub mod accounts_api;
pub mod authz_api;
pub mod consumer_auth_api;
pub mod default_api;
pub mod policies_api;
pub mod projects_api;
pub mod sts_api;
pub mod tokens_api;
pub mod well_known_api;

pub use self::accounts_api::AccountsApi;
pub use self::authz_api::AuthzApi;
pub use self::consumer_auth_api::ConsumerAuthApi;
pub use self::default_api::DefaultApi;
pub use self::policies_api::PoliciesApi;
pub use self::projects_api::ProjectsApi;
pub use self::sts_api::StsApi;
pub use self::tokens_api::TokensApi;
pub use self::well_known_api::WellKnownApi;

use crate::client::Client;

impl Client {
    /// How a user signs in: passkeys and identity providers.
    pub fn accounts(&self) -> AccountsApi {
        AccountsApi::new(self.clone())
    }

    /// Access that a consumer grants others to its virtual file system.
    pub fn authz(&self) -> AuthzApi {
        AuthzApi::new(self.clone())
    }

    /// Tokens for consumers, who prove control of a DID.
    pub fn consumer_auth(&self) -> ConsumerAuthApi {
        ConsumerAuthApi::new(self.clone())
    }

    /// Proxies that pass requests to the services behind the gateway and return their raw responses.
    pub fn default_api(&self) -> DefaultApi {
        DefaultApi::new(self.clone())
    }

    /// What a principal may do in a project.
    pub fn policies(&self) -> PoliciesApi {
        PoliciesApi::new(self.clone())
    }

    /// Projects and their principals.
    pub fn projects(&self) -> ProjectsApi {
        ProjectsApi::new(self.clone())
    }

    /// Security token service: tokens scoped to a project, and who the caller is.
    pub fn sts(&self) -> StsApi {
        StsApi::new(self.clone())
    }

    /// Personal access tokens: machine users that prove themselves with a private key.
    pub fn tokens(&self) -> TokensApi {
        TokensApi::new(self.clone())
    }

    /// Public keys and DID document of the service.
    pub fn well_known(&self) -> WellKnownApi {
        WellKnownApi::new(self.clone())
    }
}

/// The pages of the operations, so that their examples compile as tests.
#[cfg(doctest)]
mod pages {
    #[doc = include_str!("../../docs/apis/AccountsApi.md")]
    struct AccountsApi;
    #[doc = include_str!("../../docs/apis/AuthzApi.md")]
    struct AuthzApi;
    #[doc = include_str!("../../docs/apis/ConsumerAuthApi.md")]
    struct ConsumerAuthApi;
    #[doc = include_str!("../../docs/apis/DefaultApi.md")]
    struct DefaultApi;
    #[doc = include_str!("../../docs/apis/PoliciesApi.md")]
    struct PoliciesApi;
    #[doc = include_str!("../../docs/apis/ProjectsApi.md")]
    struct ProjectsApi;
    #[doc = include_str!("../../docs/apis/StsApi.md")]
    struct StsApi;
    #[doc = include_str!("../../docs/apis/TokensApi.md")]
    struct TokensApi;
    #[doc = include_str!("../../docs/apis/WellKnownApi.md")]
    struct WellKnownApi;
}

// Generated from openapi.consumer-iam.yaml: change the contract or a template, then run openapi-generator/generate.py.

//! The operations of the contract, in one group per tag. A method of [`ConsumerIam`] returns a group, a method of the group
//! returns a request builder, and awaiting the request builder sends the request.
//!
//! Every operation fails with the same [`Error`](crate::Error). The models named under *Errors* describe the bodies of
//! error responses; [`Error::service_error`](crate::Error::service_error) has their name, message and details.

pub mod authz_api;
pub mod consumer_auth_api;
pub mod well_known_api;

pub use self::authz_api::AuthzApi;
pub use self::consumer_auth_api::ConsumerAuthApi;
pub use self::well_known_api::WellKnownApi;

use crate::consumer_iam::ConsumerIam;

impl ConsumerIam {
    /// Access that a consumer grants others to the nodes of its virtual file system.
    pub fn authz(&self) -> AuthzApi {
        AuthzApi::new(self.client())
    }

    /// Tokens for consumers, who prove control of a DID.
    pub fn consumer_auth(&self) -> ConsumerAuthApi {
        ConsumerAuthApi::new(self.client())
    }

    /// Public keys of the service.
    pub fn well_known(&self) -> WellKnownApi {
        WellKnownApi::new(self.client())
    }
}

/// The pages of the operations, so that their examples compile as tests.
#[cfg(doctest)]
mod pages {
    #[doc = include_str!("../../../docs/consumer-iam/apis/AuthzApi.md")]
    struct AuthzApi;
    #[doc = include_str!("../../../docs/consumer-iam/apis/ConsumerAuthApi.md")]
    struct ConsumerAuthApi;
    #[doc = include_str!("../../../docs/consumer-iam/apis/WellKnownApi.md")]
    struct WellKnownApi;
}

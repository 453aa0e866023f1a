// Generated from openapi.consumer-iam.yaml: change the contract or a template, then run openapi-generator/generate.py.

//! The schemas of the contract: plain structs and open enums.
//!
//! `new(…)` takes the required fields of a struct, the `with_*` methods set optional ones. Fields that this version does
//! not know are ignored when reading, or kept in `additional_properties` where the contract allows them; enum values
//! that it does not know are kept. Fields that hold secrets print as `[REDACTED]`.
//!
//! Fields are public, so an `Option` is set without a `with_*` method: `input.description = description`.

mod client_assertion_type;
mod consumer_auth_token_endpoint_input;
mod consumer_auth_token_endpoint_output;
mod get_access_output;
mod grant_access_input;
mod grant_access_output;
mod grant_type;
mod invalid_did_error;
mod invalid_jwt_token_error;
mod json_web_key_dto;
mod json_web_key_set_dto;
mod permission;
mod rights_enum;
mod unauthorized_error;
mod unexpected_error;
mod unexpected_error_details_inner;
mod update_access_input;
mod update_access_output;

pub use self::client_assertion_type::ClientAssertionType;
pub use self::consumer_auth_token_endpoint_input::ConsumerAuthTokenEndpointInput;
pub use self::consumer_auth_token_endpoint_output::ConsumerAuthTokenEndpointOutput;
pub use self::get_access_output::GetAccessOutput;
pub use self::grant_access_input::GrantAccessInput;
pub use self::grant_access_output::GrantAccessOutput;
pub use self::grant_type::GrantType;
pub use self::invalid_did_error::InvalidDidError;
pub use self::invalid_jwt_token_error::InvalidJwtTokenError;
pub use self::json_web_key_dto::JsonWebKeyDto;
pub use self::json_web_key_set_dto::JsonWebKeySetDto;
pub use self::permission::Permission;
pub use self::rights_enum::RightsEnum;
pub use self::unauthorized_error::UnauthorizedError;
pub use self::unexpected_error::UnexpectedError;
pub use self::unexpected_error_details_inner::UnexpectedErrorDetailsInner;
pub use self::update_access_input::UpdateAccessInput;
pub use self::update_access_output::UpdateAccessOutput;

/// The pages of the models, so that their examples run as tests.
#[cfg(doctest)]
mod pages {
    #[doc = include_str!("../../../docs/consumer-iam/models/ClientAssertionType.md")]
    struct ClientAssertionType;
    #[doc = include_str!("../../../docs/consumer-iam/models/ConsumerAuthTokenEndpointInput.md")]
    struct ConsumerAuthTokenEndpointInput;
    #[doc = include_str!("../../../docs/consumer-iam/models/ConsumerAuthTokenEndpointOutput.md")]
    struct ConsumerAuthTokenEndpointOutput;
    #[doc = include_str!("../../../docs/consumer-iam/models/GetAccessOutput.md")]
    struct GetAccessOutput;
    #[doc = include_str!("../../../docs/consumer-iam/models/GrantAccessInput.md")]
    struct GrantAccessInput;
    #[doc = include_str!("../../../docs/consumer-iam/models/GrantAccessOutput.md")]
    struct GrantAccessOutput;
    #[doc = include_str!("../../../docs/consumer-iam/models/GrantType.md")]
    struct GrantType;
    #[doc = include_str!("../../../docs/consumer-iam/models/InvalidDidError.md")]
    struct InvalidDidError;
    #[doc = include_str!("../../../docs/consumer-iam/models/InvalidJwtTokenError.md")]
    struct InvalidJwtTokenError;
    #[doc = include_str!("../../../docs/consumer-iam/models/JsonWebKeyDto.md")]
    struct JsonWebKeyDto;
    #[doc = include_str!("../../../docs/consumer-iam/models/JsonWebKeySetDto.md")]
    struct JsonWebKeySetDto;
    #[doc = include_str!("../../../docs/consumer-iam/models/Permission.md")]
    struct Permission;
    #[doc = include_str!("../../../docs/consumer-iam/models/RightsEnum.md")]
    struct RightsEnum;
    #[doc = include_str!("../../../docs/consumer-iam/models/UnauthorizedError.md")]
    struct UnauthorizedError;
    #[doc = include_str!("../../../docs/consumer-iam/models/UnexpectedError.md")]
    struct UnexpectedError;
    #[doc = include_str!("../../../docs/consumer-iam/models/UnexpectedErrorDetailsInner.md")]
    struct UnexpectedErrorDetailsInner;
    #[doc = include_str!("../../../docs/consumer-iam/models/UpdateAccessInput.md")]
    struct UpdateAccessInput;
    #[doc = include_str!("../../../docs/consumer-iam/models/UpdateAccessOutput.md")]
    struct UpdateAccessOutput;
}

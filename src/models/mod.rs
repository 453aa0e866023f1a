// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

//! The schemas of the contract: plain structs and open enums.
//!
//! `new(…)` takes the required fields of a struct, the `with_*` methods set optional ones. Fields that this version does
//! not know are ignored when reading, or kept in `additional_properties` where the contract allows them; enum values
//! that it does not know are kept. Fields that hold secrets print as `[REDACTED]`.
//!
//! Fields are public, so an `Option` is set without a `with_*` method: `input.description = description`.

mod action_forbidden_error;
mod add_user_to_project_input;
mod authentication_method_type;
mod client_assertion_type;
mod consumer_auth_token_endpoint_input;
mod consumer_auth_token_endpoint_output;
mod create_project_input;
mod create_project_scoped_token_input;
mod create_project_scoped_token_output;
mod create_token_input;
mod grant_access_input;
mod grant_access_output;
mod grant_type;
mod id_token;
mod identity_mapping_error;
mod invalid_did_error;
mod invalid_parameter_error;
mod json_web_key_dto;
mod json_web_key_set_dto;
mod malformed_upstream_response_error;
mod not_found_error;
mod passkey_dto;
mod passkey_list;
mod policy_dto;
mod policy_statement_dto;
mod principal_cannot_be_deleted_error;
mod principal_does_not_belong_to_project_error;
mod principal_type;
mod project_dto;
mod project_list;
mod project_with_policy_dto;
mod project_with_policy_list;
mod provider_dto;
mod provider_list;
mod provider_status;
mod rights_enum;
mod signing_algorithm;
mod token_dto;
mod token_list;
mod token_private_key_authentication_method_dto;
mod token_private_key_authentication_method_dto_public_key_info;
mod token_private_key_authentication_method_dto_public_key_info_jwks;
mod token_private_key_authentication_method_dto_public_key_info_jwks_uri;
mod unauthorized_error;
mod unexpected_error;
mod unexpected_error_details_inner;
mod update_access_input;
mod update_access_output;
mod update_project_input;
mod update_token_input;
mod update_token_private_key_authentication_method_dto;
mod upstream_unavailable_error;
mod user_dto;
mod user_list;
mod whoami_dto;

pub use self::action_forbidden_error::ActionForbiddenError;
pub use self::add_user_to_project_input::AddUserToProjectInput;
pub use self::authentication_method_type::AuthenticationMethodType;
pub use self::client_assertion_type::ClientAssertionType;
pub use self::consumer_auth_token_endpoint_input::ConsumerAuthTokenEndpointInput;
pub use self::consumer_auth_token_endpoint_output::ConsumerAuthTokenEndpointOutput;
pub use self::create_project_input::CreateProjectInput;
pub use self::create_project_scoped_token_input::CreateProjectScopedTokenInput;
pub use self::create_project_scoped_token_output::CreateProjectScopedTokenOutput;
pub use self::create_token_input::CreateTokenInput;
pub use self::grant_access_input::GrantAccessInput;
pub use self::grant_access_output::GrantAccessOutput;
pub use self::grant_type::GrantType;
pub use self::id_token::IdToken;
pub use self::identity_mapping_error::IdentityMappingError;
pub use self::invalid_did_error::InvalidDidError;
pub use self::invalid_parameter_error::InvalidParameterError;
pub use self::json_web_key_dto::JsonWebKeyDto;
pub use self::json_web_key_set_dto::JsonWebKeySetDto;
pub use self::malformed_upstream_response_error::MalformedUpstreamResponseError;
pub use self::not_found_error::NotFoundError;
pub use self::passkey_dto::PasskeyDto;
pub use self::passkey_list::PasskeyList;
pub use self::policy_dto::PolicyDto;
pub use self::policy_statement_dto::PolicyStatementDto;
pub use self::principal_cannot_be_deleted_error::PrincipalCannotBeDeletedError;
pub use self::principal_does_not_belong_to_project_error::PrincipalDoesNotBelongToProjectError;
pub use self::principal_type::PrincipalType;
pub use self::project_dto::ProjectDto;
pub use self::project_list::ProjectList;
pub use self::project_with_policy_dto::ProjectWithPolicyDto;
pub use self::project_with_policy_list::ProjectWithPolicyList;
pub use self::provider_dto::ProviderDto;
pub use self::provider_list::ProviderList;
pub use self::provider_status::ProviderStatus;
pub use self::rights_enum::RightsEnum;
pub use self::signing_algorithm::SigningAlgorithm;
pub use self::token_dto::TokenDto;
pub use self::token_list::TokenList;
pub use self::token_private_key_authentication_method_dto::TokenPrivateKeyAuthenticationMethodDto;
pub use self::token_private_key_authentication_method_dto_public_key_info::TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfo;
pub use self::token_private_key_authentication_method_dto_public_key_info_jwks::TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoJwks;
pub use self::token_private_key_authentication_method_dto_public_key_info_jwks_uri::TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoJwksUri;
pub use self::unauthorized_error::UnauthorizedError;
pub use self::unexpected_error::UnexpectedError;
pub use self::unexpected_error_details_inner::UnexpectedErrorDetailsInner;
pub use self::update_access_input::UpdateAccessInput;
pub use self::update_access_output::UpdateAccessOutput;
pub use self::update_project_input::UpdateProjectInput;
pub use self::update_token_input::UpdateTokenInput;
pub use self::update_token_private_key_authentication_method_dto::UpdateTokenPrivateKeyAuthenticationMethodDto;
pub use self::upstream_unavailable_error::UpstreamUnavailableError;
pub use self::user_dto::UserDto;
pub use self::user_list::UserList;
pub use self::whoami_dto::WhoamiDto;

/// The pages of the models, so that their examples run as tests.
#[cfg(doctest)]
mod pages {
    #[doc = include_str!("../../docs/models/ActionForbiddenError.md")]
    struct ActionForbiddenError;
    #[doc = include_str!("../../docs/models/AddUserToProjectInput.md")]
    struct AddUserToProjectInput;
    #[doc = include_str!("../../docs/models/AuthenticationMethodType.md")]
    struct AuthenticationMethodType;
    #[doc = include_str!("../../docs/models/ClientAssertionType.md")]
    struct ClientAssertionType;
    #[doc = include_str!("../../docs/models/ConsumerAuthTokenEndpointInput.md")]
    struct ConsumerAuthTokenEndpointInput;
    #[doc = include_str!("../../docs/models/ConsumerAuthTokenEndpointOutput.md")]
    struct ConsumerAuthTokenEndpointOutput;
    #[doc = include_str!("../../docs/models/CreateProjectInput.md")]
    struct CreateProjectInput;
    #[doc = include_str!("../../docs/models/CreateProjectScopedTokenInput.md")]
    struct CreateProjectScopedTokenInput;
    #[doc = include_str!("../../docs/models/CreateProjectScopedTokenOutput.md")]
    struct CreateProjectScopedTokenOutput;
    #[doc = include_str!("../../docs/models/CreateTokenInput.md")]
    struct CreateTokenInput;
    #[doc = include_str!("../../docs/models/GrantAccessInput.md")]
    struct GrantAccessInput;
    #[doc = include_str!("../../docs/models/GrantAccessOutput.md")]
    struct GrantAccessOutput;
    #[doc = include_str!("../../docs/models/GrantType.md")]
    struct GrantType;
    #[doc = include_str!("../../docs/models/IdToken.md")]
    struct IdToken;
    #[doc = include_str!("../../docs/models/IdentityMappingError.md")]
    struct IdentityMappingError;
    #[doc = include_str!("../../docs/models/InvalidDidError.md")]
    struct InvalidDidError;
    #[doc = include_str!("../../docs/models/InvalidParameterError.md")]
    struct InvalidParameterError;
    #[doc = include_str!("../../docs/models/JsonWebKeyDto.md")]
    struct JsonWebKeyDto;
    #[doc = include_str!("../../docs/models/JsonWebKeySetDto.md")]
    struct JsonWebKeySetDto;
    #[doc = include_str!("../../docs/models/MalformedUpstreamResponseError.md")]
    struct MalformedUpstreamResponseError;
    #[doc = include_str!("../../docs/models/NotFoundError.md")]
    struct NotFoundError;
    #[doc = include_str!("../../docs/models/PasskeyDto.md")]
    struct PasskeyDto;
    #[doc = include_str!("../../docs/models/PasskeyList.md")]
    struct PasskeyList;
    #[doc = include_str!("../../docs/models/PolicyDto.md")]
    struct PolicyDto;
    #[doc = include_str!("../../docs/models/PolicyStatementDto.md")]
    struct PolicyStatementDto;
    #[doc = include_str!("../../docs/models/PrincipalCannotBeDeletedError.md")]
    struct PrincipalCannotBeDeletedError;
    #[doc = include_str!("../../docs/models/PrincipalDoesNotBelongToProjectError.md")]
    struct PrincipalDoesNotBelongToProjectError;
    #[doc = include_str!("../../docs/models/PrincipalType.md")]
    struct PrincipalType;
    #[doc = include_str!("../../docs/models/ProjectDto.md")]
    struct ProjectDto;
    #[doc = include_str!("../../docs/models/ProjectList.md")]
    struct ProjectList;
    #[doc = include_str!("../../docs/models/ProjectWithPolicyDto.md")]
    struct ProjectWithPolicyDto;
    #[doc = include_str!("../../docs/models/ProjectWithPolicyList.md")]
    struct ProjectWithPolicyList;
    #[doc = include_str!("../../docs/models/ProviderDto.md")]
    struct ProviderDto;
    #[doc = include_str!("../../docs/models/ProviderList.md")]
    struct ProviderList;
    #[doc = include_str!("../../docs/models/ProviderStatus.md")]
    struct ProviderStatus;
    #[doc = include_str!("../../docs/models/RightsEnum.md")]
    struct RightsEnum;
    #[doc = include_str!("../../docs/models/SigningAlgorithm.md")]
    struct SigningAlgorithm;
    #[doc = include_str!("../../docs/models/TokenDto.md")]
    struct TokenDto;
    #[doc = include_str!("../../docs/models/TokenList.md")]
    struct TokenList;
    #[doc = include_str!("../../docs/models/TokenPrivateKeyAuthenticationMethodDto.md")]
    struct TokenPrivateKeyAuthenticationMethodDto;
    #[doc = include_str!("../../docs/models/TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfo.md")]
    struct TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfo;
    #[doc = include_str!("../../docs/models/TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoJwks.md")]
    struct TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoJwks;
    #[doc = include_str!("../../docs/models/TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoJwksUri.md")]
    struct TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoJwksUri;
    #[doc = include_str!("../../docs/models/UnauthorizedError.md")]
    struct UnauthorizedError;
    #[doc = include_str!("../../docs/models/UnexpectedError.md")]
    struct UnexpectedError;
    #[doc = include_str!("../../docs/models/UnexpectedErrorDetailsInner.md")]
    struct UnexpectedErrorDetailsInner;
    #[doc = include_str!("../../docs/models/UpdateAccessInput.md")]
    struct UpdateAccessInput;
    #[doc = include_str!("../../docs/models/UpdateAccessOutput.md")]
    struct UpdateAccessOutput;
    #[doc = include_str!("../../docs/models/UpdateProjectInput.md")]
    struct UpdateProjectInput;
    #[doc = include_str!("../../docs/models/UpdateTokenInput.md")]
    struct UpdateTokenInput;
    #[doc = include_str!("../../docs/models/UpdateTokenPrivateKeyAuthenticationMethodDto.md")]
    struct UpdateTokenPrivateKeyAuthenticationMethodDto;
    #[doc = include_str!("../../docs/models/UpstreamUnavailableError.md")]
    struct UpstreamUnavailableError;
    #[doc = include_str!("../../docs/models/UserDto.md")]
    struct UserDto;
    #[doc = include_str!("../../docs/models/UserList.md")]
    struct UserList;
    #[doc = include_str!("../../docs/models/WhoamiDto.md")]
    struct WhoamiDto;
}

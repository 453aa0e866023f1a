//! Decoding every model.

use std::fmt::Debug;

use affinidi_tdk_iam_client::models;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What decodes as a model is written as JSON that decodes to the same, and can be printed.
///
/// `input` is the JSON. Every model tries to read it.
pub fn check(input: &[u8]) {
    EVERY_MODEL.iter().for_each(|round_trip| round_trip(input));
}

fn round_trip<T: DeserializeOwned + Serialize + PartialEq + Debug>(input: &[u8]) {
    let Ok(model) = serde_json::from_slice::<T>(input) else { return };
    assert!(!format!("{model:?}").is_empty());
    let written = serde_json::to_vec(&model).expect("a model can be written");
    let again: T = serde_json::from_slice(&written).expect("what a model writes it reads");
    assert_eq!(again, model);
}

macro_rules! models {
    ($($name:ident),+ $(,)?) => {
        const EVERY_MODEL: &[fn(&[u8])] = &[$(round_trip::<models::$name>),+];

        /// What they are called.
        pub const NAMES: &[&str] = &[$(stringify!($name)),+];
    };
}

models! {
    ActionForbiddenError,
    AddUserToProjectInput,
    AuthenticationMethodType,
    ClientAssertionType,
    ConsumerAuthTokenEndpointInput,
    ConsumerAuthTokenEndpointOutput,
    CreateProjectInput,
    CreateProjectScopedTokenInput,
    CreateProjectScopedTokenOutput,
    CreateTokenInput,
    GrantAccessInput,
    GrantAccessOutput,
    GrantType,
    IdToken,
    InvalidDidError,
    InvalidParameterError,
    JsonWebKeyDto,
    JsonWebKeySetDto,
    NotFoundError,
    PolicyDto,
    PolicyStatementDto,
    PrincipalCannotBeDeletedError,
    PrincipalDoesNotBelongToProjectError,
    PrincipalType,
    ProjectDto,
    ProjectList,
    ProjectWithPolicyDto,
    ProjectWithPolicyList,
    RightsEnum,
    SigningAlgorithm,
    TokenDto,
    TokenList,
    TokenPrivateKeyAuthenticationMethodDto,
    TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfo,
    TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoJwks,
    TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoJwksUri,
    UnauthorizedError,
    UnexpectedError,
    UnexpectedErrorDetailsInner,
    UpdateAccessInput,
    UpdateAccessOutput,
    UpdateProjectInput,
    UpdateTokenInput,
    UpdateTokenPrivateKeyAuthenticationMethodDto,
    UserDto,
    UserList,
    WhoamiDto,
}

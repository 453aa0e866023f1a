//! Everything that a value prints.

use std::error::Error as _;
use std::fmt::Debug;

use affinidi_tdk_iam_client::Error;

/// An error in every form that ends up in a log, with everything it was caused by.
pub(crate) fn printed(error: &Error) -> String {
    let mut text = format!("{error} {error:#} {error:?} {error:#?} {:?}", error.service_error());
    if let Some(service) = error.service_error() {
        text += &format!("{service} {:?} {:?}", service.message(), service.details());
    }
    let mut source = error.source();
    while let Some(error) = source {
        text += &format!("{error} {error:?} {error:#?}");
        source = error.source();
    }
    text
}

/// Fails when `text` holds one of the `secrets`.
pub(crate) fn assert_silent(context: impl Debug, text: &str, secrets: &[&str]) {
    for secret in secrets {
        assert!(!text.contains(secret), "{context:?} prints the secret {secret}: {text}");
    }
}

/// The predicates of an error that say yes.
pub(crate) fn predicates(error: &Error) -> Vec<&'static str> {
    macro_rules! all {
        ($($predicate:ident),+ $(,)?) => {
            [$((stringify!($predicate), error.$predicate())),+]
        };
    }
    let all = all![
        is_bad_request,
        is_body_too_large,
        is_certificate,
        is_configuration,
        is_conflict,
        is_connect,
        is_decode,
        is_forbidden,
        is_connection_lost,
        is_invalid_input,
        is_missing_token,
        is_not_found,
        is_not_processed,
        is_rate_limited,
        is_retryable,
        is_server_error,
        is_status,
        is_timeout,
        is_unauthorized,
        is_unsuccessful,
    ];
    all.into_iter().filter(|(_, yes)| *yes).map(|(name, _)| name).collect()
}

//! Reading private keys in PEM, and as JSON Web Keys.

use affinidi_tdk_iam_client::Error;
use affinidi_tdk_iam_client::auth::{DidKeySigner, LocalSigner, PersonalAccessToken};

const PASSPHRASE: &str = "correct horse";

/// Whatever the text is, it becomes a key or an error about the configuration that does not repeat it, and never costs more
/// than a key is worth.
///
/// `input` is the text; a first byte `!` stands for the right passphrase, `?` for a wrong one.
pub fn check(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    let (passphrase, pem) = match text.split_at_checked(1) {
        Some(("!", pem)) => (Some(PASSPHRASE), pem),
        Some(("?", pem)) => (Some("wrong"), pem),
        _ => (None, text),
    };
    let token = PersonalAccessToken::builder().token_id("1").private_key_pem(pem);
    match passphrase {
        Some(passphrase) => {
            assert_good(token.passphrase(passphrase).build(), pem);
        }
        None => {
            assert_good(token.build(), pem);
            assert_good(LocalSigner::from_jwk("k", pem), pem);
            if let Some(signer) = assert_good(DidKeySigner::from_pem(pem), pem) {
                use affinidi_tdk_iam_client::auth::{DidSigner as _, Signer as _};
                assert!(signer.key_id().starts_with(signer.did()));
            }
        }
    }
}

fn assert_good<T: std::fmt::Debug>(outcome: Result<T, Error>, pem: &str) -> Option<T> {
    let printed = match &outcome {
        Ok(value) => format!("{value:?}"),
        Err(error) => {
            assert!(error.is_configuration(), "{error:?}");
            format!("{error} {error:?}")
        }
    };
    let mut secrets = pem.split_whitespace().filter(|word| word.len() > 40 && !word.contains("-----"));
    assert!(!secrets.any(|secret| printed.contains(secret)), "a part of the key is printed: {printed}");
    outcome.ok()
}

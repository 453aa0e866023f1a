//! Verifying JSON Web Tokens.

use affinidi_tdk_iam_client::auth::{Algorithm, TokenVerifier};
use affinidi_tdk_iam_client::http::StatusCode;
use affinidi_tdk_iam_client::transport::TransportResponse;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::recorder::Recorder;

/// A key for every algorithm. Their private keys are gone: each signed one line of `SIGNED`.
const KEYS: &str = include_str!("tokens/keys.json");
/// Tokens that are valid until 2100.
const SIGNED: &str = include_str!("tokens/signed.txt");

thread_local! {
    static VERIFIER: (Recorder, TokenVerifier) = verifier();
}

fn verifier() -> (Recorder, TokenVerifier) {
    let recorder = Recorder::new(1);
    recorder.will_answer(TransportResponse::new(StatusCode::OK, KEYS));
    let verifier = TokenVerifier::builder(&recorder.client)
        .any_issuer()
        .any_project()
        .algorithms([
            Algorithm::Es256,
            Algorithm::Es512,
            Algorithm::Es256k,
            Algorithm::Rs256,
            Algorithm::Rs512,
            Algorithm::EdDsa,
        ])
        .refetch_interval(std::time::Duration::MAX)
        .build()
        .expect("these settings are good");
    (recorder, verifier)
}

/// Whatever a token is, it verifies only when a key of the set has signed it just so, and the error never repeats it.
///
/// `input` is a token, or three lines that become one: header, claims and signature, the last in base64url.
pub fn check(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    let lines: Vec<_> = text.splitn(3, '\n').collect();
    let token = match lines.as_slice() {
        [header, claims, signature] => {
            let encode = |part: &str| URL_SAFE_NO_PAD.encode(part);
            format!("{}.{}.{signature}", encode(header), encode(claims))
        }
        _ => text.to_owned(),
    };
    VERIFIER.with(|(recorder, verifier)| {
        let signed = |token: &str| token.rsplit_once('.').map(|(signed, _)| signed.to_owned());
        match recorder.run(verifier.verify(&token)) {
            Ok(claims) => {
                assert!(SIGNED.lines().any(|good| signed(good) == signed(&token)), "nobody signed {token}");
                assert!(!format!("{claims:?}").is_empty());
            }
            Err(error) => {
                assert!(error.is_token_rejected(), "{error:?}");
                let printed = format!("{error} {error:?}");
                assert!(token.len() < 40 || !printed.contains(&token), "the token is printed: {printed}");
                assert!(!SIGNED.lines().any(|good| good == token), "{error} although it is good");
            }
        }
    });
}

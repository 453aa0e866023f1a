//! Responses with a token that cannot be used.

use affinidi_tdk_iam_client::auth::{Algorithm, ConsumerCredential, DidKeySigner};
use serde_json::json;

use crate::support::*;

fn service(body: String) -> Service {
    Service::new(move |_| Reply::json(200, &body).header("x-request-id", "r"))
}

// Tried: token endpoints that respond with success and no token, a malformed one, a list, or a token for somebody else.
// Expected: an error with the status, the headers and the number of attempts of that response, after one request.
#[tokio::test(start_paused = true)]
async fn an_error_about_a_token_in_a_response_has_that_response() {
    let foreign =
        json!({ "access_token": unsigned(&json!({ "sub": "did:web:somebody.example" })) }).to_string();
    let mut cases = vec![(service(foreign.clone()), "for another subject", true)];
    for (body, reason) in [
        ("{}", "access_token"),
        (r#"{"access_token":""}"#, "empty or malformed"),
        (r#"{"access_token":"a b\n"}"#, "empty or malformed"),
        (r#"{"access_token":["a"]}"#, "access_token"),
        (r#"["token",3600]"#, "expected a JSON object"),
        ("[]", "expected a JSON object"),
    ] {
        cases.extend([(service(body.to_owned()), reason, false), (service(body.to_owned()), reason, true)]);
    }
    for (service, reason, consumer) in cases {
        let error = if consumer {
            let signer = DidKeySigner::generate(Algorithm::Es256).unwrap();
            let credential = ConsumerCredential::builder().signer(signer).transport(service.clone());
            credential.build().unwrap().token().await.unwrap_err()
        } else {
            let endpoint = "http://127.0.0.1:1/token";
            let credential = pat().token_endpoint(endpoint).transport(service.clone()).build().unwrap();
            credential.user_token().await.unwrap_err()
        };
        assert!(error.is_credential() && error.to_string().contains(reason), "{reason}: {error}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(200), "{error}");
        assert_eq!(error.trace_id(), Some("r"), "{error}");
        assert!(error.body().is_some());
        assert_eq!((error.attempts(), service.count("")), (1, 1), "{error}");
    }
}

//! Decoding the errors of the service.

use std::error::Error as _;

use affinidi_tdk_iam_client::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use affinidi_tdk_iam_client::http::{HeaderMap, HeaderValue, StatusCode};
use affinidi_tdk_iam_client::transport::TransportResponse;
use affinidi_tdk_iam_client::{Error, models};

use super::recorder::{Recorder, TOKEN};

const ASSERTION: &str = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJkaWQ6a2V5OnoifQ.c2lnbmF0dXJl";
const STATUSES: [u16; 10] = [200, 201, 302, 400, 401, 403, 404, 409, 429, 500];

thread_local! {
    static RECORDER: Recorder = Recorder::new(1);
}

/// Whatever the service answers, the call ends; an error keeps what came, and does not print the token or the assertion that
/// was sent.
///
/// `input` is one byte for the status and the encoding of the body, a line that becomes the value of two headers, and the body.
pub fn check(input: &[u8]) {
    let Some((first, rest)) = input.split_first() else { return };
    let (line, body) = rest.split_at(rest.iter().position(|byte| *byte == b'\n').unwrap_or(0));
    let body = body.strip_prefix(b"\n").unwrap_or(body);
    let status = STATUSES[usize::from(*first) % STATUSES.len()];
    let mut headers = HeaderMap::new();
    if let Ok(line) = HeaderValue::from_bytes(line) {
        headers.insert(CONTENT_TYPE, line.clone());
        headers.insert("x-request-id", line);
    }
    let encoded = *first >= 0x80;
    if encoded {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    let status = StatusCode::from_u16(status).expect("these are good");
    RECORDER.with(|recorder| {
        recorder.will_answer(TransportResponse::new(status, body.to_vec()).with_headers(headers));
        let assert_good = |error: &Error, secret| {
            assert_silent(error, secret);
            assert!(
                error.is_connection_lost() || error.is_body_too_large() || error.status() == Some(status)
            );
            if !encoded {
                assert_eq!(error.body(), Some(body), "what came is kept");
            }
        };
        let project = recorder.run(recorder.client.projects().get_project("1"));
        assert!(project.is_err() || status.is_success());
        let _ = project.map_err(|error| assert_good(&error, TOKEN));
        let input = models::ConsumerAuthTokenEndpointInput::new(
            models::GrantType::ClientCredentials,
            models::ClientAssertionType::JwtBearer,
            ASSERTION,
        );
        let token = recorder.run(recorder.client.consumer_auth().consumer_auth_token_endpoint(input));
        assert!(token.is_err() || status.is_success());
        let _ = token.map_err(|error| assert_good(&error, ASSERTION));
    });
}

fn assert_silent(error: &Error, secret: &str) {
    let mut text = format!("{error} {error:?} {:?} {:?}", error.service_error(), error.trace_id());
    if let Some(service) = error.service_error() {
        text += &format!("{service} {:?} {:?} {:?}", service.name(), service.message(), service.trace_id());
    }
    let mut source = error.source();
    while let Some(error) = source {
        text += &format!("{error} {error:?}");
        source = error.source();
    }
    assert!(!text.contains(secret), "the secret that was sent is printed: {text}");
}

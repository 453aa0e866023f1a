//! Reading responses: status, headers, content coding and body.

use std::io::Write;

use affinidi_tdk_iam_client::http::header::{CONTENT_ENCODING, HeaderName, HeaderValue};
use affinidi_tdk_iam_client::http::{HeaderMap, StatusCode};
use affinidi_tdk_iam_client::transport::TransportResponse;
use affinidi_tdk_iam_client::{Error, models};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use super::recorder::Recorder;

thread_local! {
    static RECORDER: Recorder = Recorder::new(3);
}

/// Whatever a service sends, each call ends in a value, which only a success with the right JSON has, or in one error that keeps the
/// status, the headers and the number of attempts. What came whole is not requested once more because it cannot be read.
///
/// `input` is a line with the status, the lines of the headers, an empty line, and the body. A `+` before the status has the body
/// compressed and says so in the headers.
pub fn check(input: &[u8]) {
    let Some(response) = Received::read(input) else { return };
    RECORDER.with(|recorder| {
        let client = &recorder.client;
        let transport = TransportResponse::new(response.status, response.wire.clone());
        recorder.will_answer(transport.with_headers(response.headers.clone()));
        let object = || response.content().trim_ascii_start().starts_with(b"{");

        response.check(recorder.run(client.tokens().delete_token(Default::default())), || true);
        response.check(recorder.run(client.sts().whoami()), object);
        response.check(recorder.run(client.projects().list_project()), object);
        response.check(recorder.run(client.tokens().get_token(Default::default())), object);
        let policies = client.policies().get_policies("p", models::PrincipalType::Token);
        response.check(recorder.run(policies), object);
        response.check(recorder.run(client.well_known().get_well_known_jwks()), object);
        response.check(recorder.run(client.well_known().get_well_known_did()), object);
        let input = models::ConsumerAuthTokenEndpointInput::new(
            models::GrantType::ClientCredentials,
            models::ClientAssertionType::JwtBearer,
            "assertion",
        );
        response.check(recorder.run(client.consumer_auth().consumer_auth_token_endpoint(input)), object);

        let raw = recorder.run(client.default_api().v1_idp_proxy_get("x"));
        if let Ok(body) = &raw {
            assert!(response.is_coded() || body.as_bytes() == response.plain, "the body is what came");
            assert!(body.json::<Value>().map_or_else(|error| error.is_decode(), |_| true));
        }
        if !response.status.is_redirection() {
            response.check(raw, || true);
        }
    });
}

/// A response, and what is known about it.
struct Received {
    status: StatusCode,
    headers: HeaderMap,
    wire: Vec<u8>,
    /// The body as it was before it was compressed here.
    plain: Vec<u8>,
    codings: Vec<String>,
}

impl Received {
    fn read(input: &[u8]) -> Option<Self> {
        let end = input.windows(2).position(|pair| pair == b"\n\n")?;
        let (head, body) = (str::from_utf8(&input[..end]).ok()?, &input[end + 2..]);
        let mut lines = head.lines();
        let status = lines.next()?;
        let (compressed, status) = status.strip_prefix('+').map_or((false, status), |status| (true, status));
        let status =
            StatusCode::from_bytes(status.as_bytes()).ok().filter(|status| status.as_u16() >= 200)?;
        let mut headers = HeaderMap::new();
        for (name, value) in lines.filter_map(|line| line.split_once(':')) {
            headers.append(name.parse::<HeaderName>().ok()?, value.trim().parse::<HeaderValue>().ok()?);
        }
        let mut wire = body.to_vec();
        if compressed {
            let mut encoder = GzEncoder::new(vec![], Compression::fast());
            encoder.write_all(body).expect("memory can be written to");
            wire = encoder.finish().expect("memory can be written to");
            headers.append(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        let lines =
            headers.get_all(CONTENT_ENCODING).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
        let codings = lines.flat_map(|line| {
            line.split(',').map(|coding| coding.trim().to_ascii_lowercase()).collect::<Vec<_>>()
        });
        let codings: Vec<_> = codings.filter(|coding| !coding.is_empty() && coding != "identity").collect();
        // With another coding around it, what was compressed here is not the content.
        let plain = if compressed && codings.len() == 1 { body.to_vec() } else { wire.clone() };
        Some(Self { status, headers, wire, plain, codings })
    }

    /// Whether a coding is left after undoing what was done here.
    fn is_coded(&self) -> bool {
        self.plain == self.wire && !self.codings.is_empty() && !self.wire.is_empty()
    }

    fn content(&self) -> &[u8] {
        self.plain.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.plain)
    }

    /// `fits` says whether the content can be a value.
    fn check<T>(&self, outcome: Result<T, Error>, fits: impl Fn() -> bool) {
        let error = match outcome {
            Ok(_) => {
                assert!(self.status.is_success(), "{} is not a success", self.status);
                return assert!(self.is_coded() || fits(), "this is not a value of the operation");
            }
            Err(error) => error,
        };
        assert_eq!(error.status(), Some(self.status), "{error:?}");
        assert!(error.headers().is_some() && error.body().is_some() && error.attempts() > 0, "{error:?}");
        let kinds =
            [error.is_status(), error.is_decode(), error.is_connection_lost(), error.is_body_too_large()];
        assert_eq!(kinds.iter().filter(|kind| **kind).count(), 1, "{error:?}");
        assert_eq!(error.is_status(), !self.status.is_success(), "{error:?}");
        assert!(!error.is_decode() || (!error.is_retryable() && error.attempts() == 1), "{error:?}");
        assert!(!error.is_connection_lost() || self.is_coded(), "nothing was lost: {error:?}");
    }
}

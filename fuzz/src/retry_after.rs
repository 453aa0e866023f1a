//! Reading `Retry-After`.

use std::time::Duration;

use affinidi_tdk_iam_client::http::header::{DATE, RETRY_AFTER};
use affinidi_tdk_iam_client::http::{HeaderMap, HeaderValue, StatusCode};
use affinidi_tdk_iam_client::transport::TransportResponse;

use super::recorder::Recorder;

thread_local! {
    static RECORDER: Recorder = Recorder::new(2);
}

/// Whatever the header is, a number is read as that number, a date as whole seconds from the answer's own date; the call is
/// repeated at once or not at all, because it has one second.
///
/// `input` is the value of `Retry-After` and, on a second line, that of `Date`.
pub fn check(input: &[u8]) {
    let mut lines = input.splitn(2, |byte| *byte == b'\n').map(HeaderValue::from_bytes);
    let (Some(Ok(value)), date) = (lines.next(), lines.next()) else { return };
    let mut headers = HeaderMap::from_iter([(RETRY_AFTER, value.clone())]);
    // Without one the date would be today's, and the outcome another every day.
    let is_date =
        |date: &HeaderValue| date.to_str().is_ok_and(|date| httpdate::parse_http_date(date).is_ok());
    let date = date.and_then(Result::ok).filter(is_date);
    headers.insert(DATE, date.unwrap_or(HeaderValue::from_static("Mon, 23 Nov 2026 10:00:00 GMT")));
    RECORDER.with(|recorder| {
        let answer = TransportResponse::new(StatusCode::SERVICE_UNAVAILABLE, "").with_headers(headers);
        recorder.will_answer(answer);
        let error =
            recorder.run(recorder.client.well_known().get_well_known_jwks()).expect_err("it is a 503");
        let wait = error.retry_after();
        let number = value.to_str().ok().and_then(|text| text.trim().parse().ok());
        if let Some(seconds) = number {
            assert_eq!(wait, Some(Duration::from_secs(seconds)));
        }
        assert!(wait.is_none_or(|wait| wait.subsec_nanos() == 0), "{wait:?}");
        let attempts = if wait.unwrap_or_default().is_zero() { 2 } else { 1 };
        assert_eq!(error.attempts(), attempts, "{error}");
    });
}

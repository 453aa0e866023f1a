//! The last requests, for tests that want to see what a client sent. Secrets are left out when they are recorded.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::header::{AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION};
use http::{HeaderMap, Request, Response};
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use super::recorded_request::RecordedRequest;

/// How many requests are kept, and how many bytes of them.
const MOST: usize = 100;
const MOST_BYTES: usize = 4 * 1024 * 1024;
const REDACTED: &str = "[REDACTED]";

/// Fields whose values are never recorded, at any depth, without regard to case and underscores: `accessToken` is `access_token`.
const SECRETS: [&str; 12] = [
    "accesstoken",
    "actortoken",
    "assertion",
    "clientassertion",
    "clientsecret",
    "code",
    "idtoken",
    "passphrase",
    "password",
    "privatekey",
    "refreshtoken",
    "subjecttoken",
];

#[derive(Debug, Default)]
pub(crate) struct Recorder(Mutex<Records>);

/// As text: a value of JSON takes up to a hundred times the memory of its text.
#[derive(Debug, Default)]
struct Records {
    texts: VecDeque<String>,
    bytes: usize,
}

impl Recorder {
    pub(crate) fn record(
        &self,
        request: &Request<Bytes>,
        operation: Option<&str>,
        response: &Response<Bytes>,
        trace_id: String,
        now: i64,
    ) {
        let record = RecordedRequest {
            time: now,
            operation: operation.map(str::to_owned),
            method: request.method().to_string(),
            path: request.uri().path().to_owned(),
            query: form(request.uri().query().unwrap_or("").as_bytes()),
            headers: headers(request.headers()),
            body: body(request),
            status: response.status().as_u16(),
            trace_id,
        };
        let Ok(record) = serde_json::to_string(&record) else { return };
        let mut records = self.lock();
        records.bytes += record.len();
        records.texts.push_back(record);
        while records.texts.len() > MOST || records.bytes > MOST_BYTES {
            let Some(oldest) = records.texts.pop_front() else { break };
            records.bytes -= oldest.len();
        }
    }

    /// The oldest first.
    pub(crate) fn list(&self) -> Vec<RecordedRequest> {
        self.lock().texts.iter().filter_map(|text| serde_json::from_str(text).ok()).collect()
    }

    pub(crate) fn clear(&self) {
        *self.lock() = Records::default();
    }

    fn lock(&self) -> MutexGuard<'_, Records> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn headers(headers: &HeaderMap) -> Map<String, Value> {
    let shown = |name: &http::HeaderName, value: &http::HeaderValue| {
        let is_secret = [AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION].contains(name);
        let text =
            if is_secret { REDACTED.into() } else { String::from_utf8_lossy(value.as_bytes()).into_owned() };
        (name.to_string(), text.into())
    };
    headers.iter().map(|(name, value)| shown(name, value)).collect()
}

/// JSON and forms field by field. Of other bodies only the size, because their secrets cannot be found.
fn body(request: &Request<Bytes>) -> Value {
    let bytes = request.body();
    if bytes.is_empty() {
        return Value::Null;
    }
    let media_type = request.headers().get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let is = |expected| media_type.is_some_and(|media_type| media_type.starts_with(expected));
    if is("application/x-www-form-urlencoded") {
        return Value::Object(form(bytes));
    }
    match serde_json::from_slice(bytes) {
        Ok(json) if is("application/json") => redacted(json),
        _ => json!({ "bytes": bytes.len() }),
    }
}

fn form(encoded: &[u8]) -> Map<String, Value> {
    redacted_fields(
        form_urlencoded::parse(encoded).map(|(name, value)| (name.into_owned(), value.into())).collect(),
    )
}

fn redacted(value: Value) -> Value {
    match value {
        Value::Object(fields) => Value::Object(redacted_fields(fields)),
        Value::Array(items) => items.into_iter().map(redacted).collect(),
        other => other,
    }
}

fn redacted_fields(fields: Map<String, Value>) -> Map<String, Value> {
    let shown = |(name, value): (String, Value)| {
        let simple = name.replace(['_', '-'], "").to_ascii_lowercase();
        let value = if SECRETS.contains(&simple.as_str()) { REDACTED.into() } else { redacted(value) };
        (name, value)
    };
    fields.into_iter().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::{MOST, MOST_BYTES, Recorder};
    use bytes::Bytes;
    use http::{Request, Response};

    fn record(recorder: &Recorder, body: &str) {
        let request = Request::post("/").header("content-type", "application/json");
        let request = request.body(Bytes::from(body.to_owned())).unwrap();
        recorder.record(&request, None, &Response::new(Bytes::new()), String::new(), 0);
    }

    #[test]
    fn no_spelling_of_a_secret_is_recorded() {
        let recorder = Recorder::default();
        let request =
            Request::post("/?code=hunter2&id-token=hunter2").header("content-type", "application/json");
        let request = ["authorization", "cookie", "proxy-authorization"]
            .into_iter()
            .fold(request, |request, name| request.header(name, "hunter2"));
        let body = r#"{"a": [{"refreshToken": "hunter2"}], "client_assertion": {"b": "hunter2"}, "Password": "hunter2"}"#;
        let request = request.body(Bytes::from(body)).unwrap();
        recorder.record(&request, None, &Response::new(Bytes::new()), String::new(), 0);
        let shown = format!("{:?}", recorder.list());
        assert!(!shown.contains("hunter2") && shown.contains("refreshToken"), "{shown}");
    }

    #[test]
    fn the_last_requests_take_bounded_memory() {
        let recorder = Recorder::default();
        let large = format!("[{}[]]", "[],".repeat(20_000));
        for _ in 0..MOST {
            record(&recorder, &large);
            let records = recorder.lock();
            let bytes: usize = records.texts.iter().map(String::len).sum();
            assert_eq!(bytes, records.bytes);
            assert!(bytes <= MOST_BYTES);
        }
        assert_eq!(recorder.list().len(), MOST_BYTES / large.len());
        for _ in 0..2 * MOST {
            record(&recorder, "{}");
        }
        assert_eq!(recorder.list().len(), MOST);
        // One that is larger than all together may be is not kept, and the next one is.
        record(&recorder, &serde_json::Value::from("x".repeat(MOST_BYTES)).to_string());
        assert_eq!(recorder.list().len(), 0);
        record(&recorder, "{}");
        assert_eq!(recorder.list().len(), 1);
        recorder.clear();
        assert_eq!((recorder.list().len(), recorder.lock().bytes), (0, 0));
    }
}

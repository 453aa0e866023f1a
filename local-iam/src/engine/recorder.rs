//! The last requests, for tests that want to see what a client sent. Secrets are left out when they are recorded.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::header::{AUTHORIZATION, COOKIE};
use http::{HeaderMap, Request, Response};
use serde_json::{Map, Value, json};
use url::form_urlencoded;

const KEPT: usize = 100;
const REDACTED: &str = "[REDACTED]";

/// Fields whose values are never recorded, at any depth.
const SECRETS: [&str; 7] =
    ["access_token", "accessToken", "client_assertion", "client_secret", "code", "id_token", "refresh_token"];

#[derive(Debug, Default)]
pub(crate) struct Recorder(Mutex<VecDeque<Value>>);

impl Recorder {
    pub(crate) fn record(
        &self,
        request: &Request<Bytes>,
        operation: Option<&str>,
        response: &Response<Bytes>,
        trace_id: String,
        now: i64,
    ) {
        let record = json!({
            "time": now,
            "operation": operation,
            "method": request.method().as_str(),
            "path": request.uri().path(),
            "query": form(request.uri().query().unwrap_or("").as_bytes()),
            "headers": headers(request.headers()),
            "body": body(request),
            "status": response.status().as_u16(),
            "traceId": trace_id,
        });
        let mut records = self.lock();
        if records.len() == KEPT {
            records.pop_front();
        }
        records.push_back(record);
    }

    /// The oldest first.
    pub(crate) fn list(&self) -> Vec<Value> {
        self.lock().iter().cloned().collect()
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Value>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn headers(headers: &HeaderMap) -> Value {
    let shown = |name: &http::HeaderName, value: &http::HeaderValue| {
        let is_secret = name == AUTHORIZATION || name == COOKIE;
        let text =
            if is_secret { REDACTED.into() } else { String::from_utf8_lossy(value.as_bytes()).into_owned() };
        (name.to_string(), text.into())
    };
    Value::Object(headers.iter().map(|(name, value)| shown(name, value)).collect())
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
        return form(bytes);
    }
    match serde_json::from_slice(bytes) {
        Ok(json) if is("application/json") => redacted(json),
        _ => json!({ "bytes": bytes.len() }),
    }
}

fn form(encoded: &[u8]) -> Value {
    let fields: Map<_, _> =
        form_urlencoded::parse(encoded).map(|(name, value)| (name.into_owned(), value.into())).collect();
    redacted(Value::Object(fields))
}

fn redacted(value: Value) -> Value {
    match value {
        Value::Object(fields) => Value::Object(
            fields
                .into_iter()
                .map(|(name, value)| {
                    let value =
                        if SECRETS.contains(&name.as_str()) { REDACTED.into() } else { redacted(value) };
                    (name, value)
                })
                .collect(),
        ),
        Value::Array(items) => items.into_iter().map(redacted).collect(),
        other => other,
    }
}

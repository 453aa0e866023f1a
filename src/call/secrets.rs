//! Everything that a request sends and nothing may print.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION, HeaderName, USER_AGENT};
use http::{HeaderMap, HeaderValue};
use serde_json::Value;
use zeroize::Zeroizing;

use super::request::Request;
use crate::error::TRACE_HEADERS;
use crate::support::redact::Secrets;

/// What a request sent and nothing may print, as it was sent: most responses are never searched for it.
#[derive(Clone, Default)]
pub(super) struct Sent {
    authorization: Option<HeaderValue>,
    headers: Vec<HeaderValue>,
    /// The query of an operation without a schema.
    query: Option<String>,
    /// The body, where something in it is secret.
    body: Bytes,
    is_form: bool,
    /// The fields of the body that are secret; `None` where there is no schema and all of them may be.
    fields: Option<&'static [&'static str]>,
}

/// Parameters of OAuth 2.0 whose values are names that everybody knows, and errors have names like them.
const PUBLIC_FIELDS: [&str; 5] =
    ["client_assertion_type", "grant_type", "response_type", "scope", "token_type_hint"];

/// Headers that a caller sets and that are not secrets: a service returns the identifiers of traces on purpose.
fn is_public(header: &HeaderName) -> bool {
    [ACCEPT, ACCEPT_LANGUAGE, USER_AGENT].contains(header)
        || TRACE_HEADERS.contains(&header.as_str())
        || ["traceparent", "tracestate"].contains(&header.as_str())
}

impl Sent {
    /// What `request` sends, with this header `authorization`. Nothing is searched or copied yet.
    pub(super) fn of(request: &Request, authorization: Option<HeaderValue>) -> Self {
        let operation = request.operation;
        let of_client = request.settings.default_headers.of(&request.url);
        let headers = of_client.into_iter().flatten().chain(request.added_headers());
        let secret = headers
            .filter(|(name, value)| value.is_sensitive() && *name != AUTHORIZATION && !is_public(name));
        let has_secrets = operation.raw || !operation.secrets.is_empty();
        Self {
            authorization,
            headers: secret.map(|(_, value)| value.clone()).collect(),
            query: request.url.query().filter(|_| operation.raw).map(str::to_owned),
            body: if has_secrets { request.body.clone() } else { Bytes::new() },
            is_form: has_secrets && request.is_form(),
            fields: (!operation.raw).then_some(operation.secrets),
        }
    }

    /// The secrets in it.
    pub(super) fn secrets(&self) -> Secrets {
        if self.body.len() > Secrets::MOST {
            return Secrets::everything();
        }
        let mut found = Found(Vec::new());
        if let Some(authorization) = &self.authorization {
            found.authorization(authorization.as_bytes());
        }
        for header in &self.headers {
            found.add(header.as_bytes());
            // Such as the values of cookies.
            found.pairs(header.as_bytes(), |_| true);
        }
        let is_secret = |field: &[u8]| match self.fields {
            Some(fields) => fields.iter().any(|name| name.as_bytes() == field),
            None => !PUBLIC_FIELDS.iter().any(|name| name.as_bytes() == field),
        };
        found.pairs(self.query.as_deref().unwrap_or_default().as_bytes(), is_secret);
        match serde_json::from_slice(&self.body) {
            _ if self.body.is_empty() => {}
            _ if self.is_form => found.pairs(&self.body, is_secret),
            Ok(Value::Object(fields)) => {
                let secret = fields.into_iter().filter(|(name, _)| is_secret(name.as_bytes()));
                secret.for_each(|(_, value)| found.json(value));
            }
            Ok(value) => found.json(value),
            // Of any other media type.
            Err(_) => {
                found.add(&self.body);
                self.body.split(|byte| matches!(byte, b'\r' | b'\n')).for_each(|line| found.add(line));
            }
        }
        Secrets::of(&found.0)
    }

    /// `headers` of the response, those marked as sensitive that repeat a secret, or may hold a new one.
    pub(super) fn marked(&self, mut headers: HeaderMap) -> HeaderMap {
        self.secrets().mark(&mut headers);
        headers
    }
}

/// Copies of what is secret, which are overwritten.
struct Found(Vec<Zeroizing<Vec<u8>>>);

impl Found {
    fn add(&mut self, secret: &[u8]) {
        self.0.push(Zeroizing::new(secret.to_vec()));
    }

    /// All but the name of the authentication scheme; of `Basic` (RFC 7617) what it encodes, too.
    fn authorization(&mut self, value: &[u8]) {
        let mut words = value.splitn(2, |byte| *byte == b' ');
        let (scheme, credentials) = match (words.next(), words.next()) {
            (Some(scheme), Some(credentials)) => (scheme, credentials),
            _ => (&b""[..], value),
        };
        self.add(credentials);
        if scheme.eq_ignore_ascii_case(b"basic")
            && let Ok(decoded) = STANDARD.decode(credentials).map(Zeroizing::new)
        {
            decoded.splitn(2, |byte| *byte == b':').skip(1).for_each(|password| self.add(password));
        }
    }

    /// The values of `name=value` in a query, a form or cookies.
    fn pairs(&mut self, text: &[u8], is_secret: impl Fn(&[u8]) -> bool) {
        for pair in text.split(|byte| matches!(byte, b'&' | b';')) {
            let Some(equals) = pair.iter().position(|byte| *byte == b'=') else { continue };
            let (name, value) = pair.split_at(equals);
            if is_secret(name.trim_ascii()) {
                self.add(value.get(1..).unwrap_or_default());
            }
        }
    }

    /// All values in a JSON value.
    fn json(&mut self, value: Value) {
        match value {
            Value::Null | Value::Bool(_) => {}
            Value::Number(number) => self.add(number.to_string().as_bytes()),
            Value::String(text) => self.0.push(Zeroizing::new(text.into_bytes())),
            Value::Array(items) => items.into_iter().for_each(|item| self.json(item)),
            Value::Object(fields) => fields.into_iter().for_each(|(_, value)| self.json(value)),
        }
    }
}

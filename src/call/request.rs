//! A request in the making.

use std::fmt::{self, Display};
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use url::Url;
use zeroize::Zeroizing;

use super::header;
use super::operation::Operation;
use super::retry::RetryPolicy;
use super::settings::Settings;
use crate::error::Error;
use crate::transport::TransportRequest;

/// A request in the making. What cannot be sent is remembered and ends the call before anything is sent.
#[derive(Clone)]
pub(crate) struct Request {
    pub(super) settings: Arc<Settings>,
    pub(super) operation: &'static Operation,
    /// Most calls of an operation share one.
    pub(super) url: Arc<Url>,
    /// The path, its parameters filled in one by one, where it has some; the URL gets it last.
    path: Option<String>,
    content_type: Option<HeaderValue>,
    /// What the caller adds; few do.
    headers: Option<Box<HeaderMap>>,
    pub(super) body: Bytes,
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry_policy: Option<RetryPolicy>,
    /// Why it cannot be sent.
    refused: Option<Error>,
}

impl Request {
    pub(crate) fn new(settings: &Arc<Settings>, operation: &'static Operation) -> Self {
        let base_url = &settings.base_url;
        let (url, path) = match operation.path.contains('{') {
            true => {
                (base_url.shared(), Some(base_url.path().trim_end_matches('/').to_owned() + operation.path))
            }
            false => (base_url.join(operation.path), None),
        };
        Self {
            settings: settings.clone(),
            operation,
            url,
            path,
            content_type: None,
            headers: None,
            body: Bytes::new(),
            timeout: None,
            retry_policy: None,
            refused: settings.refused.clone(),
        }
    }

    /// Fills in a path parameter as one segment.
    pub(crate) fn path(mut self, name: &'static str, value: impl Display) -> Self {
        let value = value.to_string();
        match encode_segment(&value) {
            Ok(segment) => self.fill_in(name, &segment),
            Err(reason) => self.refuse(Error::invalid_input(format!("the path parameter `{name}` {reason}"))),
        }
        self
    }

    /// Fills in a path parameter that keeps its slashes.
    pub(crate) fn greedy_path(mut self, name: &'static str, value: impl Display) -> Self {
        let value = value.to_string();
        match value.split('/').map(encode_segment).collect::<Result<Vec<_>, _>>() {
            Ok(segments) => self.fill_in(name, &segments.join("/")),
            Err(reason) => self
                .refuse(Error::invalid_input(format!("a segment of the path parameter `{name}` {reason}"))),
        }
        self
    }

    fn fill_in(&mut self, name: &str, value: &str) {
        let placeholder = format!("{{{name}}}");
        if let Some(path) = &mut self.path
            && let Some(start) = path.find(&placeholder)
        {
            path.replace_range(start..start + placeholder.len(), value);
        }
    }

    /// Sets a query parameter of the API description; the last value wins.
    pub(crate) fn query(mut self, name: &str, value: impl Display) -> Self {
        if self.url.query().is_some() {
            let url = self.url.clone();
            let others = url.query_pairs().filter(|(other, _)| other != name);
            Arc::make_mut(&mut self.url).query_pairs_mut().clear().extend_pairs(others);
        }
        self.any_query(name, &value.to_string())
    }

    /// The value that a query parameter is set to.
    pub(crate) fn query_value(&self, name: &str) -> Option<String> {
        self.url.query_pairs().find(|(other, _)| other == name).map(|(_, value)| value.into_owned())
    }

    /// Adds a query parameter of any name, which may be there already.
    pub(crate) fn any_query(mut self, name: &str, value: &str) -> Self {
        Arc::make_mut(&mut self.url).query_pairs_mut().append_pair(name, value);
        self
    }

    /// Sets a query parameter that the API description bounds.
    pub(crate) fn bounded_query(mut self, name: &'static str, value: u32, least: u32, most: u32) -> Self {
        if (least..=most).contains(&value) {
            return self.query(name, value);
        }
        self.refuse(Error::invalid_input(format!(
            "`{name}` is {value} and must be between {least} and {most}"
        )));
        self
    }

    /// Sets a JSON body.
    pub(crate) fn json(mut self, value: &impl Serialize) -> Self {
        let mut body = Vec::with_capacity(USUAL_BODY);
        let written = serde_json::to_writer(&mut body, value).map(|()| body.into());
        self.json_body(written);
        self
    }

    /// Sets a JSON body of which no copy is left in memory: neither by growing nor at the end.
    pub(crate) fn secret_json(mut self, value: &impl Serialize) -> Self {
        let mut length = Length(0);
        let written = serde_json::to_writer(&mut length, value).and_then(|()| {
            let mut body = Zeroizing::new(Vec::with_capacity(length.0));
            serde_json::to_writer(&mut *body, value)?;
            Ok(Bytes::from_owner(body))
        });
        self.json_body(written);
        self
    }

    fn json_body(&mut self, written: serde_json::Result<Bytes>) {
        match written {
            Ok(body) => {
                self.content_type = Some(HeaderValue::from_static("application/json"));
                self.body = body;
            }
            Err(error) => {
                self.refuse(Error::invalid_input(format!("the body cannot be written as JSON: {error}")))
            }
        }
    }

    /// Sets a body of any media type.
    pub(crate) fn any_body(mut self, content_type: &str, body: Bytes) -> Self {
        match header::checked(CONTENT_TYPE.as_str(), content_type) {
            Ok((_, value)) => {
                self.content_type = Some(value);
                self.body = body;
            }
            Err(error) => self.refuse(error),
        }
        self
    }

    /// Adds a header of the caller's.
    pub(crate) fn header(&mut self, name: &str, value: &str) {
        match header::checked(name, value) {
            Ok((name, value)) => {
                self.headers.get_or_insert_default().insert(name, value);
            }
            Err(error) => self.refuse(error),
        }
    }

    /// Of several reasons the first is kept.
    fn refuse(&mut self, reason: Error) {
        self.refused.get_or_insert(reason);
    }

    /// Whether the body is a form.
    pub(super) fn is_form(&self) -> bool {
        self.content_type.as_ref().is_some_and(|value| value.as_bytes().starts_with(FORM.as_bytes()))
    }

    /// Completes what is sent.
    ///
    /// # Errors
    ///
    /// Why it cannot be sent.
    pub(super) fn complete(&mut self) -> Result<(), Error> {
        if let Some(reason) = self.refused.take() {
            return Err(reason);
        }
        if let Some(path) = self.path.take() {
            Arc::make_mut(&mut self.url).set_path(&path);
        }
        Ok(())
    }

    /// The headers that the caller adds.
    pub(super) fn added_headers(&self) -> impl Iterator<Item = (&HeaderName, &HeaderValue)> {
        self.headers.iter().flat_map(|headers| headers.iter())
    }

    /// The value that the caller chose for the `authorization` header.
    pub(super) fn authorization(&self) -> Option<&HeaderValue> {
        self.headers.as_ref()?.get(AUTHORIZATION)
    }

    /// What one attempt sends: the client's headers, the operation's, the token, and what the caller added, of which the
    /// later win.
    pub(super) fn outgoing(&self, token: Option<HeaderValue>) -> TransportRequest {
        let defaults = &self.settings.defaults;
        let of_origin = self.settings.default_headers.of(&self.url);
        // Built at its final size: a copy of the client's headers would grow with the first one added.
        let added =
            of_origin.map_or(0, HeaderMap::len) + self.headers.as_ref().map_or(0, |added| added.len()) + 3;
        let mut headers = HeaderMap::with_capacity(defaults.headers.len() + added);
        for (name, value) in defaults.headers.iter().chain(of_origin.into_iter().flatten()) {
            headers.insert(name.clone(), value.clone());
        }
        if self.operation.raw {
            headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
        }
        if let Some(content_type) = &self.content_type {
            headers.insert(CONTENT_TYPE, content_type.clone());
        }
        if let Some(token) = token {
            headers.insert(AUTHORIZATION, token);
        }
        for (name, value) in self.added_headers() {
            headers.insert(name.clone(), value.clone());
        }
        TransportRequest {
            method: self.operation.method.clone(),
            url: Url::clone(&self.url),
            headers,
            body: self.body.clone(),
            body_limit: defaults.body_limit,
            operation: self.operation.name,
        }
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("operation", &self.operation.name)
            .field("method", &self.operation.method)
            .field("path", &self.path.as_deref().unwrap_or(self.url.path()))
            .field("added_headers", &self.added_headers().map(|(name, _)| name).collect::<Vec<_>>())
            .field("body_length", &self.body.len())
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// Counts what is written.
struct Length(usize);

impl Write for Length {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        self.0 += part.len();
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The media type of forms.
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

/// The bytes that most bodies fit into, so that writing one does not move it.
const USUAL_BODY: usize = 1024;

/// All but the unreserved characters of RFC 3986, section 2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Encodes one segment of a path; refuses those that would make it another path.
fn encode_segment(value: &str) -> Result<String, &'static str> {
    match value {
        "" => Err("is empty, and the path would be that of another operation"),
        "." | ".." => Err("is `.` or `..`, and the path would be that of another operation"),
        _ => Ok(utf8_percent_encode(value, RESERVED).to_string()),
    }
}

//! What every request builder is made of.

use std::fmt::{self, Display};
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use url::Url;

use crate::auth::SecurityScheme;
use crate::call::Call;
use crate::decode::Decode;
use crate::observe::{Outcome, Watch};
use crate::retry::RetryPolicy;
use crate::transport::TransportRequest;
use crate::{Client, Error, Response, header};

/// The future behind `.await` on a request builder.
pub type RequestFuture<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;

/// What the contract says of an operation.
#[derive(Debug)]
pub(crate) struct Operation {
    /// The contract's operationId.
    pub(crate) name: &'static str,
    pub(crate) method: Method,
    /// The path template of the contract.
    pub(crate) path: &'static str,
    pub(crate) security: Option<SecurityScheme>,
    /// Whether the contract says that repeating it does no harm, whatever the method.
    pub(crate) idempotent: bool,
    /// Whether the contract asks for the prefix `Bearer`.
    pub(crate) bearer: bool,
    /// Top-level members of the request's body that hold secrets.
    pub(crate) secrets: &'static [&'static str],
    /// Whether the contract promises no form of the answer, so that a redirect is an answer too.
    pub(crate) raw: bool,
}

impl Operation {
    /// Whether doing it twice is the same as doing it once (RFC 9110, section 9.2.2).
    pub(crate) fn is_idempotent(&self) -> bool {
        self.idempotent || self.method.is_idempotent()
    }
}

/// A request in the making. What cannot be sent is remembered and ends the call before anything is sent.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) client: Client,
    pub(crate) operation: &'static Operation,
    url: Url,
    /// The path, its parameters filled in one by one, where it has some; the URL gets it last.
    path: Option<String>,
    content_type: Option<HeaderValue>,
    /// What the caller adds.
    headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry_policy: Option<RetryPolicy>,
    /// Why it cannot be sent.
    refused: Option<String>,
}

impl Request {
    pub(crate) fn new(client: &Client, operation: &'static Operation) -> Self {
        let base_url = &client.settings().base_url;
        let (url, path) = match operation.path.contains('{') {
            true => (
                Url::clone(base_url),
                Some(base_url.path().trim_end_matches('/').to_owned() + operation.path),
            ),
            false => (base_url.join(operation.path), None),
        };
        Self {
            client: client.clone(),
            operation,
            url,
            path,
            content_type: None,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            timeout: None,
            retry_policy: None,
            refused: None,
        }
    }

    /// Fills in a path parameter as one segment.
    pub(crate) fn path(mut self, name: &'static str, value: impl Display) -> Self {
        let value = value.to_string();
        match encode_segment(&value) {
            Ok(segment) => self.fill_in(name, &segment),
            Err(reason) => self.refuse(format!("the path parameter `{name}` {reason}")),
        }
        self
    }

    /// Fills in a path parameter that keeps its slashes.
    pub(crate) fn greedy_path(mut self, name: &'static str, value: impl Display) -> Self {
        let value = value.to_string();
        match value.split('/').map(encode_segment).collect::<Result<Vec<_>, _>>() {
            Ok(segments) => self.fill_in(name, &segments.join("/")),
            Err(reason) => self.refuse(format!("a segment of the path parameter `{name}` {reason}")),
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

    /// Sets a query parameter of the contract; the last value wins.
    pub(crate) fn query(mut self, name: &str, value: impl Display) -> Self {
        if self.url.query().is_some() {
            let url = self.url.clone();
            let others = url.query_pairs().filter(|(other, _)| other != name);
            self.url.query_pairs_mut().clear().extend_pairs(others);
        }
        self.any_query(name, &value.to_string())
    }

    /// Adds a query parameter of any name, which may be there already.
    pub(crate) fn any_query(mut self, name: &str, value: &str) -> Self {
        self.url.query_pairs_mut().append_pair(name, value);
        self
    }

    /// Sets a query parameter that the contract bounds.
    pub(crate) fn bounded_query(mut self, name: &'static str, value: u32, least: u32, most: u32) -> Self {
        if (least..=most).contains(&value) {
            return self.query(name, value);
        }
        self.refuse(format!("`{name}` is {value} and must be between {least} and {most}"));
        self
    }

    /// Sets a JSON body.
    pub(crate) fn json(mut self, value: &impl Serialize) -> Self {
        let mut body = Vec::with_capacity(USUAL_BODY);
        match serde_json::to_writer(&mut body, value) {
            Ok(()) => {
                self.content_type = Some(HeaderValue::from_static("application/json"));
                self.body = body.into();
            }
            Err(error) => self.refuse(format!("the body cannot be written as JSON: {error}")),
        }
        self
    }

    /// Sets a body of any media type.
    pub(crate) fn any_body(mut self, content_type: &str, body: Bytes) -> Self {
        match header::checked(CONTENT_TYPE.as_str(), content_type) {
            Ok((_, value)) => {
                self.content_type = Some(value);
                self.body = body;
            }
            Err(error) => self.refuse(error.to_string()),
        }
        self
    }

    pub(crate) fn header(&mut self, name: &str, value: &str) -> Result<(), Error> {
        let (name, value) =
            header::checked(name, value).map_err(|error| error.in_operation(self.operation.name))?;
        self.headers.insert(name, value);
        Ok(())
    }

    fn refuse(&mut self, reason: String) {
        self.refused.get_or_insert(reason);
    }

    /// Completes what is sent, or says why it cannot be sent.
    pub(crate) fn complete(&mut self) -> Result<(), Error> {
        if let Some(reason) = self.refused.take() {
            return Err(Error::request(reason));
        }
        if let Some(path) = self.path.take() {
            self.url.set_path(&path);
        }
        Ok(())
    }

    /// The value that the caller chose for the `authorization` header.
    pub(crate) fn authorization(&self) -> Option<&HeaderValue> {
        self.headers.get(AUTHORIZATION)
    }

    /// What one attempt sends: the client's headers, the operation's, the token, and what the caller added, of which the
    /// later win.
    pub(crate) fn outgoing(&self, token: Option<&HeaderValue>) -> TransportRequest {
        let settings = self.client.settings();
        // Built at its final size: a copy of the client's headers would grow with the first one added.
        let mut headers = HeaderMap::with_capacity(settings.headers.len() + self.headers.len() + 3);
        for (name, value) in &settings.headers {
            headers.insert(name.clone(), value.clone());
        }
        if self.operation.raw {
            headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
        }
        if let Some(content_type) = &self.content_type {
            headers.insert(CONTENT_TYPE, content_type.clone());
        }
        if let Some(token) = token {
            headers.insert(AUTHORIZATION, token.clone());
        }
        for (name, value) in &self.headers {
            headers.insert(name.clone(), value.clone());
        }
        TransportRequest {
            method: self.operation.method.clone(),
            url: self.url.clone(),
            headers,
            body: self.body.clone(),
            body_limit: settings.body_limit,
            operation: self.operation.name,
        }
    }

    /// Sends the request and reads its answer.
    pub(crate) async fn send<T>(mut self, decode: Decode<T>) -> Result<Response<T>, Error> {
        let complete = self.complete();
        let operation = self.operation;
        let watch = Watch::call(self.client.settings(), operation);
        let outcome = match complete {
            Ok(()) => watch.around(Call::new(&self, &watch).make()).await,
            Err(error) => Err(error),
        };
        let outcome = match outcome {
            Ok((response, sent)) => match decode(&response.body) {
                Ok(value) => Ok(Response::new(response.status, response.headers, value)),
                Err(reason) => Err(sent.undecodable(response, &reason)),
            },
            Err(error) => Err(error.in_operation(operation.name)),
        };
        watch.end(match &outcome {
            Ok(response) => Outcome::Answer(response.status(), response.headers()),
            Err(error) => Outcome::Failure(error),
        });
        outcome
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("operation", &self.operation.name)
            .field("method", &self.operation.method)
            .field("path", &self.path.as_deref().unwrap_or(self.url.path()))
            .field("added_headers", &self.headers.keys().collect::<Vec<_>>())
            .field("body_length", &self.body.len())
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// The bytes that most bodies fit into, so that writing one does not move it.
const USUAL_BODY: usize = 1024;

/// All but the unreserved characters of RFC 3986, section 2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Encodes one segment of a path; refuses those that would make it another path.
fn encode_segment(value: &str) -> Result<String, &'static str> {
    match value {
        "" => Err("is empty: the path would be another one"),
        "." | ".." => Err("is `.` or `..`: the path would be another one"),
        _ => Ok(utf8_percent_encode(value, RESERVED).to_string()),
    }
}

/// Gives a generated request builder what all of them have.
macro_rules! request_builder {
    ($builder:ident -> $output:ty, $decode:expr) => {
        impl $builder {
            /// How long this call may take, all attempts included, instead of the client's
            /// [`timeout`](crate::ClientBuilder::timeout).
            pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.request.timeout = Some(timeout);
                self
            }

            /// How often and how soon this call is repeated when it fails, instead of the client's
            /// [`retry_policy`](crate::ClientBuilder::retry_policy).
            pub fn retry_policy(mut self, policy: $crate::RetryPolicy) -> Self {
                self.request.retry_policy = Some(policy);
                self
            }

            /// Sends a header with this call; it wins over a default header of the same name. An `authorization` header
            /// given here is sent instead of a token of the client.
            ///
            /// # Errors
            ///
            /// [`Error::is_invalid_request`](crate::Error::is_invalid_request) when name or value cannot stand in a header
            /// or have control characters, or when HTTP itself sets that header (such as `host`).
            pub fn header(
                mut self,
                name: impl AsRef<str>,
                value: impl AsRef<str>,
            ) -> Result<Self, $crate::Error> {
                self.request.header(name.as_ref(), value.as_ref())?;
                Ok(self)
            }

            /// Sends the request; awaiting the builder itself does the same.
            ///
            /// # Errors
            ///
            /// As listed at the operation.
            pub async fn send(self) -> Result<$output, $crate::Error> {
                Ok(self.with_response().await?.into_inner())
            }

            /// Sends the request and keeps the status and the headers of the answer.
            ///
            /// # Errors
            ///
            /// As listed at the operation.
            // Not an `async fn`: its future would hold the request once more.
            pub fn with_response(
                self,
            ) -> impl ::std::future::Future<Output = Result<$crate::Response<$output>, $crate::Error>> + Send
            {
                self.request.send($decode)
            }
        }

        impl ::std::future::IntoFuture for $builder {
            type Output = Result<$output, $crate::Error>;
            type IntoFuture = $crate::RequestFuture<$output>;

            fn into_future(self) -> Self::IntoFuture {
                Box::pin(self.send())
            }
        }
    };
}
pub(crate) use request_builder;

//! A response with its status and headers.

use std::fmt;
use std::sync::OnceLock;

use http::{HeaderMap, StatusCode};

use super::secrets::Sent;
use crate::error::trace_id;
use crate::support::redact::Secrets;

/// The value of a response, with its status and headers.
///
/// `.with_response()` on any request builder returns it:
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use affinidi_tdk_iam_client::{Client, auth};
/// # let iam = affinidi_iam_local::LocalIam::start().await?;
/// # let user = auth::StaticToken::new(iam.user_token()?);
/// # let client = Client::builder().base_url(iam.base_url()).user_token(user).build()?;
/// let response = client.sts().whoami().with_response().await?;
/// println!("{} in trace {:?}", response.status(), response.trace_id());
/// assert!(response.trace_id().is_some());
/// let who = response.into_inner();
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Response<T> {
    status: StatusCode,
    /// As received.
    headers: HeaderMap,
    sent: Sent,
    /// The headers as others see them. Most callers never look, so they are searched for secrets when the first one does.
    marked: OnceLock<Box<HeaderMap>>,
    value: T,
}

impl<T> Response<T> {
    /// A response of these parts, such as one for a test.
    pub fn from_parts(status: StatusCode, headers: HeaderMap, value: T) -> Self {
        Self::received(status, headers, value, Sent::default())
    }

    /// The response to a request that sent `sent`.
    pub(super) fn received(status: StatusCode, headers: HeaderMap, value: T, sent: Sent) -> Self {
        Self { status, headers, sent, marked: OnceLock::new(), value }
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers of the response. Values that repeat a secret of the request or may hold a new one, such as a cookie, are marked as
    /// sensitive, so that `Debug` does not print them.
    pub fn headers(&self) -> &HeaderMap {
        self.marked.get_or_init(|| Box::new(self.sent.marked(self.headers.clone())))
    }

    /// The headers as they were received, in which nothing is marked.
    pub(crate) fn received_headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The identifier under which the service logged this call: the first of the headers `x-trace-id`,
    /// `x-amzn-trace-id`, `x-amzn-requestid`, `x-amz-apigw-id`, `apigw-requestid` and `x-request-id` that is present.
    pub fn trace_id(&self) -> Option<&str> {
        trace_id(self.headers(), &Secrets::none())
    }

    /// The value, borrowed.
    pub fn get_ref(&self) -> &T {
        &self.value
    }

    /// The value, without status and headers.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The value together with status and headers.
    pub fn into_parts(self) -> (StatusCode, HeaderMap, T) {
        let headers = match self.marked.into_inner() {
            Some(marked) => *marked,
            None => self.sent.marked(self.headers),
        };
        (self.status, headers, self.value)
    }

    /// The same response with another value.
    pub fn map<U>(self, map: impl FnOnce(T) -> U) -> Response<U> {
        let Self { status, headers, sent, marked, value } = self;
        Response { status, headers, sent, marked, value: map(value) }
    }
}

/// Header values stay out, since they may hold cookies.
impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("trace_id", &self.trace_id())
            .field("value", &self.value)
            .finish_non_exhaustive()
    }
}

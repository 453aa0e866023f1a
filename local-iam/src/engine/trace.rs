//! What a response is traced by: the identifiers that AWS API Gateway puts into its headers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{HeaderMap, HeaderName, HeaderValue};

use super::random;

/// The identifiers of one request.
pub(crate) struct Trace {
    /// `traceId` of the service's errors, and the header `x-amzn-requestid`.
    pub(crate) request_id: String,
    /// `debugId` of the gateway's errors, and the header `x-amz-apigw-id`.
    pub(crate) debug_id: String,
    root: String,
}

impl Trace {
    /// Fresh identifiers for a request that arrived at `now`.
    pub(crate) fn new(now: i64) -> Self {
        let root: String = random::uuid().simple().to_string().chars().take(24).collect();
        Self {
            request_id: random::uuid().to_string(),
            debug_id: STANDARD.encode(random::bytes::<11>().unwrap_or_default()),
            root: format!("Root=1-{now:08x}-{root}"),
        }
    }

    /// Adds the headers that a response of the gateway has. Other responses have the request's identifier only.
    pub(crate) fn add_to(&self, headers: &mut HeaderMap, from_gateway: bool) {
        let gateway = [
            ("x-amzn-requestid", &self.request_id),
            ("x-amz-apigw-id", &self.debug_id),
            ("x-amzn-trace-id", &self.root),
        ];
        let own = [("x-trace-id", &self.request_id)];
        let added: &[(&'static str, &String)] = if from_gateway { &gateway } else { &own };
        for (name, value) in added {
            if let Ok(value) = HeaderValue::try_from(*value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
    }
}

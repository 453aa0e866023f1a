//! The identifier under which the service logged a call.

use http::HeaderMap;

use crate::support::redact::Secrets;

pub(crate) const TRACE_HEADERS: [&str; 6] = [
    "x-trace-id",
    "x-amzn-trace-id",
    "x-amzn-requestid",
    "x-amz-apigw-id",
    "apigw-requestid",
    "x-request-id",
];

/// The first of the headers that is present. A value that holds one of the `secrets`, or what could be somebody else's, is not an
/// identifier.
pub(crate) fn trace_id<'a>(headers: &'a HeaderMap, secrets: &Secrets) -> Option<&'a str> {
    let values = TRACE_HEADERS.iter().filter_map(|name| headers.get(*name));
    let mut texts = values.filter(|value| !value.is_sensitive()).filter_map(|value| value.to_str().ok());
    texts.find(|text| !secrets.is_in(text.as_bytes()))
}

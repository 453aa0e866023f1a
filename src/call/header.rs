//! Headers that callers add.

use http::header::{CONNECTION, CONTENT_LENGTH, EXPECT, HOST, TE, TRAILER, TRANSFER_ENCODING, UPGRADE};
use http::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use crate::error::Error;

/// Headers that describe the message or the connection: only the HTTP stack knows them.
const OWNED_BY_HTTP: [HeaderName; 8] =
    [CONNECTION, CONTENT_LENGTH, EXPECT, HOST, TE, TRAILER, TRANSFER_ENCODING, UPGRADE];

/// Headers for one origin (RFC 6454, section 4): what is meant for a gateway is not sent to a token endpoint elsewhere.
#[derive(Clone)]
pub(crate) struct OriginHeaders {
    origin: Url,
    headers: HeaderMap,
}

impl OriginHeaders {
    /// Headers for the origin of `url`.
    pub(crate) fn new(url: &Url, headers: HeaderMap) -> Self {
        Self { origin: url.clone(), headers }
    }

    /// Those that a request to `url` takes along.
    pub(super) fn of(&self, url: &Url) -> Option<&HeaderMap> {
        // `Url::origin` would allocate.
        let same = self.origin.scheme() == url.scheme()
            && self.origin.host() == url.host()
            && self.origin.port_or_known_default() == url.port_or_known_default();
        same.then_some(&self.headers)
    }
}

/// A header that may be sent, its value kept out of `Debug`.
pub(crate) fn checked(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), Error> {
    let Ok(header) = HeaderName::try_from(name) else {
        return Err(Error::invalid_input(format!("`{}` is not a valid header name", name.escape_default())));
    };
    if OWNED_BY_HTTP.contains(&header) {
        return Err(Error::invalid_input(format!(
            "the header `{header}` is set by HTTP itself: leave it out"
        )));
    }
    match HeaderValue::try_from(value) {
        Ok(mut checked) if value.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) => {
            checked.set_sensitive(true);
            Ok((header, checked))
        }
        _ => Err(Error::invalid_input(format!(
            "the value of the header `{header}` has characters that are not valid there: line ends, other control \
             characters or anything but ASCII"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::{OriginHeaders, checked};

    #[test]
    fn headers_of_an_origin_go_to_no_other() {
        let headers = OriginHeaders::new(&"https://iam.example.org/iam".parse().unwrap(), HeaderMap::new());
        let are_sent = |url: &str| headers.of(&url.parse().unwrap()).is_some();
        for same in ["https://iam.example.org", "https://iam.example.org:443/cid/.well-known/jwks.json"] {
            assert!(are_sent(same), "{same}");
        }
        for other in [
            "http://iam.example.org",
            "https://iam.example.org:8443",
            "https://example.org",
            "http://127.0.0.1",
        ] {
            assert!(!are_sent(other), "{other}");
        }
    }

    #[test]
    fn headers_that_could_split_or_redirect_a_request_are_refused() {
        for (name, value) in [
            ("x-a", "1\r\nx-b: 2"),
            ("x-a", "1\n"),
            ("x-a", "\0"),
            ("x-a", "\t"),
            ("x-a", "\u{7f}"),
            ("x-a", "é"),
            ("x a", "1"),
            ("", "1"),
            ("x-a:", "1"),
            ("Host", "example.org"),
            ("content-length", "0"),
            ("Transfer-Encoding", "chunked"),
        ] {
            assert!(checked(name, value).unwrap_err().is_invalid_input(), "{name}: {value:?}");
        }
        assert!(checked("X-Debug", "1").is_ok());
    }

    #[test]
    fn the_value_of_a_header_is_never_printed() {
        let (name, value) = checked("x-api-key", "hunter2").unwrap();
        assert!(!format!("{name:?} {value:?}").contains("hunter2"));
        let error = checked("x-api-key", "hunter2\n").unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
}

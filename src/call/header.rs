//! Headers that callers add.

use http::header::{CONNECTION, CONTENT_LENGTH, EXPECT, HOST, TE, TRAILER, TRANSFER_ENCODING, UPGRADE};
use http::{HeaderName, HeaderValue};

use crate::error::Error;

/// Headers that describe the message or the connection: only the HTTP stack knows them.
const OWNED_BY_HTTP: [HeaderName; 8] =
    [CONNECTION, CONTENT_LENGTH, EXPECT, HOST, TE, TRAILER, TRANSFER_ENCODING, UPGRADE];

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
    use super::checked;

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

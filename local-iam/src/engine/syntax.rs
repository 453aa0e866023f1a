//! Texts that must have a form: what the API description states as a pattern or in words, as code.

use url::{Host, Url};
use uuid::Uuid;

use super::schema::Shape;

pub(crate) const PROJECT_NAME: Shape = Shape::TextThat(
    is_project_name,
    "must have 2 to 100 characters: letters, digits, dots, underscores, hyphens and spaces; the first a letter or digit, \
     the last not a space",
);

/// The contract's pattern `^[a-zA-Z0-9][a-zA-Z0-9._ -]{0,98}[a-zA-Z0-9._-]$`.
pub(crate) fn is_project_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._ -".contains(&byte);
    (2..=100).contains(&name.len())
        && name.bytes().all(allowed)
        && name.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric())
        && !name.ends_with(' ')
}

pub(crate) const TOKEN_NAME: Shape =
    Shape::TextThat(is_token_name, "must have at least 3 characters in one line");

/// The contract's pattern `.{3,}`, which is not anchored: three characters in a row somewhere, none a line break.
fn is_token_name(name: &str) -> bool {
    name.split(['\n', '\r', '\u{2028}', '\u{2029}']).any(|line| line.chars().count() >= 3)
}

pub(crate) const UUID: Shape = Shape::TextThat(|text| Uuid::parse_str(text).is_ok(), "must be a UUID");

pub(crate) const DID: Shape = Shape::TextThat(is_did, DID_RULE);

pub(crate) const DID_RULE: &str = "must be a DID";

/// The syntax of DID Core section 3.1, without the rules of the method.
pub(crate) fn is_did(text: &str) -> bool {
    let mut parts = text.splitn(3, ':');
    let (scheme, method, id) = (parts.next(), parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    scheme == Some("did")
        && !method.is_empty()
        && method.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        && !id.is_empty()
        && !id.ends_with(':')
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_:%".contains(&byte))
}

pub(crate) const TIME: Shape = Shape::TextThat(
    is_time,
    "must be a time of RFC 3339 no finer than milliseconds, such as 2026-12-31T22:59:59.500Z",
);

/// A `date-time` of RFC 3339 section 5.6, with at most three digits of a fraction.
fn is_time(text: &str) -> bool {
    let digits_as_zeros: String =
        text.chars().map(|letter| if letter.is_ascii_digit() { '0' } else { letter }).collect();
    let Some((whole, rest)) = digits_as_zeros.split_at_checked(19) else { return false };
    let is_within = |start: usize, least, most| {
        let number = text.get(start..start + 2).and_then(|digits| digits.parse::<u8>().ok());
        number.is_some_and(|number| (least..=most).contains(&number))
    };
    let ranges = [(5, 1, 12), (8, 1, 31), (11, 0, 23), (14, 0, 59), (17, 0, 59)];
    let zone =
        [".000", ".00", ".0"].into_iter().find_map(|fraction| rest.strip_prefix(fraction)).unwrap_or(rest);
    whole == "0000-00-00T00:00:00"
        && ranges.into_iter().all(|(start, least, most)| is_within(start, least, most))
        && ["Z", "+00:00", "-00:00"].contains(&zone)
}

pub(crate) const FETCHABLE_URL: Shape =
    Shape::TextThat(is_fetchable, "must be an https URL, or an http URL of this machine");

/// Whether keys may be fetched from the URL: never in clear text from another machine.
fn is_fetchable(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let is_local = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && is_local)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn project_names_follow_the_contracts_pattern() {
        let longest = "a".repeat(100);
        for name in ["ab", "a.", "0-", "a b", "A_b.c-d", &longest] {
            assert!(is_project_name(name), "{name}");
        }
        let too_long = "a".repeat(101);
        for name in ["", "a", " ab", "ab ", ".ab", "_a", "a/b", "äb", "a\nb", "ab\n", &too_long] {
            assert!(!is_project_name(name), "{name}");
        }
    }

    #[test]
    fn token_names_have_three_characters_in_one_line() {
        for name in ["abc", "äöü", "a\nbcd", "   "] {
            assert!(is_token_name(name), "{name:?}");
        }
        for name in ["", "ab", "ab\ncd", "a\nb\nc"] {
            assert!(!is_token_name(name), "{name:?}");
        }
    }

    #[test]
    fn times_are_no_finer_than_milliseconds() {
        for time in [
            "2026-12-31T22:59:59.500Z",
            "2026-12-31T22:59:59.5Z",
            "2026-12-31T22:59:59Z",
            "2027-01-01T04:29:59+05:30",
        ] {
            assert!(is_time(time), "{time}");
        }
        for time in [
            "",
            "2026-12-31",
            "2026-12-31T22:59:59",
            "2026-12-31T22:59:59.Z",
            "2026-12-31T22:59:59.5000Z",
            "2026-12-31T22:59:59.500123Z",
            "2026-12-31T22:59:59.500000+00:00",
            "2026-12-31T22:59:59+0000",
            "2026-13-31T22:59:59Z",
            "2026-12-31 22:59:59Z",
            "2026-12-31T22:59:5éZ",
        ] {
            assert!(!is_time(time), "{time}");
        }
    }

    #[test]
    fn keys_are_never_fetched_in_clear_text_from_another_machine() {
        for url in
            ["https://example.com/jwks", "http://127.0.0.1:1/jwks", "http://localhost/", "http://[::1]/"]
        {
            assert!(is_fetchable(url), "{url}");
        }
        for url in ["http://example.com", "http://127.0.0.1.example.com", "file:///etc/passwd", "jwks", ""] {
            assert!(!is_fetchable(url), "{url}");
        }
    }
}

//! Reading `Retry-After` (RFC 9110, section 10.2.3).

use std::num::IntErrorKind;
use std::time::Duration;

use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};

use crate::support::clock;

/// A date is taken relative to the response's own `Date`, so that a wrong clock on either side does not matter. More seconds than
/// can be counted are longer than any call.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    match value.parse::<u64>() {
        Ok(seconds) => return Some(Duration::from_secs(seconds)),
        Err(error) if *error.kind() == IntErrorKind::PosOverflow => {
            return Some(Duration::from_secs(u64::MAX));
        }
        Err(_) => {}
    }
    let date = |value: &str| httpdate::parse_http_date(value).ok();
    let now = headers.get(DATE).and_then(|value| date(value.to_str().ok()?)).unwrap_or_else(clock::date);
    Some(date(value)?.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::HeaderMap;

    use super::retry_after;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn retry_after_is_read_in_both_forms() {
        assert_eq!(retry_after(&headers(&[("retry-after", "7")])), Some(Duration::from_secs(7)));
        let dates =
            [("date", "Mon, 23 Nov 2026 10:00:00 GMT"), ("retry-after", "Mon, 23 Nov 2026 10:00:30 GMT")];
        assert_eq!(retry_after(&headers(&dates)), Some(Duration::from_secs(30)));
    }

    #[test]
    fn a_retry_after_beyond_any_clock_is_longer_than_any_call() {
        for seconds in ["18446744073709551615", "18446744073709551616", "99999999999999999999999"] {
            let longest = Some(Duration::from_secs(u64::MAX));
            assert_eq!(retry_after(&headers(&[("retry-after", seconds)])), longest);
        }
    }

    #[test]
    fn a_retry_after_in_the_past_is_now_and_nonsense_is_nothing() {
        let dates =
            [("date", "Mon, 23 Nov 2026 10:00:00 GMT"), ("retry-after", "Mon, 23 Nov 2020 10:00:00 GMT")];
        assert_eq!(retry_after(&headers(&dates)), Some(Duration::ZERO));
        for nonsense in ["-1", "", "soon", "1.5"] {
            assert_eq!(retry_after(&headers(&[("retry-after", nonsense)])), None, "{nonsense}");
        }
    }
}

//! Times as the contract writes them (RFC 3339), for services that refuse anything finer than milliseconds.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

// The calendar of the crate that reads keys.
use pkcs8::der::DateTime;
use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serializer};

/// A time, read from any form of RFC 3339.
pub(crate) struct Time(pub(crate) SystemTime);

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The text stays out of the error: it may hold anything.
        let text = String::deserialize(deserializer)?;
        let time = read(&text);
        time.map(Self).ok_or_else(|| D::Error::custom("not a time of RFC 3339 in the years 1970 to 9999"))
    }
}

/// Writes a time in UTC with three digits of milliseconds.
pub(crate) fn serialize<S: Serializer>(time: &Option<SystemTime>, serializer: S) -> Result<S::Ok, S::Error> {
    let Some(time) = time else { return serializer.serialize_none() };
    let text = write(*time).ok_or_else(|| S::Error::custom("a time must be in the years 1970 to 9999"))?;
    serializer.serialize_str(&text)
}

fn write(time: SystemTime) -> Option<String> {
    let since = time.duration_since(UNIX_EPOCH).ok()?;
    let seconds = DateTime::from_unix_duration(Duration::from_secs(since.as_secs())).ok()?.to_string();
    Some(format!("{}.{:03}Z", seconds.trim_end_matches('Z'), since.subsec_millis()))
}

fn read(text: &str) -> Option<SystemTime> {
    let text = text.to_ascii_uppercase();
    let (seconds, rest) = text.split_at_checked("1970-01-01T00:00:00".len())?;
    let seconds = format!("{seconds}Z").parse::<DateTime>().ok()?.unix_duration();
    let (fraction, zone) = match rest.strip_prefix('.') {
        Some(rest) => rest.split_at(rest.find(|digit: char| !digit.is_ascii_digit())?),
        None => ("0", rest),
    };
    let nanoseconds = format!("{fraction:0<9}").get(..9)?.parse().ok().filter(|_| !fraction.is_empty())?;
    let local = UNIX_EPOCH.checked_add(seconds)?.checked_add(Duration::from_nanos(nanoseconds))?;
    match zone.split_at_checked(1)? {
        ("Z", "") => Some(local),
        ("+", offset) => local.checked_sub(duration(offset)?),
        ("-", offset) => local.checked_add(duration(offset)?),
        _ => None,
    }
}

/// The duration of an offset from UTC, such as `05:30`.
fn duration(offset: &str) -> Option<Duration> {
    let at_1970 = format!("1970-01-01T{offset}:00Z");
    Some(at_1970.parse::<DateTime>().ok()?.unix_duration())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(milliseconds)
    }

    #[test]
    fn a_time_is_written_in_whole_milliseconds_rounded_down() {
        for (time, text) in [
            (at(0), "1970-01-01T00:00:00.000Z"),
            (at(1_709_210_096_007), "2024-02-29T12:34:56.007Z"),
            (at(1_798_757_999_999) + Duration::from_nanos(999_999), "2026-12-31T22:59:59.999Z"),
            (at(253_402_300_799_999), "9999-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(write(time).unwrap(), text);
        }
    }

    #[test]
    fn a_time_that_cannot_be_written_is_refused() {
        assert_eq!(write(UNIX_EPOCH - Duration::from_nanos(1)), None);
        assert_eq!(write(at(253_402_300_800_000)), None);
    }

    #[test]
    fn every_form_of_a_time_is_read() {
        for text in [
            "2026-12-31T22:59:59.500Z",
            "2026-12-31T22:59:59.5Z",
            "2026-12-31t22:59:59.500000000000z",
            "2027-01-01T04:29:59.5+05:30",
            "2026-12-31T14:59:59.50-08:00",
            "2026-12-31T22:59:59.5-00:00",
        ] {
            assert_eq!(read(text), Some(at(1_798_757_999_500)), "{text}");
        }
        assert_eq!(
            read("2026-12-31T22:59:59.000001Z"),
            Some(at(1_798_757_999_000) + Duration::from_micros(1))
        );
        assert_eq!(read("2024-02-29T12:34:56Z"), Some(at(1_709_210_096_000)));
    }

    #[test]
    fn what_is_no_time_is_not_read() {
        for text in [
            "",
            "Z",
            "2026-12-31",
            "2026-12-31T22:59:59",
            "2026-12-31T22:59:59.Z",
            "2026-12-31T22:59:59.5",
            "2026-12-31T22:59:59.5ZZ",
            "2026-12-31T22:59:59+5:30",
            "2026-12-31T22:59:59+05:30:00",
            "2026-02-29T00:00:00Z",
            "2026-12-31 22:59:59Z",
            "2026-12-31T22:59:5éZ",
            "10000-01-01T00:00:00Z",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}

//! From the bytes of a response to its value.

use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::support::json::{takes_more_than, without_byte_order_mark};
use crate::support::redact::mask_quoted;

/// The memory that the values of one body may take, in bytes: this, or [`MEMORY_FACTOR`] times the body if that is more.
const MEMORY_LIMIT: usize = 128 * 1024 * 1024;
const MEMORY_FACTOR: usize = 16;

/// Bodies up to this length, in bytes, take less than the limit whatever they hold.
const HARMLESS: usize = 512 * 1024;

/// Reads JSON; the error names the path that does not fit and holds no value of the response.
pub(crate) fn json<T: DeserializeOwned>(body: &Bytes) -> Result<T, String> {
    from_json(body)
}

/// The response is a status alone.
pub(crate) fn empty(_: &Bytes) -> Result<(), String> {
    Ok(())
}

pub(crate) fn from_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    let body = without_byte_order_mark(body);
    if body.is_empty() {
        return Err("there is no content".to_owned());
    }
    let limit = MEMORY_LIMIT.max(body.len().saturating_mul(MEMORY_FACTOR));
    if body.len() > HARMLESS && takes_more_than(limit, body) {
        return Err("its values would take more memory than those of a response may".to_owned());
    }
    // Text that is checked as a whole need not be checked string by string.
    let value = match std::str::from_utf8(body) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(body),
    };
    // The path is only worth its cost once it is known that something does not fit.
    value.or_else(|_| {
        let mut deserializer = serde_json::Deserializer::from_slice(body);
        let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
            let path = error.path().to_string();
            let reason = mask_quoted(&error.inner().to_string());
            if path == "." { reason } else { format!("at `{path}`: {reason}") }
        })?;
        deserializer.end().map_err(|error| error.to_string())?;
        Ok(value)
    })
}

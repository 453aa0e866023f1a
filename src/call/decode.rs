//! From the bytes of a response to its value.

use std::io::Read;

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap};
use serde::de::DeserializeOwned;

use crate::support::redact::mask_quoted;
use crate::transport::{TransportError, TransportResponse};

/// How the value of an operation is read from its response.
pub(crate) type Decode<T> = fn(&Bytes) -> Result<T, String>;

/// Reads JSON; the error names the path that does not fit and holds no value of the response.
pub(crate) fn json<T: DeserializeOwned>(body: &Bytes) -> Result<T, String> {
    from_json(body)
}

/// The response is a status alone.
pub(crate) fn empty(_: &Bytes) -> Result<(), String> {
    Ok(())
}

pub(crate) fn from_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
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

/// Undoes `content-encoding: gzip` within the same limit that held for the encoded body.
pub(crate) fn decompress(response: &mut TransportResponse, limit: usize) -> Result<(), TransportError> {
    let Some(encoding) = response.headers.get(CONTENT_ENCODING) else { return Ok(()) };
    match encoding.as_bytes().to_ascii_lowercase().as_slice() {
        b"identity" => return Ok(()),
        b"gzip" | b"x-gzip" => {}
        _ => {
            return Err(TransportError::connection_lost(
                "the response has a content-encoding that was not asked for",
            ));
        }
    }
    if !response.body.is_empty() {
        let mut plain = Vec::with_capacity(response.body.len().saturating_mul(4).min(limit));
        let bound = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        flate2::read::MultiGzDecoder::new(response.body.as_ref())
            .take(bound)
            .read_to_end(&mut plain)
            .map_err(TransportError::connection_lost)?;
        if plain.len() > limit {
            return Err(TransportError::body_too_large());
        }
        response.body = plain.into();
    }
    remove_encoding(&mut response.headers);
    Ok(())
}

/// The headers describe the body that the caller sees.
fn remove_encoding(headers: &mut HeaderMap) {
    headers.remove(CONTENT_ENCODING);
    headers.remove(CONTENT_LENGTH);
}

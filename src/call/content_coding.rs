//! Undoing the `content-encoding` of a response (RFC 9110, section 8.4).

use std::io::{self, Read};

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};

use crate::error::ERROR_BODY_LIMIT;
use crate::transport::{TransportError, TransportResponse};

/// Why the content of a response cannot be had.
pub(super) enum Undecodable {
    /// It did not come whole, or is too large.
    Incomplete(TransportError),
    /// It came whole and cannot be decoded, for this reason: another request would not help.
    Unreadable(String),
}

/// Undoes the coding of a response of success. The same limit holds before and after.
pub(super) fn decode(response: &mut TransportResponse, limit: usize) -> Result<(), Undecodable> {
    // A custom transport may not have kept the limit.
    if response.body.len() > limit {
        response.body.truncate(0);
        return Err(Undecodable::Incomplete(TransportError::body_too_large()));
    }
    let content = match coding(&response.headers) {
        Coding::None => return Ok(()),
        _ if response.body.is_empty() => Bytes::new(),
        Coding::Other => {
            return Err(Undecodable::Unreadable("its content-encoding was not asked for".to_owned()));
        }
        Coding::Gzip => gunzip(&response.body, limit)?,
    };
    replace(response, content);
    Ok(())
}

/// Undoes the coding of an error as far as that goes, and keeps no more than is needed to read what it says. The status says already
/// what to do, so nothing here is an error.
pub(super) fn decode_error(response: &mut TransportResponse, limit: usize) {
    let limit = limit.min(ERROR_BODY_LIMIT);
    if matches!(coding(&response.headers), Coding::Gzip) {
        let mut content = Vec::new();
        let bound = u64::try_from(limit).unwrap_or(u64::MAX);
        let end = MultiGzDecoder::new(&*response.body).take(bound).read_to_end(&mut content);
        if end.is_ok() || !content.is_empty() {
            replace(response, content.into());
        }
    }
    if response.body.len() > limit {
        // A copy, because a part keeps the whole alive.
        response.body.truncate(limit);
        response.body = Bytes::copy_from_slice(&response.body);
    }
}

enum Coding {
    None,
    Gzip,
    /// One that was not asked for, or several.
    Other,
}

/// The header is a list over all of its lines, whose elements may be empty.
fn coding(headers: &HeaderMap) -> Coding {
    let lines = headers.get_all(CONTENT_ENCODING).iter();
    let names = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b',')).map(<[u8]>::trim_ascii);
    let mut names = names.filter(|name| !name.is_empty() && !name.eq_ignore_ascii_case(b"identity"));
    match (names.next(), names.next()) {
        (None, _) => Coding::None,
        (Some(name), None) if name.eq_ignore_ascii_case(b"gzip") || name.eq_ignore_ascii_case(b"x-gzip") => {
            Coding::Gzip
        }
        _ => Coding::Other,
    }
}

fn gunzip(body: &[u8], limit: usize) -> Result<Bytes, Undecodable> {
    let mut content = Vec::with_capacity(body.len().saturating_mul(4).min(limit));
    let bound = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    match MultiGzDecoder::new(body).take(bound).read_to_end(&mut content) {
        Ok(_) if content.len() > limit => Err(Undecodable::Incomplete(TransportError::body_too_large())),
        Ok(_) => Ok(content.into()),
        // Where a body ends with its connection, only the coding knows that there was more.
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            Err(Undecodable::Incomplete(TransportError::connection_lost(error)))
        }
        Err(error) => Err(Undecodable::Unreadable(format!("it is not gzip: {error}"))),
    }
}

/// The headers describe the body that the caller sees.
fn replace(response: &mut TransportResponse, content: Bytes) {
    response.body = content;
    response.headers.remove(CONTENT_ENCODING);
    response.headers.remove(CONTENT_LENGTH);
}

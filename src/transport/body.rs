//! The response as it comes in.

use std::future::poll_fn;
use std::pin::Pin;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, StatusCode};
use http_body::Body;

use super::{TransportError, TransportResponse};
use crate::error::ERROR_BODY_LIMIT;

/// Reads the body of a response, as far as its status and the limit say. A proxy that forwards the request may respond in place of the
/// service.
// Not an `async fn`, whose future would hold the response twice.
pub(super) fn receive<B: Body<Data = Bytes> + Send + Unpin>(
    status: StatusCode,
    headers: HeaderMap,
    mut incoming: B,
    body_limit: usize,
    may_be_proxied: bool,
    failed: fn(B::Error) -> TransportError,
) -> impl Future<Output = Result<TransportResponse, TransportError>> + Send
where
    B::Error: Send,
{
    let mut response = TransportResponse { status, headers, body: Bytes::new() };
    // Of an error the start is enough: its status counts, however much it says.
    let is_error = status.is_client_error() || status.is_server_error();
    let limit = if is_error { body_limit.min(ERROR_BODY_LIMIT) } else { body_limit };
    let mut body = Joined::new(limit, incoming.size_hint().exact());
    async move {
        // Of plain HTTP; a proxy that should make a tunnel for TLS fails to.
        if may_be_proxied && status == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
            return Err(TransportError::connect(status.to_string()));
        }
        // Nothing follows these, and where their length is not stated either, waiting for it would last until the timeout (RFC
        // 9110, sections 15.3.5 and 15.3.6).
        if matches!(status, StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT) {
            return Ok(response);
        }
        while let Some(frame) = poll_fn(|context| Pin::new(&mut incoming).poll_frame(context)).await {
            // What is not data are trailers.
            let Ok(piece) = frame.map_err(failed)?.into_data() else { continue };
            if !body.add(piece) {
                if is_error {
                    break;
                }
                return Err(TransportError::body_too_large().in_response(response));
            }
        }
        response.body = body.into_bytes();
        Ok(response)
    }
}

/// How much room is made for a body beforehand, on the word of its `content-length`: the rest when this much has come.
const TRUSTED: usize = 1024 * 1024;

/// Joins the pieces of a body, up to a limit. One that comes in one piece is not copied, and the pieces of others are copied once
/// where their length is stated.
struct Joined {
    limit: usize,
    /// What `content-length` states, or what has come if that is more.
    expected: usize,
    first: Bytes,
    whole: BytesMut,
}

impl Joined {
    fn new(limit: usize, content_length: Option<u64>) -> Self {
        let expected = content_length.map_or(0, |length| usize::try_from(length).unwrap_or(limit).min(limit));
        Self { limit, expected, first: Bytes::new(), whole: BytesMut::new() }
    }

    /// Adds a piece, as far as the limit allows; returns whether it was within it.
    fn add(&mut self, mut piece: Bytes) -> bool {
        let left = self.limit - self.len();
        let is_within = piece.len() <= left;
        piece.truncate(left);
        if self.first.is_empty() {
            self.first = piece;
            return is_within;
        }
        if self.whole.is_empty() {
            self.make_room(self.first.len() + piece.len());
            self.whole.extend_from_slice(&self.first);
        }
        self.make_room(piece.len());
        self.whole.extend_from_slice(&piece);
        is_within
    }

    /// Room for `needed` bytes more, and for those that are expected behind them.
    fn make_room(&mut self, needed: usize) {
        let (length, capacity) = (self.whole.len(), self.whole.capacity());
        if capacity - length >= needed {
            return;
        }
        let expected = if length < TRUSTED { self.expected.min(TRUSTED) } else { self.expected };
        self.whole.reserve(needed.max(expected.saturating_sub(length)));
    }

    fn len(&self) -> usize {
        self.first.len().max(self.whole.len())
    }

    fn into_bytes(self) -> Bytes {
        if self.whole.is_empty() { self.first } else { self.whole.freeze() }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::{Joined, TRUSTED};

    #[test]
    fn one_piece_is_not_copied() {
        let piece = Bytes::from_owner(vec![7; 100]);
        let mut body = Joined::new(1000, Some(100));
        assert!(body.add(piece.clone()));
        assert_eq!(body.into_bytes().as_ptr(), piece.as_ptr());
    }

    #[test]
    fn pieces_of_a_stated_length_are_copied_once() {
        let mut body = Joined::new(1000, Some(300));
        assert!(body.add(Bytes::from_owner(vec![1; 100])) && body.add(Bytes::from_owner(vec![2; 100])));
        let place = body.whole.as_ptr();
        assert!(body.add(Bytes::from_owner(vec![3; 100])));
        assert_eq!(body.whole.as_ptr(), place);
        assert_eq!(body.into_bytes(), [[1; 100], [2; 100], [3; 100]].concat());
    }

    #[test]
    fn a_length_that_is_only_stated_makes_room_for_a_part_of_it() {
        let mut body = Joined::new(1 << 30, Some(1 << 30));
        assert!(body.add(Bytes::from_static(b"a")) && body.add(Bytes::from_static(b"b")));
        assert!(body.whole.capacity() < 2 * TRUSTED);
    }

    #[test]
    fn what_is_beyond_the_limit_is_cut_off() {
        for length in [None, Some(3), Some(u64::MAX)] {
            let mut body = Joined::new(3, length);
            assert!(body.add(Bytes::from_static(b"ab")));
            assert!(!body.add(Bytes::from_static(b"cd")));
            assert_eq!(body.into_bytes(), "abc");
        }
    }
}

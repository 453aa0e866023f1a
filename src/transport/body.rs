//! The response as it comes in.

use std::future::poll_fn;
use std::pin::Pin;

use bytes::{Bytes, BytesMut};
use http::StatusCode;
use http_body::Body;

use super::{TransportError, TransportResponse};
use crate::error::ERROR_BODY_LIMIT;

/// A response whose body is yet to come.
pub(super) struct Receiving<B> {
    response: TransportResponse,
    incoming: B,
    body: Joined,
}

impl<B: Body<Data = Bytes> + Unpin> Receiving<B> {
    pub(super) fn new(response: http::Response<B>, body_limit: usize) -> Self {
        let (head, incoming) = response.into_parts();
        // Of an error the start is enough: its status counts, however much it says.
        let limit = if is_error(head.status) { body_limit.min(ERROR_BODY_LIMIT) } else { body_limit };
        let body = Joined::new(limit, incoming.size_hint().exact());
        let response = TransportResponse { status: head.status, headers: head.headers, body: Bytes::new() };
        Self { response, incoming, body }
    }

    /// Reads the body, as far as its status and the limit say. A proxy that forwards the request may respond in place of the service.
    pub(super) async fn read(
        &mut self,
        may_be_proxied: bool,
        failed: fn(B::Error) -> TransportError,
    ) -> Result<(), TransportError> {
        let status = self.response.status;
        // Of plain HTTP; a proxy that should make a tunnel for TLS fails to.
        if may_be_proxied && status == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
            return Err(TransportError::connect(status.to_string()));
        }
        // Nothing follows these, and where their length is not stated either, waiting for it would last until the timeout (RFC
        // 9110, sections 15.3.5 and 15.3.6).
        if matches!(status, StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT) {
            return Ok(());
        }
        while let Some(frame) = poll_fn(|context| Pin::new(&mut self.incoming).poll_frame(context)).await {
            // What is not data are trailers.
            let Ok(piece) = frame.map_err(failed)?.into_data() else { continue };
            if !self.body.add(piece) {
                return if is_error(status) { Ok(()) } else { Err(TransportError::body_too_large()) };
            }
        }
        Ok(())
    }

    /// The response, with what was read of its body. A body that is too large is not kept.
    pub(super) fn end(
        self,
        outcome: Result<(), TransportError>,
    ) -> Result<TransportResponse, TransportError> {
        match outcome {
            Ok(()) => Ok(TransportResponse { body: self.body.into_bytes(), ..self.response }),
            Err(error) if error.is_body_too_large() => Err(error.in_response(self.response)),
            Err(error) => Err(error),
        }
    }
}

fn is_error(status: StatusCode) -> bool {
    status.is_client_error() || status.is_server_error()
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

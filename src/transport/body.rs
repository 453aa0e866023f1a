//! The body of a response as it comes in.

use bytes::{Bytes, BytesMut};

/// How much room is made for a body beforehand, on the word of its `content-length`: the rest when this much has come.
const TRUSTED: usize = 1024 * 1024;

/// Joins the pieces of a body, up to a limit. One that comes in one piece is not copied, and the pieces of others are copied once
/// where their length is stated.
pub(super) struct Joined {
    limit: usize,
    /// What `content-length` states, or what has come if that is more.
    expected: usize,
    first: Bytes,
    whole: BytesMut,
}

impl Joined {
    pub(super) fn new(limit: usize, content_length: Option<u64>) -> Self {
        let expected = content_length.map_or(0, |length| usize::try_from(length).unwrap_or(limit).min(limit));
        Self { limit, expected, first: Bytes::new(), whole: BytesMut::new() }
    }

    /// Adds a piece, as far as the limit allows; returns whether it was within it.
    pub(super) fn add(&mut self, mut piece: Bytes) -> bool {
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

    pub(super) fn into_bytes(self) -> Bytes {
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

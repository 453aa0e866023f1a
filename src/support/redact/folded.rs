//! Text without what encoding, escaping, line breaks and case change about it.

use std::ops::Range;

use zeroize::Zeroizing;

/// What is left of a text, and where each byte of it came from. Two spellings of one secret fold to the same bytes.
pub(super) struct Folded {
    bytes: Zeroizing<Vec<u8>>,
    origins: Vec<Range<usize>>,
}

impl Folded {
    /// Undoes percent-encoding, also when it was done several times, and the escapes of JSON (RFC 8259, section 7). Leaves out white
    /// space and control characters, and `+` and `-`, which are a space in a form or one character in two alphabets of base64 (RFC
    /// 4648, section 5); the other such pair becomes one. Letters become small.
    pub(super) fn of(text: &[u8]) -> Self {
        Self::with(text, |rest| percent_encoded(rest).or_else(|| escaped(rest)))
    }

    /// The same for a text in which nothing is encoded, so that what looks encoded is not.
    pub(super) fn of_plain(text: &[u8]) -> Self {
        Self::with(text, |_| None)
    }

    fn with(text: &[u8], decode: impl Fn(&[u8]) -> Option<(usize, Decoded)>) -> Self {
        // Sized beforehand: growing would leave copies behind that nothing overwrites. Folding never makes a text longer.
        let mut folded = Self {
            bytes: Zeroizing::new(Vec::with_capacity(text.len())),
            origins: Vec::with_capacity(text.len()),
        };
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let (length, decoded) = decode(rest).unwrap_or_else(|| {
                let byte = rest.first().copied().map(Decoded::Byte);
                (1, byte.unwrap_or(Decoded::Nothing))
            });
            let origin = at..at + length;
            match decoded {
                Decoded::Nothing => {}
                Decoded::Byte(byte) => folded.push(byte, &origin),
                Decoded::Character(character) => {
                    character.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| folded.push(byte, &origin));
                }
            }
            at = origin.end;
        }
        folded
    }

    fn push(&mut self, byte: u8, origin: &Range<usize>) {
        let folded = match byte {
            b'+' | b'-' | b'\\' => return,
            byte if byte.is_ascii_whitespace() || byte.is_ascii_control() => return,
            b'_' => b'/',
            byte => byte.to_ascii_lowercase(),
        };
        self.bytes.push(folded);
        self.origins.push(origin.clone());
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Where the `length` bytes that end with the byte at `last` came from.
    pub(super) fn origin(&self, last: usize, length: usize) -> Range<usize> {
        let first = self.origins.get((last + 1).saturating_sub(length)).map_or(0, |origin| origin.start);
        first..self.origins.get(last).map_or(first, |origin| origin.end)
    }
}

/// What a few bytes of a text stand for.
enum Decoded {
    Nothing,
    Byte(u8),
    Character(char),
}

/// `%41`, and `%2541` and so on, where the percent sign is encoded itself (RFC 3986, section 2.1).
fn percent_encoded(text: &[u8]) -> Option<(usize, Decoded)> {
    let mut rest = text.strip_prefix(b"%")?;
    while let Some(inner) = rest.strip_prefix(b"25")
        && hexadecimal(inner, 2).is_some()
    {
        rest = inner;
    }
    let byte = u8::try_from(hexadecimal(rest, 2)?).ok()?;
    Some((text.len() - rest.len() + 2, Decoded::Byte(byte)))
}

/// `\u0041`, two of those for one character, `\n`, and `\/`, of which the character itself comes next.
fn escaped(text: &[u8]) -> Option<(usize, Decoded)> {
    match text.strip_prefix(b"\\")? {
        [b'u', rest @ ..] => match utf16(rest) {
            Some((length, character)) => Some((2 + length, Decoded::Character(character))),
            None => Some((1, Decoded::Nothing)),
        },
        [b'b' | b'f' | b'n' | b'r' | b't', ..] => Some((2, Decoded::Nothing)),
        _ => Some((1, Decoded::Nothing)),
    }
}

fn utf16(text: &[u8]) -> Option<(usize, char)> {
    let first = u16::try_from(hexadecimal(text, 4)?).ok()?;
    let second =
        text.get(4..).and_then(|rest| rest.strip_prefix(b"\\u")).and_then(|rest| hexadecimal(rest, 4));
    let units = [first, second.and_then(|unit| u16::try_from(unit).ok()).unwrap_or_default()];
    let character = char::decode_utf16(units).next()?.ok()?;
    Some((if character.len_utf16() == 2 { 10 } else { 4 }, character))
}

fn hexadecimal(text: &[u8], digits: usize) -> Option<u32> {
    let digits = text.get(..digits)?;
    digits.iter().try_fold(0, |number, digit| Some(number * 16 + char::from(*digit).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use super::Folded;

    #[test]
    fn all_spellings_of_a_text_fold_to_the_same() {
        let expected = Folded::of("S3cr3t+/x é😀".as_bytes());
        for spelling in [
            "s3CR3T+/X é😀",
            "S3cr3t%2B%2fx%20%C3%A9😀",
            "S3cr3t%252B%25252Fx é😀",
            r"S3cr3t+\/x \u00e9\uD83D\ude00",
            r"S3cr3t+\\\/x\n\u00e9😀",
            "S3cr3t-_x\r\né😀",
            "S3cr3t+/x+é😀",
        ] {
            assert_eq!(Folded::of(spelling.as_bytes()).bytes(), expected.bytes(), "{spelling}");
        }
        assert_ne!(Folded::of(b"s3cr3t/y").bytes(), Folded::of(b"s3cr3t/x").bytes());
    }

    #[test]
    fn what_only_looks_encoded_stays() {
        for text in ["100%", "%zz", "%2", r"\", "%25", r"\u12"] {
            let folded = Folded::of(text.as_bytes());
            assert_eq!(folded.origins.last().is_some(), text != r"\", "{text}");
        }
        assert_eq!(Folded::of(b"a%41b").origin(2, 2), 1..5);
    }
}

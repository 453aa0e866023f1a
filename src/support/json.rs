//! JSON text as it comes from the network.

/// JSON without the byte order mark that RFC 8259, section 8.1, forbids to write and lets a reader ignore.
pub(crate) fn without_byte_order_mark(json: &[u8]) -> &[u8] {
    json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json)
}

/// About how much memory the value takes that this byte of JSON stands for, in bytes, whatever it is read as: the map of one field has
/// room for eleven.
fn memory(byte: u8) -> usize {
    match byte {
        b'{' => 640,
        b'[' => 192,
        b',' | b':' => 64,
        _ => 0,
    }
}

/// Whether the values of `json` take more memory than `limit` bytes, without the text of strings. A dozen bytes of JSON may take a
/// hundred times as much.
pub(crate) fn takes_more_than(limit: usize, json: &[u8]) -> bool {
    // Few bodies come near the limit even if their strings are taken for values, which is sooner known.
    memory_with_strings(json) > limit && memory_without_strings(json) > limit
}

fn memory_with_strings(json: &[u8]) -> usize {
    // So short that no count of a byte overflows one, with which the compiler counts many bytes at a time.
    let chunks = json.chunks(u8::MAX.into());
    chunks
        .map(|chunk| {
            let counted = |wanted| {
                let count: u8 = chunk.iter().map(|byte| u8::from(*byte == wanted)).sum();
                usize::from(count) * memory(wanted)
            };
            counted(b'{') + counted(b'[') + counted(b',') + counted(b':')
        })
        .sum()
}

fn memory_without_strings(json: &[u8]) -> usize {
    let mut sum = 0;
    let mut bytes = json.iter();
    while let Some(byte) = bytes.next() {
        if *byte != b'"' {
            sum += memory(*byte);
            continue;
        }
        while let Some(byte) = bytes.next() {
            match byte {
                b'"' => break,
                b'\\' => drop(bytes.next()),
                _ => {}
            }
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::{memory, memory_with_strings, memory_without_strings, takes_more_than};

    #[test]
    fn what_a_string_holds_is_not_counted() {
        for (json, expected) in
            [(&br#""{[,:\"{[,:""#[..], 0), (br#""\\"{"#, memory(b'{')), (br#""without an end\"#, 0)]
        {
            assert_eq!(memory_without_strings(json), expected);
            assert!(!takes_more_than(expected, json));
        }
    }

    #[test]
    fn values_count_wherever_they_are_in_a_long_text() {
        let json = b"{[,:".repeat(1000);
        let expected = 1000 * (640 + 192 + 64 + 64);
        assert_eq!(memory_without_strings(&json), expected);
        assert_eq!(memory_with_strings(&json), expected);
        assert!(takes_more_than(expected - 1, &json) && !takes_more_than(expected, &json));
    }
}

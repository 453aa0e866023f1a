//! JSON text as it comes from the network.

/// JSON without the byte order mark that RFC 8259, section 8.1, forbids to write and lets a reader ignore.
pub(crate) fn without_byte_order_mark(json: &[u8]) -> &[u8] {
    json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json)
}

/// About how many bytes of memory the values of `json` take, whatever they are read as, without the text of strings.
///
/// A dozen bytes of JSON may take a hundred times as much: the map of one field has room for eleven.
pub(crate) fn memory(json: &[u8]) -> usize {
    const OBJECT: usize = 640;
    const LIST: usize = 192;
    const VALUE: usize = 64;
    let mut memory = 0;
    let mut bytes = json.iter();
    while let Some(byte) = bytes.next() {
        memory += match byte {
            b'{' => OBJECT,
            b'[' => LIST,
            b',' | b':' => VALUE,
            b'"' => {
                while let Some(byte) = bytes.next() {
                    match byte {
                        b'"' => break,
                        b'\\' => drop(bytes.next()),
                        _ => {}
                    }
                }
                0
            }
            _ => 0,
        };
    }
    memory
}

#[cfg(test)]
mod tests {
    use super::memory;

    #[test]
    fn what_a_string_holds_is_not_counted() {
        assert_eq!(memory(br#""{[,:\"{[,:""#), 0);
        assert_eq!(memory(br#""\\"{"#), memory(b"{"));
        assert_eq!(memory(br#""without an end\"#), 0);
    }
}

//! Text as it comes from files and environment variables.

/// The text without what mounted files, `echo` and quoting leave around it: white space, line ends, a byte order mark and one pair
/// of quotes.
pub(crate) fn trimmed(text: &str) -> &str {
    let around = |character: char| character.is_whitespace() || character == '\u{feff}';
    let text = text.trim_matches(around);
    let quoted = ['"', '\''].into_iter().find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote));
    quoted.map_or(text, |text| text.trim_matches(around))
}

#[cfg(test)]
mod tests {
    use super::trimmed;

    #[test]
    fn only_what_is_around_a_text_is_left_out() {
        for text in ["a b", "a b\n", "a b\r\n", "\t a b \r", "\"a b\"", "'a b'\n", "\" a b \"", "\u{feff}a b"]
        {
            assert_eq!(trimmed(text), "a b", "{text:?}");
        }
        for (text, expected) in
            [("", ""), (" \n", ""), ("\"\"", ""), ("\"", "\""), ("'a\"", "'a\""), ("''a''", "'a'")]
        {
            assert_eq!(trimmed(text), expected, "{text:?}");
        }
    }
}

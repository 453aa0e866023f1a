//! What takes the place of a secret.

use std::fmt;

/// Takes the place of a secret: prints `[REDACTED]`.
pub(crate) struct Redacted;

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

pub(super) const MASK: &str = "[REDACTED]";

/// Masks what a decoder quotes from the value it could not read: everything between double quotes.
pub(crate) fn mask_quoted(message: &str) -> String {
    let mut masked = String::with_capacity(message.len());
    let mut quoted = false;
    let mut escaped = false;
    for c in message.chars() {
        match (quoted, c) {
            (false, '"') => {
                quoted = true;
                masked.push_str(MASK);
            }
            (false, c) => masked.push(c),
            (true, _) if escaped => escaped = false,
            (true, '\\') => escaped = true,
            (true, '"') => quoted = false,
            (true, _) => {}
        }
    }
    masked
}

#[cfg(test)]
mod tests {
    use super::mask_quoted;

    #[test]
    fn quoted_values_of_a_decoder_are_masked() {
        assert_eq!(
            mask_quoted(r#"invalid type: string "a\"secret", expected i64"#),
            "invalid type: string [REDACTED], expected i64"
        );
    }
}

//! Keeps secrets out of everything that can be printed.

use std::fmt;

use http::HeaderMap;

/// Takes the place of a secret: prints `[REDACTED]`.
pub(crate) struct Redacted;

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}

const MASK: &str = "[REDACTED]";
const LONGEST_TEXT: usize = 1024;

/// Makes text from the network fit to be printed: the `secrets` that were sent and everything shaped like a JSON Web
/// Token are masked, control characters are escaped, and the length is bounded.
pub(crate) fn scrub<S: AsRef<str>>(text: &str, secrets: &[S]) -> String {
    let mut text = text.to_owned();
    for secret in secrets.iter().map(AsRef::as_ref).filter(|secret| secret.len() >= 4) {
        if text.contains(secret) {
            text = text.replace(secret, MASK);
        }
    }
    let mut clean = String::with_capacity(text.len().min(LONGEST_TEXT));
    for word in text.split_inclusive(|c: char| !is_token_character(c)) {
        if clean.len() > LONGEST_TEXT {
            clean.push('…');
            break;
        }
        let end = word.trim_end_matches(|c: char| !is_token_character(c)).len();
        let (word, separator) = word.split_at_checked(end).unwrap_or((word, ""));
        match word.find("eyJ") {
            Some(start) if word.len() - start > 16 => {
                clean.push_str(word.get(..start).unwrap_or_default());
                clean.push_str(MASK);
            }
            _ => clean.extend(word.chars().take(LONGEST_TEXT)),
        }
        for c in separator.chars() {
            if c.is_control() { clean.extend(c.escape_default()) } else { clean.push(c) }
        }
    }
    clean
}

/// Marks the header values that repeat `secret` as sensitive: `Debug` does not print them and nothing is quoted from them.
pub(crate) fn mark_sensitive(headers: &mut HeaderMap, secret: &str) {
    if secret.is_empty() {
        return;
    }
    for value in headers.values_mut() {
        if value.as_bytes().windows(secret.len()).any(|part| part == secret.as_bytes()) {
            value.set_sensitive(true);
        }
    }
}

/// The characters of which compact JSON Web Tokens and base64 text consist.
fn is_token_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '+' | '/' | '=' | '~')
}

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
    use super::{mask_quoted, scrub};

    const NONE: &[&str] = &[];

    #[test]
    fn a_secret_that_was_sent_is_masked_wherever_it_comes_back() {
        assert_eq!(scrub("bad token s3cr3t-value!", &["s3cr3t-value"]), "bad token [REDACTED]!");
    }

    #[test]
    fn everything_shaped_like_a_json_web_token_is_masked() {
        let text = scrub("assertion=eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln, refused", NONE);
        assert!(!text.contains("eyJ"), "{text}");
        assert!(text.ends_with(", refused"), "{text}");
    }

    #[test]
    fn control_characters_are_escaped_and_length_is_bounded() {
        assert_eq!(scrub("a\n\u{1b}[31mb", NONE), "a\\n\\u{1b}[31mb");
        assert!(scrub(&"x ".repeat(1 << 20), NONE).len() < 4096);
        assert!(scrub(&"x".repeat(1 << 20), NONE).len() < 4096);
    }

    #[test]
    fn quoted_values_of_a_decoder_are_masked() {
        assert_eq!(
            mask_quoted(r#"invalid type: string "a\"secret", expected i64"#),
            "invalid type: string [REDACTED], expected i64"
        );
    }
}

//! What a text that holds no private key in PEM looks like, and what to do with it. Nothing of the text is repeated.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::private_key::unsupported_type;
use crate::error::Error;
use crate::support::text::trimmed;

/// What writes every private key that OpenSSL can read in a form that is supported.
pub(super) const ENCRYPT: &str = "openssl pkcs8 -topk8 -v2 aes-256-cbc -in key.pem -out new.pem";

/// The error for a PEM block with this label, if it is one that people take for their private key.
pub(super) fn of_label(label: &str) -> Option<Error> {
    Some(match label {
        "OPENSSH PRIVATE KEY" => Error::configuration(
            "the private key is in the form of OpenSSH: convert a copy of it with `ssh-keygen -p -m PKCS8 -f copy`",
        ),
        "DSA PRIVATE KEY" => unsupported_type(),
        "PGP PRIVATE KEY BLOCK" => Error::configuration(
            "the text is a private key of OpenPGP: the one of the personal access token is needed",
        ),
        _ if label.ends_with("PUBLIC KEY") || label.ends_with("CERTIFICATE") => Error::configuration(
            "the PEM text holds a public key or a certificate, and the private key is needed",
        ),
        _ => return None,
    })
}

/// The error for a text without any such block; `rest` is what follows its last whole block.
pub(super) fn of_text(text: &str, rest: &str) -> Error {
    let text = trimmed(text);
    let looks_like = match decoded(text) {
        Some(bytes) if contains(&bytes, b"-----BEGIN ") => {
            "it looks like the PEM text in base64: decode it first, such as with `base64 -d`"
        }
        Some(bytes) if bytes.first() == Some(&0x30) => {
            "it looks like the key alone in base64: make PEM of it with `base64 -d key.txt | openssl pkey -inform DER -out key.pem`"
        }
        _ if rest.contains("-----BEGIN ") => {
            "its last line, `-----END …-----`, is missing or differs from the first: pass all lines of the file, and quote the \
             variable if it ends after one line"
        }
        _ if text.contains("-----BEGIN ") => "it is PEM, and none of its blocks is a private key",
        _ if text.starts_with("PuTTY-User-Key-File") => {
            "it looks like a key of PuTTY: convert it with `puttygen key.ppk -O private-openssh -o key.pem`"
        }
        _ if text.starts_with('{') => {
            "it looks like a JSON Web Key: pass it to `private_key_jwk` or `from_jwk`"
        }
        _ if is_path(text) => {
            "it looks like the name of a file: pass the text of the file, or its name to `private_key_file` where there is one"
        }
        _ => "it must be all of the file that `openssl genpkey` or the Affinidi CLI wrote",
    };
    Error::configuration(format!(
        "the text is not a PEM-encoded private key, `-----BEGIN PRIVATE KEY-----` to `-----END PRIVATE KEY-----` or the same with \
         `ENCRYPTED PRIVATE KEY`, `RSA PRIVATE KEY` or `EC PRIVATE KEY`: {looks_like}"
    ))
}

/// The bytes behind a text that is base64 and nothing else.
fn decoded(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut base64 = Zeroizing::new(String::with_capacity(text.len()));
    base64.extend(text.split_whitespace());
    STANDARD.decode(base64.as_bytes()).ok().map(Zeroizing::new)
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

fn is_path(text: &str) -> bool {
    let endings = [".pem", ".key", ".der", ".p8", ".pk8", ".p12", ".pfx", ".txt"];
    let begins = ["/", "~", "./", "../", "file:", "\\\\"];
    let is_drive =
        matches!(text.as_bytes(), [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic());
    let is_line = text.lines().count() == 1;
    is_line
        && (is_drive
            || begins.iter().any(|begin| text.starts_with(begin))
            || endings.iter().any(|ending| text.ends_with(ending)))
}

//! From the text of a private key to its DER form.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

#[cfg(feature = "encrypted-pem")]
use super::encrypted_pem::decrypt;
use super::not_pem::{self, ENCRYPT};
use crate::error::Error;

/// The DER of the first private key of `text` (RFC 7468), decrypted. Keys travel through environment variables and files of all
/// kinds, so line ends may be anything, also the two characters `\n`, and quotes may be around the text.
pub(super) fn read(text: &str, passphrase: Option<&str>) -> Result<Zeroizing<Vec<u8>>, Error> {
    let lines = lines(text);
    let mut rest = lines.as_str();
    let mut other = None;
    while let Some((label, body, after)) = block(rest) {
        match label {
            "ENCRYPTED PRIVATE KEY" => return decrypt(&decode(body)?, passphrase),
            "PRIVATE KEY" | "RSA PRIVATE KEY" | "EC PRIVATE KEY" => return decode(body),
            _ => other = other.or_else(|| not_pem::of_label(label)),
        }
        // Such as the `EC PARAMETERS` that OpenSSL writes before the key.
        rest = after;
    }
    Err(other.unwrap_or_else(|| not_pem::of_text(text, rest)))
}

/// A private key in DER, PKCS#8, as PEM.
pub(super) fn write(der: &[u8]) -> String {
    let base64 = Zeroizing::new(STANDARD.encode(der));
    // Sized beforehand: growing would leave copies behind that nothing overwrites.
    let mut pem = String::with_capacity(base64.len() * 65 / 64 + 64);
    pem.push_str("-----BEGIN PRIVATE KEY-----\n");
    let mut rest = base64.as_str();
    while let Some((line, after)) =
        rest.split_at_checked(64.min(rest.len())).filter(|(line, _)| !line.is_empty())
    {
        pem.push_str(line);
        pem.push('\n');
        rest = after;
    }
    pem.push_str("-----END PRIVATE KEY-----\n");
    pem
}

/// The text with line ends in place of `\n`, `\r` and the backslashes of those who escape twice: PEM has none of its own.
fn lines(text: &str) -> Zeroizing<String> {
    // Sized beforehand: growing would leave copies behind that nothing overwrites.
    let mut lines = Zeroizing::new(String::with_capacity(text.len()));
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if character != '\\' {
            lines.push(character);
            continue;
        }
        while characters.next_if_eq(&'\\').is_some() {}
        characters.next_if(|escaped| matches!(escaped, 'n' | 'r'));
        lines.push('\n');
    }
    lines
}

/// The next block: its label, its body, and what comes after.
fn block(text: &str) -> Option<(&str, &str, &str)> {
    let (_, text) = text.split_once("-----BEGIN ")?;
    let (label, text) = text.split_once("-----")?;
    let (body, after) = text.split_once("-----END ")?;
    let after = after.strip_prefix(label)?.strip_prefix("-----")?;
    Some((label, body, after))
}

fn decode(body: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
    if body.contains("DEK-Info") {
        return Err(Error::configuration(format!(
            "the private key is encrypted in the old form of OpenSSL: convert it with `{ENCRYPT}`"
        )));
    }
    // Sized beforehand: growing would leave copies behind that nothing overwrites.
    let mut base64 = Zeroizing::new(String::with_capacity(body.len()));
    base64.extend(body.split_whitespace());
    let mut der = Zeroizing::new(Vec::with_capacity(base64.len()));
    STANDARD.decode_vec(base64.as_bytes(), &mut der).map_err(|_| {
        Error::configuration(
            "the PEM text of the private key is damaged: between its first and last line there is something that is not base64",
        )
    })?;
    Ok(der)
}

#[cfg(not(feature = "encrypted-pem"))]
fn decrypt(_: &[u8], _: Option<&str>) -> Result<Zeroizing<Vec<u8>>, Error> {
    Err(Error::configuration(
        "the private key is encrypted, and the feature `encrypted-pem` of this crate, which reads such keys, is off: turn it on, or \
         decrypt the key with `openssl pkcs8 -in key.pem -out new.pem`",
    ))
}

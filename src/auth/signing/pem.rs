//! From the text of a private key to its DER form.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pkcs8::EncryptedPrivateKeyInfoRef;
use pkcs8::pkcs5::pbes2::Kdf;
use pkcs8::pkcs5::{self, EncryptionScheme};
use zeroize::Zeroizing;

use super::not_pem;
use crate::error::Error;
use crate::support::text::trimmed;

/// What writes every private key that OpenSSL can read in a form that is supported.
const ENCRYPT: &str = "openssl pkcs8 -topk8 -v2 aes-256-cbc -in key.pem -out new.pem";

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

/// Decrypts with PBES2 (RFC 8018, section 6.2).
fn decrypt(der: &[u8], passphrase: Option<&str>) -> Result<Zeroizing<Vec<u8>>, Error> {
    let encrypted = EncryptedPrivateKeyInfoRef::try_from(der).map_err(|_| unsupported_encryption())?;
    let Some(passphrase) = passphrase.filter(|passphrase| !passphrase.is_empty()) else {
        return Err(Error::configuration(
            "the private key is encrypted, and the passphrase is not set: set `passphrase` (PASSPHRASE), or use \
             `from_encrypted_pem`",
        ));
    };
    if !is_affordable(&encrypted.encryption_algorithm) {
        return Err(Error::configuration(format!(
            "the encrypted private key costs too much to open: at most 10 000 000 iterations of PBKDF2 or 256 MiB of scrypt are \
             spent on it; encrypt it again with `{ENCRYPT}`"
        )));
    }
    // A mounted file or a quoted variable may have more around the passphrase than belongs to it.
    let opened = encrypted.decrypt(passphrase).or_else(|error| match trimmed(passphrase) {
        trimmed if trimmed == passphrase => Err(error),
        trimmed => encrypted.decrypt(trimmed),
    });
    match opened {
        Ok(document) => Ok(Zeroizing::new(document.as_bytes().to_vec())),
        Err(pkcs8::Error::EncryptedPrivateKey(
            pkcs5::Error::UnsupportedAlgorithm { .. }
            | pkcs5::Error::NoPbes1CryptSupport
            | pkcs5::Error::AlgorithmParametersInvalid { .. },
        )) => Err(unsupported_encryption()),
        // A wrong key turns the text into anything, and some of it looks well padded.
        Err(_) => Err(Error::configuration("the passphrase does not open the private key")),
    }
}

/// Whether opening the key takes seconds at most: the cost is stated in the key itself, which may come from anywhere.
fn is_affordable(encryption: &EncryptionScheme) -> bool {
    let EncryptionScheme::Pbes2(parameters) = encryption else { return true };
    match &parameters.kdf {
        Kdf::Pbkdf2(cost) => cost.iteration_count <= MOST_ITERATIONS,
        Kdf::Scrypt(cost) => {
            let block = 128 * u64::from(cost.block_size) * u64::from(cost.parallelization);
            let bytes = cost.cost_parameter.checked_mul(block);
            // The crate that opens it panics over a cost of zero.
            cost.cost_parameter > 1 && bytes.is_some_and(|bytes| bytes <= MOST_BYTES)
        }
        _ => true,
    }
}

/// More than ten times what is recommended for passwords.
const MOST_ITERATIONS: u32 = 10_000_000;
/// Sixteen times what OpenSSL uses. RFC 7914, section 2, explains why time follows from it.
const MOST_BYTES: u64 = 256 << 20;

fn unsupported_encryption() -> Error {
    Error::configuration(format!(
        "the encrypted private key is damaged, or encrypted in a way that is not supported (PBES2 with PBKDF2 or scrypt, and \
         AES-CBC): convert it with `{ENCRYPT}`"
    ))
}

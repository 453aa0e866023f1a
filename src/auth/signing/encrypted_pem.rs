//! Opens a private key that a passphrase encrypts.

use pkcs8::EncryptedPrivateKeyInfoRef;
use pkcs8::pkcs5::pbes2::Kdf;
use pkcs8::pkcs5::{self, EncryptionScheme};
use zeroize::Zeroizing;

use super::not_pem::ENCRYPT;
use crate::error::Error;
use crate::support::text::trimmed;

/// Decrypts with PBES2 (RFC 8018, section 6.2).
pub(super) fn decrypt(der: &[u8], passphrase: Option<&str>) -> Result<Zeroizing<Vec<u8>>, Error> {
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

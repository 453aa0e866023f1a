//! Files that hold a secret.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;
use std::time::SystemTime;

use zeroize::Zeroizing;

use crate::error::Error;

/// What tells that a file changed.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Stamp {
    modified: Option<SystemTime>,
    length: u64,
}

pub(super) const PRIVATE_KEY: &str = "the file of `private_key_file` (PRIVATE_KEY_FILE)";
pub(super) const PASSPHRASE: &str = "the file of `passphrase_file` (PASSPHRASE_FILE)";

/// No key or passphrase is longer.
const LIMIT: u64 = 64 << 10;

/// The stamp of a regular file.
pub(super) fn stamp(path: &Path, name: &str) -> Result<Stamp, Error> {
    let metadata = fs::metadata(path).map_err(|error| unreadable(path, name, error))?;
    // Opening a pipe may wait for ever, and its text is there once.
    if !metadata.is_file() {
        return Err(unreadable(path, name, io::Error::other("it is not a regular file")));
    }
    Ok(Stamp { modified: metadata.modified().ok(), length: metadata.len() })
}

/// The text of the file `name`.
pub(super) fn read(path: &Path, name: &str) -> Result<Zeroizing<String>, Error> {
    // Sized beforehand: growing would leave copies behind that nothing overwrites.
    let mut text = Zeroizing::new(String::with_capacity(LIMIT as usize + 64));
    let read = File::open(path).and_then(|file| file.take(LIMIT + 1).read_to_string(&mut text));
    match read {
        Ok(length) if length as u64 <= LIMIT => Ok(text),
        Ok(_) => Err(unreadable(path, name, io::Error::other("it is longer than 64 KiB"))),
        Err(error) => Err(unreadable(path, name, error)),
    }
}

/// Does not repeat the path: it may be the key itself, set by mistake.
fn unreadable(path: &Path, name: &str, error: io::Error) -> Error {
    if path.to_string_lossy().contains("-----BEGIN") {
        return Error::configuration(format!(
            "{name} is the text of a key, and the name of a file is needed: set `private_key_pem` (PRIVATE_KEY) instead"
        ));
    }
    Error::configuration(format!("{name} cannot be read: {error}"))
}

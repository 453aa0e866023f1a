//! A private key in a file that may be replaced while the program runs.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};
use std::time::SystemTime;

use tokio::runtime::Handle;
use zeroize::Zeroizing;

use super::key::{Passphrase, local_signer};
use crate::auth::signing::{Algorithm, LocalSigner};
use crate::error::Error;

/// A key that is read again when its file changed. A new text that cannot be used, such as a half-written one, leaves the old key.
pub(super) struct KeyFile {
    path: PathBuf,
    passphrase: Option<Passphrase>,
    algorithm: Option<Algorithm>,
    current: Mutex<Current>,
    /// Held by the one who reads: nobody else waits for a file system that hangs.
    reading: Mutex<()>,
}

struct Current {
    signer: Arc<LocalSigner>,
    stamps: Stamps,
}

/// What changes when the key's file, or that of its passphrase, does.
type Stamps = (Stamp, Option<Stamp>);

#[derive(Clone, Copy, PartialEq)]
struct Stamp {
    modified: Option<SystemTime>,
    length: u64,
}

/// When a file is read again.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Reading {
    IfChanged,
    Anyway,
}

impl KeyFile {
    /// Reads the key for the first time.
    pub(super) fn open(
        path: PathBuf,
        passphrase: Option<Passphrase>,
        algorithm: Option<Algorithm>,
    ) -> Result<Self, Error> {
        let current = Current::read(&path, passphrase.as_ref(), algorithm)?;
        Ok(Self { path, passphrase, algorithm, current: Mutex::new(current), reading: Mutex::new(()) })
    }

    /// The key that was read last.
    pub(super) fn signer(&self) -> Arc<LocalSigner> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).signer.clone()
    }

    /// The key, after a look at the file where nothing else waits; and why the file could not be used, if it could not.
    pub(super) async fn refreshed(self: &Arc<Self>, reading: Reading) -> (Arc<LocalSigner>, Option<Error>) {
        let file = self.clone();
        let refresh = move || file.refresh(reading).err();
        let error = match Handle::try_current() {
            // A runtime that shuts down reads no more.
            Ok(runtime) => runtime.spawn_blocking(refresh).await.unwrap_or_default(),
            Err(_) => refresh(),
        };
        (self.signer(), error)
    }

    fn refresh(&self, reading: Reading) -> Result<(), Error> {
        let _reading = match self.reading.try_lock() {
            Ok(guard) => guard,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return Ok(()),
        };
        let passphrase = self.passphrase.as_ref();
        let before = self.current.lock().unwrap_or_else(PoisonError::into_inner).stamps;
        if reading == Reading::IfChanged && stamps(&self.path, passphrase)? == before {
            return Ok(());
        }
        let read = Current::read(&self.path, passphrase, self.algorithm)?;
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        // The same key stays the same signer, so that a new one can be told.
        if !read.signer.is_same(&current.signer) {
            current.signer = read.signer;
        }
        current.stamps = read.stamps;
        Ok(())
    }
}

impl Current {
    fn read(
        path: &Path,
        passphrase: Option<&Passphrase>,
        algorithm: Option<Algorithm>,
    ) -> Result<Self, Error> {
        // Before the text is read: a file that changes meanwhile is read again.
        let stamps = stamps(path, passphrase)?;
        let text = read(path, PRIVATE_KEY)?;
        let signer = local_signer(&text, passphrase, algorithm)
            .map_err(|error| Error::configuration(format!("{PRIVATE_KEY}: {error}")))?;
        Ok(Self { signer: Arc::new(signer), stamps })
    }
}

const PRIVATE_KEY: &str = "the file of `private_key_file` (PRIVATE_KEY_FILE)";
const PASSPHRASE: &str = "the file of `passphrase_file` (PASSPHRASE_FILE)";

/// No key or passphrase is longer.
const LIMIT: u64 = 64 << 10;

fn stamps(path: &Path, passphrase: Option<&Passphrase>) -> Result<Stamps, Error> {
    let second = match passphrase {
        Some(Passphrase::File(path)) => Some(stamp(path, PASSPHRASE)?),
        _ => None,
    };
    Ok((stamp(path, PRIVATE_KEY)?, second))
}

fn stamp(path: &Path, name: &str) -> Result<Stamp, Error> {
    let metadata = fs::metadata(path).map_err(|error| unreadable(path, name, error))?;
    // Opening a pipe may wait for ever, and its text is there once.
    if !metadata.is_file() {
        return Err(unreadable(path, name, io::Error::other("it is not a regular file")));
    }
    Ok(Stamp { modified: metadata.modified().ok(), length: metadata.len() })
}

/// The text of a passphrase's file.
pub(super) fn read_passphrase(path: &Path) -> Result<Zeroizing<String>, Error> {
    stamp(path, PASSPHRASE)?;
    read(path, PASSPHRASE)
}

fn read(path: &Path, name: &str) -> Result<Zeroizing<String>, Error> {
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

//! A private key in a file that may be replaced while the program runs.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};

use tokio::runtime::Handle;

use super::key_text::{Passphrase, local_signer};
use super::secret_file::{PASSPHRASE, PRIVATE_KEY, Stamp, read, stamp};
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

fn stamps(path: &Path, passphrase: Option<&Passphrase>) -> Result<Stamps, Error> {
    let second = match passphrase {
        Some(Passphrase::File(path)) => Some(stamp(path, PASSPHRASE)?),
        _ => None,
    };
    Ok((stamp(path, PRIVATE_KEY)?, second))
}

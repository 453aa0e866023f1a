//! What caused an error.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::support::redact::Secrets;

/// What caused an error: as it is for those who ask for it, and masked for those who print it.
#[derive(Clone)]
pub(super) struct Cause {
    pub(super) error: Arc<dyn StdError + Send + Sync>,
    pub(super) masked: Arc<Masked>,
}

impl Cause {
    pub(super) fn new(error: Box<dyn StdError + Send + Sync>, secrets: &Secrets) -> Self {
        let masked = Masked::of(&*error, secrets, LONGEST_CHAIN);
        Self { error: Arc::from(error), masked: Arc::new(masked) }
    }
}

/// How many causes of causes are kept: the chain of a custom error may have no end.
const LONGEST_CHAIN: usize = 16;

/// The texts of an error, without secrets.
pub(super) struct Masked {
    display: String,
    debug: String,
    pub(super) source: Option<Box<Masked>>,
}

impl Masked {
    fn of(error: &(dyn StdError + 'static), secrets: &Secrets, longest: usize) -> Self {
        let source = error.source().filter(|_| longest > 1);
        Self {
            display: secrets.mask(&Zeroizing::new(error.to_string())),
            debug: secrets.mask(&Zeroizing::new(format!("{error:?}"))),
            source: source.map(|source| Box::new(Self::of(source, secrets, longest - 1))),
        }
    }
}

impl fmt::Display for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.display)
    }
}

impl fmt::Debug for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.debug)
    }
}

impl StdError for Masked {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

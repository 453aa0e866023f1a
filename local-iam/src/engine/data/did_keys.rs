//! The keys of DIDs, each made once.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use crate::jose::did_key::{self, DidKey};

/// How many keys are kept.
const MOST: usize = 32;

/// The keys of the DIDs that came last: to find the point that a compressed key stands for takes as long as a signature.
#[derive(Debug, Default)]
pub(crate) struct DidKeys(Mutex<VecDeque<(String, Arc<DidKey>)>>);

impl DidKeys {
    /// See [`did_key::resolve`].
    pub(crate) fn resolve(&self, did: &str) -> Option<Arc<DidKey>> {
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, key)) = lock().iter().find(|(known, _)| known == did) {
            return Some(key.clone());
        }
        let key = Arc::new(did_key::resolve(did)?);
        let mut keys = lock();
        keys.push_front((did.to_owned(), key.clone()));
        keys.truncate(MOST);
        Some(key)
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};

    use super::*;

    fn new_did() -> String {
        let pair = Ed25519KeyPair::generate().unwrap();
        let encoded = bs58::encode([&[0xed, 0x01], pair.public_key().as_ref()].concat()).into_string();
        format!("did:key:z{encoded}")
    }

    #[test]
    fn a_kept_key_is_that_of_its_did_and_few_are_kept() {
        let keys = DidKeys::default();
        let dids: Vec<_> = (0..3 * MOST).map(|_| new_did()).collect();
        for did in dids.iter().chain(&dids) {
            for _ in 0..2 {
                assert!(keys.resolve(did).unwrap().key_id.starts_with(&format!("{did}#")));
            }
            assert!(keys.0.lock().unwrap().len() <= MOST);
        }
        assert!(Arc::ptr_eq(&keys.resolve(&dids[5]).unwrap(), &keys.resolve(&dids[5]).unwrap()));
        assert!(keys.resolve("did:key:zz").is_none() && keys.resolve("did:example:a").is_none());
    }
}

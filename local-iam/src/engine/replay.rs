//! The `jti` values that were used (RFC 7523 section 3, item 7).

use std::collections::{BTreeSet, HashMap};

use aws_lc_rs::digest::{Context, SHA256};

type Digest = [u8; 32];

/// Remembers each used id until its assertion expires, and nothing longer: an assertion lives ten minutes at most.
#[derive(Debug, Default)]
pub(crate) struct UsedIds {
    expiry: HashMap<Digest, i64>,
    by_expiry: BTreeSet<(i64, Digest)>,
}

impl UsedIds {
    /// Marks the id as used until `exp`. `false` when it was used before.
    pub(crate) fn use_once(&mut self, issuer: &str, id: &str, exp: i64, now: i64) -> bool {
        self.forget_expired(now);
        let digest = digest_of(issuer, id);
        if self.expiry.contains_key(&digest) {
            return false;
        }
        self.expiry.insert(digest, exp);
        self.by_expiry.insert((exp, digest));
        true
    }

    fn forget_expired(&mut self, now: i64) {
        while let Some(&(exp, digest)) = self.by_expiry.first() {
            if exp > now {
                return;
            }
            self.by_expiry.pop_first();
            self.expiry.remove(&digest);
        }
    }
}

/// A fixed-size stand-in for the pair, so that memory does not grow with what clients send.
fn digest_of(issuer: &str, id: &str) -> Digest {
    let mut context = Context::new(&SHA256);
    context.update(&issuer.len().to_be_bytes());
    context.update(issuer.as_bytes());
    context.update(id.as_bytes());
    let mut digest = [0; 32];
    digest.iter_mut().zip(context.finish().as_ref()).for_each(|(to, from)| *to = *from);
    digest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_used_once_per_issuer() {
        let mut used = UsedIds::default();
        assert!(used.use_once("a", "1", 100, 0));
        assert!(!used.use_once("a", "1", 100, 99));
        assert!(used.use_once("b", "1", 100, 0));
    }

    #[test]
    fn memory_is_given_back_when_assertions_expire() {
        let mut used = UsedIds::default();
        for id in 0..1000 {
            used.use_once("a", &id.to_string(), 100 + id, 0);
        }
        used.use_once("a", "last", 5000, 2000);
        assert_eq!((used.expiry.len(), used.by_expiry.len()), (1, 1));
    }
}

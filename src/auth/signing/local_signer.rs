//! A key in memory as a signer.

use std::sync::Arc;

use super::algorithm::Algorithm;
use super::signer::{SignatureFuture, Signer};
use super::signing_key::SigningKey;

/// A key in memory and its id.
#[derive(Clone)]
pub(in crate::auth) struct LocalSigner {
    key_id: String,
    key: Arc<SigningKey>,
}

impl LocalSigner {
    pub(in crate::auth) fn new(key_id: String, key: impl Into<Arc<SigningKey>>) -> Self {
        Self { key_id, key: key.into() }
    }
}

impl Signer for LocalSigner {
    fn key_id(&self) -> &str {
        &self.key_id
    }

    fn algorithm(&self) -> Algorithm {
        self.key.algorithm()
    }

    fn sign<'a>(&'a self, message: &'a [u8]) -> SignatureFuture<'a> {
        Box::pin(std::future::ready(self.key.sign(message)))
    }
}

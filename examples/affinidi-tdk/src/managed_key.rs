//! A signer of the TDK as one of this SDK.

use affinidi_data_integrity::signer::Signer as TdkSigner;
use affinidi_secrets_resolver::secrets::KeyType;
use affinidi_tdk_iam_client::Error;
use affinidi_tdk_iam_client::auth::{Algorithm, DidSigner, SignatureFuture, Signer};

pub struct ManagedKey<K>(K, Algorithm);

impl<K: TdkSigner> ManagedKey<K> {
    pub fn new(key: K) -> Result<Self, Error> {
        match key.key_type() {
            KeyType::P256 => Ok(Self(key, Algorithm::Es256)),
            KeyType::Ed25519 => Ok(Self(key, Algorithm::EdDsa)),
            other => Err(Error::credential(format!("a key of type {other:?} is not supported"))),
        }
    }
}

impl<K: TdkSigner + 'static> Signer for ManagedKey<K> {
    fn key_id(&self) -> &str {
        self.0.verification_method()
    }

    fn algorithm(&self) -> Algorithm {
        self.1
    }

    fn sign<'a>(&'a self, message: &'a [u8]) -> SignatureFuture<'a> {
        Box::pin(async { self.0.sign(message).await.map_err(Error::credential) })
    }
}

impl<K: TdkSigner + 'static> DidSigner for ManagedKey<K> {
    fn did(&self) -> &str {
        self.key_id().split('#').next().unwrap_or_default()
    }
}

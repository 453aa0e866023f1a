//! Who signs for a DID.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::algorithm::Algorithm;
use crate::error::Error;

/// The future that [`DidSigner::sign`] returns.
pub type SignatureFuture<'a> = Pin<Box<dyn Future<Output = Result<Vec<u8>, Error>> + Send + 'a>>;

/// Signs with a key of a DID (DID Core 1.0, section 5.3.1). The key can be anywhere: in memory
/// ([`DidKeySigner`](super::DidKeySigner)), in a hardware module or behind a key management service.
///
/// ```
/// use affinidi_tdk_iam_client::Error;
/// use affinidi_tdk_iam_client::auth::{Algorithm, DidSigner, SignatureFuture};
/// # struct Service;
/// # impl Service { async fn sign(&self, key: &str, message: &[u8]) -> std::io::Result<Vec<u8>> { Ok(vec![]) } }
///
/// /// A P-256 key that never leaves its service.
/// struct ManagedKey {
///     service: Service,
///     did: String,
///     key_id: String,
/// }
///
/// impl DidSigner for ManagedKey {
///     fn did(&self) -> &str {
///         &self.did
///     }
///
///     fn key_id(&self) -> &str {
///         &self.key_id
///     }
///
///     fn algorithm(&self) -> Algorithm {
///         Algorithm::Es256
///     }
///
///     fn sign<'a>(&'a self, message: &'a [u8]) -> SignatureFuture<'a> {
///         Box::pin(async { self.service.sign(&self.key_id, message).await.map_err(Error::credential) })
///     }
/// }
/// ```
pub trait DidSigner: Send + Sync + 'static {
    /// The DID (DID Core 1.0, section 3.1).
    fn did(&self) -> &str;

    /// The DID URL of the key within the DID document: the `kid` of what is signed.
    fn key_id(&self) -> &str;

    /// The algorithm of the signatures.
    fn algorithm(&self) -> Algorithm;

    /// Signs `message`, hashing it first as the algorithm requires. The signature has the form of RFC 7518, section 3.4: for
    /// ECDSA the two numbers side by side, not DER.
    ///
    /// # Errors
    ///
    /// Whatever kept the key from signing, as an [`Error::credential`].
    fn sign<'a>(&'a self, message: &'a [u8]) -> SignatureFuture<'a>;
}

/// The same through a pointer.
macro_rules! through_pointer {
    ($($pointer:ident),+) => {
        $(
            impl<S: DidSigner + ?Sized> DidSigner for $pointer<S> {
                fn did(&self) -> &str {
                    (**self).did()
                }

                fn key_id(&self) -> &str {
                    (**self).key_id()
                }

                fn algorithm(&self) -> Algorithm {
                    (**self).algorithm()
                }

                fn sign<'a>(&'a self, message: &'a [u8]) -> SignatureFuture<'a> {
                    (**self).sign(message)
                }
            }
        )+
    };
}
through_pointer!(Arc, Box);

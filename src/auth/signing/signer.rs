//! Who signs.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::algorithm::Algorithm;
use crate::error::Error;

/// The future that [`Signer::sign`] returns.
pub type SignatureFuture<'a> = Pin<Box<dyn Future<Output = Result<Vec<u8>, Error>> + Send + 'a>>;

/// Signs with one private key, which can be anywhere: in memory, in a hardware module or behind a key management service.
///
/// It signs for a personal access token ([`PersonalAccessTokenBuilder::signer`](crate::auth::PersonalAccessTokenBuilder::signer)),
/// and as a [`DidSigner`] for a consumer. It is called once per token, not once per call, so it may be slow.
///
/// ```
/// use affinidi_tdk_iam_client::Error;
/// use affinidi_tdk_iam_client::auth::{Algorithm, SignatureFuture, Signer};
/// # struct Service;
/// # impl Service { async fn sign(&self, key: &str, message: &[u8]) -> std::io::Result<Vec<u8>> { Ok(vec![]) } }
///
/// /// A P-256 key that never leaves its service.
/// struct ManagedKey {
///     service: Service,
///     key_id: String,
/// }
///
/// impl Signer for ManagedKey {
///     fn key_id(&self) -> &str {
///         &self.key_id
///     }
///
///     fn algorithm(&self) -> Algorithm {
///         Algorithm::Es256
///     }
///
///     fn sign<'a>(&'a self, message: &'a [u8]) -> SignatureFuture<'a> {
///         Box::pin(async { self.service.sign("projects/p/keys/k", message).await.map_err(Error::credential) })
///     }
/// }
/// ```
pub trait Signer: Send + Sync + 'static {
    /// The id under which the verifier knows the key: the `kid` of what is signed (RFC 7515, section 4.1.4).
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

/// Signs with a key of a DID (DID Core 1.0, section 5.3.1). Its [`key_id`](Signer::key_id) is the DID URL of the key within the DID
/// document.
///
/// Keys in memory have [`DidKeySigner`](super::DidKeySigner) and [`LocalDidSigner`](super::LocalDidSigner). For a key elsewhere add
/// the DID to a [`Signer`]:
///
/// ```
/// # use affinidi_tdk_iam_client::auth::{Algorithm, SignatureFuture, Signer};
/// use affinidi_tdk_iam_client::auth::DidSigner;
///
/// # struct ManagedKey { did: String, key_id: String }
/// # impl Signer for ManagedKey {
/// #     fn key_id(&self) -> &str { &self.key_id }
/// #     fn algorithm(&self) -> Algorithm { Algorithm::Es256 }
/// #     fn sign<'a>(&'a self, _: &'a [u8]) -> SignatureFuture<'a> { Box::pin(async { Ok(vec![]) }) }
/// # }
/// impl DidSigner for ManagedKey {
///     fn did(&self) -> &str {
///         &self.did
///     }
/// }
/// ```
pub trait DidSigner: Signer {
    /// The DID (DID Core 1.0, section 3.1).
    fn did(&self) -> &str;
}

/// The same through a pointer.
macro_rules! through_pointer {
    ($($pointer:ident),+) => {
        $(
            impl<S: Signer + ?Sized> Signer for $pointer<S> {
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

            impl<S: DidSigner + ?Sized> DidSigner for $pointer<S> {
                fn did(&self) -> &str {
                    (**self).did()
                }
            }
        )+
    };
}
through_pointer!(Arc, Box);

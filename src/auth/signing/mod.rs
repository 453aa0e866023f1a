//! Keys, what they sign, and who signs.

mod algorithm;
mod client_assertion;
mod did_key;
#[cfg(feature = "encrypted-pem")]
mod encrypted_pem;
mod jwk;
mod local_did;
mod local_signer;
mod not_pem;
mod pem;
mod private_key;
mod signer;
mod signing_key;

pub use self::algorithm::Algorithm;
pub use self::client_assertion::client_assertion;
pub(super) use self::client_assertion::{Claims, by_did, signed};
pub use self::did_key::DidKeySigner;
pub(super) use self::jwk::private_jwk;
pub use self::local_did::LocalDidSigner;
pub use self::local_signer::LocalSigner;
pub use self::signer::{DidSigner, SignatureFuture, Signer};
pub(super) use self::signing_key::SigningKey;

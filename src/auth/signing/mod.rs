//! Keys, what they sign, and who signs.

mod algorithm;
mod client_assertion;
mod did_key;
mod did_signer;
#[cfg(feature = "encrypted-pem")]
mod encrypted_pem;
mod not_pem;
mod pem;
mod private_key;
mod signing_key;

pub use self::algorithm::Algorithm;
pub use self::client_assertion::client_assertion;
pub(super) use self::client_assertion::{Claims, by_did, signed, unsigned};
pub use self::did_key::DidKeySigner;
pub use self::did_signer::{DidSigner, SignatureFuture};
pub(super) use self::signing_key::SigningKey;

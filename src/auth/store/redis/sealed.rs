//! Tokens as Redis keeps them: encrypted, with the moment at which they were asked for.

use std::time::{Duration, UNIX_EPOCH};

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use zeroize::Zeroizing;

use crate::auth::token::{AccessToken, FetchedToken};
use crate::error::Error;
use crate::support::clock::date;

/// Encrypts and decrypts the values of a store.
///
/// A value is a nonce, the encrypted text and its tag. The text is two times in milliseconds, each an unsigned 64-bit number in
/// network byte order, and the token: when it was asked for, since the Unix epoch, and how long it is valid.
pub(super) struct Sealer(RandomizedNonceKey);

impl Sealer {
    pub(super) fn new(key: [u8; 32]) -> Result<Self, Error> {
        let key = Zeroizing::new(key);
        RandomizedNonceKey::new(&AES_256_GCM, &*key)
            .map(Self)
            .map_err(|_| Error::configuration("the encryption key cannot be used"))
    }

    /// The name is authenticated with the value, so that one entry cannot be put in the place of another.
    pub(super) fn seal(&self, name: &str, token: &FetchedToken) -> Result<Vec<u8>, Error> {
        let asked_at = milliseconds(since_epoch().saturating_sub(token.age())).to_be_bytes();
        let lifetime = milliseconds(token.lifetime()).to_be_bytes();
        let secret = token.token().secret().as_bytes();
        let parts = [asked_at.as_slice(), &lifetime, secret];
        // Sized beforehand: growing would leave a copy behind that nothing overwrites.
        let length = asked_at.len() + lifetime.len() + secret.len() + AES_256_GCM.tag_len();
        let mut text = Zeroizing::new(Vec::with_capacity(length));
        parts.iter().for_each(|part| text.extend_from_slice(part));
        let nonce = self
            .0
            .seal_in_place_append_tag(Aad::from(name.as_bytes()), &mut *text)
            .map_err(|_| Error::credential("a token could not be encrypted"))?;
        Ok([nonce.as_ref().as_slice(), &text].concat())
    }

    /// The token with its age by this machine's date; `None` for what was not sealed with this key under this name.
    pub(super) fn open(&self, name: &str, sealed: Vec<u8>) -> Option<FetchedToken> {
        let mut sealed = Zeroizing::new(sealed);
        let (nonce, text) = sealed.split_at_mut_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let text = &*self.0.open_in_place(nonce, Aad::from(name.as_bytes()), text).ok()?;
        let (asked_at, text) = text.split_first_chunk()?;
        let (lifetime, secret) = text.split_first_chunk()?;
        let [asked_at, lifetime] =
            [asked_at, lifetime].map(|time| Duration::from_millis(u64::from_be_bytes(*time)));
        let token = AccessToken::new(str::from_utf8(secret).ok()?).ok()?;
        let age = since_epoch().saturating_sub(asked_at);
        Some(FetchedToken::new(token, Some(lifetime)).aged(age))
    }
}

fn since_epoch() -> Duration {
    date().duration_since(UNIX_EPOCH).unwrap_or_default()
}

pub(super) fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

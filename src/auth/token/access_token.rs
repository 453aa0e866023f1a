//! A token as it is sent.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use bytes::Bytes;
use http::HeaderValue;
use zeroize::Zeroizing;

use super::AuthorizationFormat;
use crate::error::Error;
use crate::support::moment::Moment;
use crate::support::redact::Redacted;

/// An access token, ready to be sent. `Debug` prints `[REDACTED]`, a clone shares the text, and the memory is overwritten
/// when the last clone is gone.
///
/// ```
/// use affinidi_tdk_iam_client::auth::AccessToken;
///
/// # fn main() -> Result<(), affinidi_tdk_iam_client::Error> {
/// let token = AccessToken::new("2YotnFZFEjr1zCsicMWpAA")?;
/// assert_eq!(format!("{token:?}"), "[REDACTED]");
/// assert_eq!(token.secret(), "2YotnFZFEjr1zCsicMWpAA");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct AccessToken {
    values: Arc<Values>,
    fresh: bool,
}

/// Both header values are views of one buffer. Aligned so that reference counters never share the cache lines that processors
/// fetch together.
#[derive(Clone)]
#[repr(align(128))]
struct Values {
    raw: HeaderValue,
    bearer: HeaderValue,
    expires: Option<Moment>,
}

const BEARER: &str = "Bearer ";

pub(super) const NOT_A_TOKEN: &str = "the access token is empty or has characters other than visible ASCII: pass the \
                                      bare token, without quotes, spaces or line ends";

impl AccessToken {
    /// Wraps the text of a token.
    ///
    /// # Errors
    ///
    /// [`Error::is_configuration`] when the text is empty or has characters that are not valid in a header: anything but
    /// visible ASCII.
    pub fn new(token: impl AsRef<str>) -> Result<Self, Error> {
        let token = token.as_ref();
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::configuration(NOT_A_TOKEN));
        }
        // Sized beforehand: growing would leave a copy behind that nothing overwrites.
        let mut text = Zeroizing::new(Vec::with_capacity(BEARER.len() + token.len()));
        text.extend_from_slice(BEARER.as_bytes());
        text.extend_from_slice(token.as_bytes());
        let text = Bytes::from_owner(text);
        let values =
            Values { raw: header(text.slice(BEARER.len()..))?, bearer: header(text)?, expires: None };
        Ok(Self { values: Arc::new(values), fresh: false })
    }

    /// Marks the token as fetched for the request that asks for it now. When the service refuses such a token, the request is not
    /// retried, since a newer token would not help.
    #[must_use]
    pub fn just_fetched(self) -> Self {
        Self { fresh: true, ..self }
    }

    /// The token's text: a secret.
    pub fn secret(&self) -> &str {
        self.values.raw.to_str().unwrap_or_default()
    }

    /// The value of an `authorization` header for another service, marked sensitive.
    /// [`Contract`](AuthorizationFormat::Contract) is the bare token, as Affinidi's services take it.
    pub fn header_value(&self, format: AuthorizationFormat) -> HeaderValue {
        match format {
            AuthorizationFormat::Contract | AuthorizationFormat::Raw => self.raw().clone(),
            AuthorizationFormat::Bearer => self.bearer().clone(),
        }
    }

    /// When it expires, by the date of this machine, if a [`TokenCache`](crate::auth::TokenCache) or a credential supplied it. The
    /// service may withdraw it earlier.
    pub fn expires_at(&self) -> Option<SystemTime> {
        self.values.expires.map(|end| end.date)
    }

    /// Whether it is known to have expired.
    pub(crate) fn has_expired(&self) -> bool {
        self.values.expires.is_some_and(|end| end.has_passed())
    }

    /// The same text with its own reference counter, and its end.
    pub(in crate::auth) fn recounted(&self, end: Moment) -> Self {
        let values = Values { expires: Some(end), ..Values::clone(&self.values) };
        Self { values: Arc::new(values), ..*self }
    }

    pub(crate) fn is_fresh(&self) -> bool {
        self.fresh
    }

    /// The header value with the bare token.
    pub(crate) fn raw(&self) -> &HeaderValue {
        &self.values.raw
    }

    /// The header value with the prefix `Bearer`.
    pub(crate) fn bearer(&self) -> &HeaderValue {
        &self.values.bearer
    }
}

fn header(text: Bytes) -> Result<HeaderValue, Error> {
    let mut value = HeaderValue::from_maybe_shared(text).map_err(|_| Error::configuration(NOT_A_TOKEN))?;
    value.set_sensitive(true);
    Ok(value)
}

/// Two tokens are equal when their texts are. Comparing two of the same length always takes the same time, so that it does not tell how
/// much of a guess is right.
impl PartialEq for AccessToken {
    fn eq(&self, other: &Self) -> bool {
        verify_slices_are_equal(self.values.raw.as_bytes(), other.values.raw.as_bytes()).is_ok()
    }
}

impl Eq for AccessToken {}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Redacted.fmt(f)
    }
}

//! The response of operations without a schema for it.

use std::fmt;

use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::decode;
use crate::error::Error;
use crate::support::redact::Secrets;

/// The body of a response as received, of any media type: what the proxy operations of
/// [`DefaultApi`](crate::apis::DefaultApi) return.
///
/// `Debug` prints the length only, since such a body may hold tokens.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let iam = affinidi_iam_local::LocalIam::start().await?;
/// # let client = affinidi_tdk_iam_client::Client::builder().base_url(iam.base_url()).build()?;
/// let body = client.default_api().v1_auth_proxy_get("oauth2/sessions").query("login", "hint").await?;
/// println!("{}", body.text()?);
/// let value: serde_json::Value = body.json()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct RawBody(Bytes);

impl RawBody {
    fn new(body: Bytes) -> Self {
        Self(body)
    }

    /// The bytes of the body.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes of the body, without a copy.
    pub fn into_bytes(self) -> Bytes {
        self.0
    }

    /// The body as UTF-8 text.
    ///
    /// # Errors
    ///
    /// [`Error::is_decode`] when the body is not UTF-8.
    pub fn text(&self) -> Result<&str, Error> {
        std::str::from_utf8(&self.0)
            .map_err(|error| Error::decode(format!("the body is not UTF-8 text: {error}")))
    }

    /// The body read as JSON.
    ///
    /// # Errors
    ///
    /// [`Error::is_decode`], naming the JSON path that does not fit `T`, in which what is shaped like a JSON Web Token is masked, or
    /// when the values would take too much memory; see [`ClientBuilder::body_limit`](crate::ClientBuilder::body_limit).
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        // The path may repeat a name from the body.
        decode::from_json(&self.0).map_err(|reason| Error::decode(Secrets::none().mask(&reason)))
    }
}

impl From<RawBody> for Bytes {
    fn from(body: RawBody) -> Self {
        body.0
    }
}

/// Decodes a response without a schema.
pub(crate) fn raw(body: &Bytes) -> Result<RawBody, String> {
    Ok(RawBody::new(body.clone()))
}

impl AsRef<[u8]> for RawBody {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for RawBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawBody({} bytes)", self.0.len())
    }
}

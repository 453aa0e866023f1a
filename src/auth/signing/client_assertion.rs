//! Client assertions (RFC 7523, section 3) and other tokens that a credential signs itself.

use serde::Serialize;
use zeroize::Zeroizing;

use super::signer::{DidSigner, Signer};
use crate::auth::token::jwt;
use crate::error::Error;
use crate::support::{clock, random};

/// How long an assertion is valid, in seconds.
const LIFETIME: u64 = 300;

#[derive(Serialize)]
struct Header<'a> {
    alg: &'static str,
    typ: &'static str,
    kid: &'a str,
}

/// The claims of a client assertion, with a fresh `jti`.
#[derive(Serialize)]
pub(in crate::auth) struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    jti: String,
    iat: u64,
    exp: u64,
}

impl<'a> Claims<'a> {
    pub(in crate::auth) fn new(issuer: &'a str, subject: &'a str, audience: &'a str) -> Result<Self, Error> {
        let iat = clock::numeric_date();
        let jti = random::uuid()?.to_string();
        Ok(Self { iss: issuer, sub: subject, aud: audience, jti, iat, exp: iat + LIFETIME })
    }
}

/// A token with these claims, signed by `signer` and for `key_id` (RFC 7515, section 5.1).
pub(in crate::auth) async fn signed(
    signer: &dyn Signer,
    key_id: &str,
    claims: &(impl Serialize + Sync),
) -> Result<Zeroizing<String>, Error> {
    let algorithm = signer.algorithm();
    let header = Header { alg: algorithm.as_str(), typ: "JWT", kid: key_id };
    let unsigned = Zeroizing::new(format!("{}.{}", encode(&header)?, encode(claims)?));
    let signature = Zeroizing::new(signer.sign(unsigned.as_bytes()).await?);
    algorithm.check_signature(&signature)?;
    let signature = Zeroizing::new(jwt::base64url(&*signature));
    // Sized beforehand: growing would leave a copy behind that nothing overwrites.
    let mut token = Zeroizing::new(String::with_capacity(unsigned.len() + 1 + signature.len()));
    token.push_str(&unsigned);
    token.push('.');
    token.push_str(&signature);
    Ok(token)
}

/// An assertion by the DID of `signer` about `subject`.
pub(in crate::auth) async fn by_did(
    signer: &dyn DidSigner,
    subject: &str,
    audience: &str,
) -> Result<Zeroizing<String>, Error> {
    let claims = Claims::new(signer.did(), subject, audience)?;
    signed(signer, signer.key_id(), &claims).await
}

/// A client assertion (RFC 7523, section 3) with which a DID proves itself to the token endpoint `audience`, once and within
/// 300 s: for calling
/// [`consumer_auth_token_endpoint`](crate::apis::ConsumerAuthApi::consumer_auth_token_endpoint) yourself.
/// [`ConsumerCredential`](crate::auth::ConsumerCredential) makes its own. It is a secret until it has been used.
///
/// ```
/// use affinidi_tdk_iam_client::auth;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), affinidi_tdk_iam_client::Error> {
/// let signer = auth::DidKeySigner::generate(auth::Algorithm::Es256)?;
/// let audience = "https://apse1.api.affinidi.io/iam/v1/consumer/oauth2/token";
/// let assertion = auth::client_assertion(&signer, audience).await?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// Whatever kept `signer` from signing.
pub async fn client_assertion(signer: &dyn DidSigner, audience: impl AsRef<str>) -> Result<String, Error> {
    let mut assertion = by_did(signer, signer.did(), audience.as_ref()).await?;
    Ok(std::mem::take(&mut *assertion))
}

fn encode(value: &impl Serialize) -> Result<String, Error> {
    let json = serde_json::to_vec(value)
        .map_err(|error| Error::invalid_input("a claim cannot be written as JSON").with_cause(error))?;
    Ok(jwt::base64url(json))
}

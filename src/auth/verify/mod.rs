//! Verifying tokens that callers send.

mod builder;
mod claims;
#[cfg(feature = "axum")]
mod extractor;
mod key_set;
#[cfg(feature = "tower")]
mod layer;
mod refusal;
mod rules;
mod subject;
mod verifying_key;

use std::fmt;
use std::sync::Arc;

use http::HeaderMap;
use serde::Deserialize;
use serde_json::{Map, Value};

pub use self::builder::TokenVerifierBuilder;
pub use self::claims::{Actor, TokenClaims};
use self::key_set::{KeySet, Keys};
#[cfg(feature = "tower")]
pub use self::layer::{VerificationLayer, VerificationService};
pub use self::refusal::Refusal;
use self::rules::Rules;
use super::signing::Algorithm;
use super::token::jwt::{self, Jwt};
use crate::error::{Error, TokenRejection};
use crate::support::clock;

/// Verifies project tokens or consumer tokens without asking the service about each: for services that receive them.
///
/// A verifier knows the issuer, the audience *and* whose tokens to accept: [`for_project`](Self::for_project) those of one project.
/// Issuer and audience are the same for every customer of the service, so they do not tell.
///
/// The public keys of the service are fetched when the first token comes, and again when a token names a key that is not among
/// them, when its signature does not verify, or when they are an hour old
/// ([`max_key_age`](TokenVerifierBuilder::max_key_age)), but not more often than
/// [`refetch_interval`](TokenVerifierBuilder::refetch_interval), whoever hangs up meanwhile. The rules are those of RFC 7519,
/// section 7.2, and RFC 8725: a key verifies with its own algorithm only, unsigned tokens and shared secrets do not exist, and
/// tokens of other kinds (user tokens, ID tokens, delegated tokens, …) are rejected, each with its own
/// [`TokenRejection`]. A clone shares the keys.
///
/// ```
/// use affinidi_tdk_iam_client::{Client, auth};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let iam = affinidi_iam_local::LocalIam::start().await?;
/// # let project_id = iam.seeds().project_id();
/// # let client = Client::builder().base_url(iam.base_url()).build()?;
/// let verifier = auth::TokenVerifier::for_project(&client, project_id)?;
/// # let token = "not-a-token";
/// match verifier.verify(token).await {
///     Ok(claims) => println!("{:?} in {:?}", claims.principal(), claims.project_id()),
///     Err(error) if error.is_token_rejected() => println!("rejected: {error} ({:?})", error.rejection()),
///     Err(error) => return Err(error.into()), // the keys could not be fetched: nothing is known about the token
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct TokenVerifier(Arc<Inner>);

struct Inner {
    keys: KeySet,
    rules: Rules,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
}

/// Longer than any token that fits into a header.
const LONGEST: usize = 64 * 1024;

impl TokenVerifier {
    /// The claims of `token`, the bare JSON Web Token, after every check.
    ///
    /// # Errors
    ///
    /// [`Error::is_token_rejected`] when a check fails; [`Error::rejection`] returns which. Every other error is about fetching the
    /// keys: nothing is known about the token then.
    pub async fn verify(&self, token: &str) -> Result<TokenClaims, Error> {
        let malformed = || {
            reject(
                TokenRejection::Format,
                "the token is not a signed JSON Web Token: it has three parts and no `Bearer` before them",
            )
        };
        let parts = Jwt::split(token).filter(|_| token.len() <= LONGEST).ok_or_else(malformed)?;
        let header: Map<String, Value> = jwt::read(parts.header).ok_or_else(malformed)?;
        // Extensions that must be understood (RFC 7515, section 4.1.11); none are.
        if header.contains_key("crit") {
            return Err(reject(
                TokenRejection::Format,
                "the token has extensions that must be understood and are not",
            ));
        }
        let header: Header = serde_json::from_value(Value::Object(header)).map_err(|_| malformed())?;
        let signature = jwt::from_base64url(parts.signature).ok_or_else(malformed)?;
        let rules = &self.0.rules;
        Rules::check_type(header.typ.as_deref())?;
        let algorithm = header.alg.parse().ok().filter(|algorithm| rules.algorithms.contains(algorithm));
        let algorithm = algorithm
            .ok_or_else(|| reject(TokenRejection::Algorithm, "the token's algorithm is not allowed"))?;
        let kid = header.kid.ok_or_else(|| reject(TokenRejection::Key, "the token has no `kid`"))?;

        let signed = Signed { kid: &kid, algorithm, message: parts.signed.as_bytes(), signature: &signature };
        let keys = self.0.keys.get().await?;
        if let Err(rejection) = signed.verify(&keys) {
            // The key may be new, or replaced under its old id.
            let newer = self.0.keys.newer_than(&keys).await?;
            newer.ok_or(rejection).and_then(|keys| signed.verify(&keys))?;
        }
        let claims: Option<Map<String, Value>> = jwt::read(parts.claims);
        let claims = claims.and_then(TokenClaims::read).ok_or_else(|| {
            reject(TokenRejection::Format, "the token's claims do not follow RFC 7519, or `exp` is missing")
        })?;
        rules.check(&claims, clock::date())?;
        Ok(claims)
    }

    /// The claims of the bearer token in the `authorization` header (RFC 6750, section 2.1) of a request, after every check.
    ///
    /// ```
    /// # use affinidi_tdk_iam_client::{auth, http};
    /// # async fn handle(verifier: &auth::TokenVerifier, request: http::Request<()>) -> http::Response<String> {
    /// match verifier.verify_headers(request.headers()).await {
    ///     Ok(claims) => http::Response::new(format!("hello, {:?}", claims.principal())),
    ///     Err(refusal) => {
    ///         let mut response = http::Response::new(refusal.to_string());
    ///         *response.status_mut() = refusal.status();
    ///         response.headers_mut().extend(refusal.headers());
    ///         response
    ///     }
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// A [`Refusal`]: what to respond with (RFC 6750, section 3.1).
    pub async fn verify_headers(&self, headers: &HeaderMap) -> Result<TokenClaims, Refusal> {
        let token = refusal::bearer_token(headers)?;
        self.verify(token).await.map_err(Refusal::of_error)
    }
}

/// What the signature of a token says.
struct Signed<'a> {
    kid: &'a str,
    algorithm: Algorithm,
    message: &'a [u8],
    signature: &'a [u8],
}

impl Signed<'_> {
    /// Tries all keys that fit.
    fn verify(&self, keys: &Keys) -> Result<(), Error> {
        let mut fitting = keys.with_id(self.kid).filter(|key| key.algorithm == self.algorithm).peekable();
        if fitting.peek().is_none() {
            return Err(reject(
                TokenRejection::Key,
                "the service has no key with the token's `kid` for the token's algorithm",
            ));
        }
        match fitting.any(|key| key.verifies(self.message, self.signature)) {
            true => Ok(()),
            false => Err(reject(TokenRejection::Signature, "the token's signature does not verify")),
        }
    }
}

fn reject(rejection: TokenRejection, why: &'static str) -> Error {
    Error::token_rejected(rejection, why)
}

impl fmt::Debug for TokenVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenVerifier").field("rules", &self.0.rules).finish_non_exhaustive()
    }
}

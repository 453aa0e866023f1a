//! Verifying tokens that somebody else sends.

mod claims;
mod key_set;
mod verifying_key;

use std::fmt;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

pub use self::claims::{Actor, TokenClaims};
use self::key_set::KeySet;
use super::signing::Algorithm;
use super::token::jwt::{self, Jwt};
use crate::client::Client;
use crate::error::{Error, TokenRejection};
use crate::support::clock;

/// Verifies project and consumer tokens without asking the service about each: for services that receive them.
///
/// The public keys of the service are fetched when the first token comes, and again when a token names a key that is not
/// among them, but not more often than [`refetch_interval`](TokenVerifierBuilder::refetch_interval). The rules are those of
/// RFC 7519, section 7.2, and RFC 8725: a key verifies with its own algorithm only, unsigned tokens and shared secrets do
/// not exist. A key that the service withdraws is trusted until the keys are fetched again.
///
/// ```
/// use affinidi_tdk_iam_client::{Client, auth};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let iam = affinidi_iam_local::LocalIam::start().await?; // leave out for the real service
/// let client = Client::builder().base_url(iam.base_url()).build()?;
/// let verifier =
///     auth::TokenVerifier::builder(&client).issuer(iam.base_url()).audience(iam.base_url()).build()?;
/// # let signer = auth::DidKeySigner::generate(auth::Algorithm::Es256)?;
/// # let consumer = auth::ConsumerCredential::builder().signer(signer).base_url(iam.base_url()).build()?;
/// # let token = consumer.token().await?;
/// # let token = token.secret();
/// match verifier.verify(token).await {
///     Ok(claims) => println!("{:?} may {:?}", claims.subject, claims.scope),
///     Err(error) if error.is_token_rejected() => println!("refused: {error} ({:?})", error.rejection()),
///     Err(error) => return Err(error.into()), // the keys could not be fetched
/// }
/// # Ok(())
/// # }
/// ```
pub struct TokenVerifier {
    keys: KeySet,
    rules: Rules,
}

/// What a token must be.
#[derive(Clone, Debug)]
struct Rules {
    algorithms: Vec<Algorithm>,
    issuers: Accepted,
    audiences: Accepted,
    leeway: Duration,
}

/// Which values of a claim are accepted.
#[derive(Clone, Debug, Default)]
enum Accepted {
    /// Nobody said.
    #[default]
    Unset,
    Any,
    OneOf(Vec<String>),
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    /// Extensions that must be understood (RFC 7515, section 4.1.11); none are.
    crit: Option<Value>,
}

/// Longer than any token that fits into a header.
const LONGEST: usize = 64 * 1024;

impl TokenVerifier {
    /// Starts building a verifier that fetches the keys of the service with `client`; it needs no credentials.
    pub fn builder(client: &Client) -> TokenVerifierBuilder {
        TokenVerifierBuilder {
            client: client.clone(),
            refetch_interval: Duration::from_secs(60),
            rules: Rules {
                algorithms: vec![Algorithm::Es256],
                issuers: Accepted::Unset,
                audiences: Accepted::Unset,
                leeway: Duration::from_secs(10),
            },
        }
    }

    /// The claims of `token`, the bare JSON Web Token, after every check.
    ///
    /// # Errors
    ///
    /// [`Error::is_token_rejected`] when a check fails; [`Error::rejection`] says which. Every other error is that of
    /// [`get_well_known_jwks`](crate::apis::WellKnownApi::get_well_known_jwks): nothing is known about the token then.
    pub async fn verify(&self, token: &str) -> Result<TokenClaims, Error> {
        let refuse = |rejection, why: &'static str| Error::token_rejected(rejection, why);
        let malformed = || refuse(TokenRejection::Format, "the token is no signed JSON Web Token");
        let parts = Jwt::split(token).filter(|_| token.len() <= LONGEST).ok_or_else(malformed)?;
        let header: Header = jwt::read(parts.header).ok_or_else(malformed)?;
        let signature = jwt::from_base64url(parts.signature).ok_or_else(malformed)?;
        if header.crit.is_some() {
            return Err(refuse(
                TokenRejection::Format,
                "the token has extensions that must be understood and are not",
            ));
        }
        let algorithm = header.alg.parse().ok().filter(|alg| self.rules.algorithms.contains(alg));
        let algorithm = algorithm
            .ok_or_else(|| refuse(TokenRejection::Algorithm, "the token's algorithm is not allowed"))?;

        let kid = header.kid.ok_or_else(|| refuse(TokenRejection::Key, "the token names no key"))?;
        let keys = self.keys.get(&kid).await?;
        let key = keys.iter().find(|key| key.algorithm == algorithm).ok_or_else(|| {
            refuse(
                TokenRejection::Key,
                "the service has no key with the token's `kid` for the token's algorithm",
            )
        })?;
        if !key.verifies(parts.signed.as_bytes(), &signature) {
            return Err(refuse(TokenRejection::Signature, "the token's signature does not verify"));
        }
        let claims = jwt::read(parts.claims).ok_or_else(|| {
            refuse(
                TokenRejection::Format,
                "the token's claims are not what RFC 7519 says, or `exp` is missing",
            )
        })?;
        self.rules.check(&claims)?;
        Ok(claims)
    }
}

impl Rules {
    fn check(&self, claims: &TokenClaims) -> Result<(), Error> {
        let now = Duration::from_secs(clock::numeric_date()).as_secs_f64();
        let leeway = self.leeway.as_secs_f64();
        if now >= claims.expires_at + leeway {
            return Err(Error::token_rejected(TokenRejection::Expiration, "the token has expired"));
        }
        if claims.not_before.is_some_and(|not_before| not_before > now + leeway) {
            return Err(Error::token_rejected(TokenRejection::NotBefore, "the token is not valid yet"));
        }
        if !self.issuers.accepts(claims.issuer.as_slice()) {
            return Err(Error::token_rejected(TokenRejection::Issuer, "the token is from another issuer"));
        }
        if !self.audiences.accepts(&claims.audience) {
            return Err(Error::token_rejected(TokenRejection::Audience, "the token is for another audience"));
        }
        Ok(())
    }
}

impl Accepted {
    fn accepts(&self, values: &[String]) -> bool {
        match self {
            Self::Unset => false,
            Self::Any => true,
            Self::OneOf(accepted) => values.iter().any(|value| accepted.contains(value)),
        }
    }

    fn add(&mut self, value: String) {
        match self {
            Self::OneOf(accepted) => accepted.push(value),
            Self::Unset | Self::Any => *self = Self::OneOf(vec![value]),
        }
    }

    fn is_unset(&self) -> bool {
        matches!(self, Self::Unset)
    }
}

impl fmt::Debug for TokenVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenVerifier").field("rules", &self.rules).finish_non_exhaustive()
    }
}

/// Builds a [`TokenVerifier`], where an example is. Issuer and audience must be said, even if any will do.
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct TokenVerifierBuilder {
    client: Client,
    refetch_interval: Duration,
    rules: Rules,
}

impl TokenVerifierBuilder {
    /// Accepts tokens from this issuer (`iss`). Can be called several times.
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.rules.issuers.add(issuer.into());
        self
    }

    /// Accepts tokens whatever their issuer: whoever the service's keys sign for.
    pub fn any_issuer(mut self) -> Self {
        self.rules.issuers = Accepted::Any;
        self
    }

    /// Accepts tokens for this audience (`aud`). Can be called several times.
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.rules.audiences.add(audience.into());
        self
    }

    /// Accepts tokens whatever their audience, also those that were issued for the use of others.
    pub fn any_audience(mut self) -> Self {
        self.rules.audiences = Accepted::Any;
        self
    }

    /// The algorithms that tokens may be signed with. Default: ES256 only.
    pub fn algorithms(mut self, algorithms: impl IntoIterator<Item = Algorithm>) -> Self {
        self.rules.algorithms = algorithms.into_iter().collect();
        self
    }

    /// How far the clock of the issuer may be from this machine's. Default: 10 s.
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.rules.leeway = leeway;
        self
    }

    /// How often an unknown key makes the verifier fetch the keys again, at most. Default: once in 60 s. After a fetch that
    /// failed it asks again sooner, with pauses that grow from a fraction of a second up to this; until then verification
    /// fails with the error of that fetch.
    pub fn refetch_interval(mut self, interval: Duration) -> Self {
        self.refetch_interval = interval;
        self
    }

    /// Makes the verifier; nothing is fetched yet.
    ///
    /// # Errors
    ///
    /// [`Error::is_configuration`] when issuer, audience or algorithms are not said.
    pub fn build(self) -> Result<TokenVerifier, Error> {
        let unset = |what| Err(Error::configuration(what));
        if self.rules.issuers.is_unset() {
            return unset("the verifier does not know whose tokens to accept: set `issuer`, or `any_issuer`");
        }
        if self.rules.audiences.is_unset() {
            return unset(
                "the verifier does not know whom tokens are for: set `audience`, or `any_audience`",
            );
        }
        if self.rules.algorithms.is_empty() {
            return unset("the verifier accepts no algorithm: name one");
        }
        Ok(TokenVerifier { keys: KeySet::new(self.client, self.refetch_interval), rules: self.rules })
    }
}

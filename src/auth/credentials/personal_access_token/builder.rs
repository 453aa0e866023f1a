//! Building a personal access token.

use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::{PatIdentity, PersonalAccessToken, UserTokens};
use crate::auth::credentials::issuer::{Issuer, IssuerSettings, issuer_setters, name_in_store};
use crate::auth::signing::{Algorithm, LocalSigner, Signer, SigningKey};
use crate::client::{NamedUrl, Variables};
use crate::error::Error;
use crate::models;
use crate::support::redact::Redacted;

impl PersonalAccessToken {
    /// Starts building a credential.
    pub fn builder() -> PersonalAccessTokenBuilder {
        PersonalAccessTokenBuilder::default()
    }

    /// The credential that the environment variables of the official clients describe; see
    /// [`PersonalAccessTokenBuilder::from_env`].
    ///
    /// # Errors
    ///
    /// Those of [`PersonalAccessTokenBuilder::from_env`] and of [`PersonalAccessTokenBuilder::build`].
    pub fn from_env() -> Result<Self, Error> {
        Self::builder().from_env()?.build()
    }

    /// The credential of a client's environment variables, if one is there; its address is the client's.
    pub(crate) fn from_variables(variables: &Variables<'_>) -> Result<Option<Self>, Error> {
        match (variables.get(TOKEN_ID)?, variables.secret(PRIVATE_KEY)?) {
            (None, None) => Ok(None),
            _ => Self::builder().with_identity_of(variables)?.build().map(Some),
        }
    }
}

/// Builder for [`PersonalAccessToken`] (see its example). `token_id` and a key are required.
#[derive(Default)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct PersonalAccessTokenBuilder {
    token_id: Option<String>,
    project_id: Option<String>,
    key_id: Option<String>,
    key: Option<Key>,
    passphrase: Option<Zeroizing<String>>,
    algorithm: Option<models::SigningAlgorithm>,
    token_endpoint: Option<NamedUrl>,
    issuer: IssuerSettings,
}

/// Where the private key is.
enum Key {
    Pem(Zeroizing<String>),
    /// In the environment, which errors then say.
    Variable(Zeroizing<String>),
    Signer(Box<dyn Signer>),
}

const TOKEN_ID: &str = "TOKEN_ID";
const PRIVATE_KEY: &str = "PRIVATE_KEY";

impl PersonalAccessTokenBuilder {
    /// The id of the personal access token.
    pub fn token_id(mut self, id: impl fmt::Display) -> Self {
        self.token_id = Some(id.to_string());
        self
    }

    /// The project that project tokens are for. Not needed for user tokens.
    pub fn project_id(mut self, id: impl fmt::Display) -> Self {
        self.project_id = Some(id.to_string());
        self
    }

    /// The id under which the public key is registered: the `kid` of the assertion. Default, also when empty: that of the
    /// [`signer`](Self::signer), and without one the token id.
    pub fn key_id(mut self, id: impl fmt::Display) -> Self {
        self.key_id = Some(id.to_string());
        self
    }

    /// The private key in PEM (RFC 7468): PKCS#8, encrypted or not, PKCS#1 or SEC 1; RSA of at least 2048 bits, P-256 or P-521.
    /// Line ends may be the two characters `\n`, and quotes may be around the text, as happens in environment variables. The label
    /// does not matter beyond whether the key is encrypted.
    pub fn private_key_pem(mut self, pem: impl Into<String>) -> Self {
        self.key = Some(Key::Pem(Zeroizing::new(pem.into())));
        self
    }

    /// Signs with a key that is elsewhere, such as in a hardware module or a key management service: RS256, RS512, ES256 or ES512. Of
    /// this and the methods that set a private key the last one counts. Each token is signed for once, within the
    /// [`fetch_timeout`](Self::fetch_timeout).
    pub fn signer(mut self, signer: impl Signer) -> Self {
        self.key = Some(Key::Signer(Box::new(signer)));
        self
    }

    /// The passphrase of an encrypted private key. An empty one counts as unset. One that does not open the key is tried once more
    /// without the white space and quotes around it, which mounted files and environment variables bring along.
    pub fn passphrase(mut self, passphrase: impl Into<String>) -> Self {
        self.passphrase = Some(Zeroizing::new(passphrase.into()));
        self
    }

    /// The algorithm of the assertion, a [`models::SigningAlgorithm`] or an [`Algorithm`]. Default: `RS256` for an RSA key, and
    /// for an elliptic curve the one algorithm of its curve.
    pub fn algorithm(mut self, algorithm: impl Into<models::SigningAlgorithm>) -> Self {
        self.algorithm = Some(algorithm.into());
        self
    }

    /// The URL that exchanges the assertion for a user token; it is also the assertion's audience. Default: that of the
    /// environment.
    pub fn token_endpoint(mut self, url: impl AsRef<str>) -> Self {
        self.token_endpoint = Some(NamedUrl { name: "token endpoint", text: url.as_ref().to_owned() });
        self
    }

    /// Takes from the environment variables of the official clients what is not set here: `TOKEN_ID`, `PRIVATE_KEY`,
    /// `PASSPHRASE`, `KEY_ID`, `PROJECT_ID`, `TOKEN_ENDPOINT`, and `AFFINIDI_TDK_ENVIRONMENT` or `API_GATEWAY_URL`. White space and
    /// quotes around a value do not count, and a variable that has nothing else counts as unset. `API_GATEWAY_URL` may end with
    /// `/iam`.
    ///
    /// # Errors
    ///
    /// [`Error::is_configuration`] when a variable has a value that is not known or cannot be read.
    pub fn from_env(self) -> Result<Self, Error> {
        self.with_variables(&Variables::of_process())
    }

    pub(crate) fn with_variables(mut self, variables: &Variables<'_>) -> Result<Self, Error> {
        self.issuer.client = self.issuer.client.with_address_of(variables)?;
        self.with_identity_of(variables)
    }

    /// The identity of the credential, unless it is set.
    fn with_identity_of(mut self, variables: &Variables<'_>) -> Result<Self, Error> {
        for (field, name) in [
            (&mut self.token_id, TOKEN_ID),
            (&mut self.project_id, "PROJECT_ID"),
            (&mut self.key_id, "KEY_ID"),
        ] {
            if field.is_none() {
                *field = variables.get(name)?;
            }
        }
        if self.key.is_none() {
            self.key = variables.secret(PRIVATE_KEY)?.map(Key::Variable);
        }
        if self.passphrase.is_none() {
            self.passphrase = variables.secret("PASSPHRASE")?;
        }
        if self.token_endpoint.is_none() {
            self.token_endpoint = variables.token_endpoint()?;
        }
        Ok(self)
    }

    /// Makes the credential: decrypts and parses the key, once. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`Error::is_configuration`], each with its own text: token id or key missing; the key not in PEM, damaged, public, of
    /// a type or encryption that is not supported, RSA below 2048 bits; a passphrase missing or wrong; an algorithm that does
    /// not fit the key; a signer of another algorithm.
    pub fn build(self) -> Result<PersonalAccessToken, Error> {
        let token_id = present(self.token_id).ok_or_else(|| {
            Error::configuration("the personal access token has no id: set `token_id` (TOKEN_ID)")
        })?;
        let key = self.key.ok_or_else(|| {
            Error::configuration(
                "the personal access token has no private key: set `private_key_pem` (PRIVATE_KEY) or `signer`",
            )
        })?;
        let algorithm = match self.algorithm {
            Some(algorithm) => Some(algorithm.as_str().parse()?),
            None => None,
        };
        let passphrase = self.passphrase.as_deref().map(String::as_str);
        let local = |pem: &str| {
            let mut key = SigningKey::from_pem(pem, passphrase)?;
            if let Some(algorithm) = algorithm {
                key = key.with_algorithm(algorithm)?;
            }
            Ok(Box::new(LocalSigner::new(token_id.clone(), key)) as Box<dyn Signer>)
        };
        let signer = match key {
            Key::Pem(pem) => local(&pem),
            Key::Variable(pem) => local(&pem).map_err(|error: Error| {
                Error::configuration(format!("the environment variable {PRIVATE_KEY}: {error}"))
            }),
            Key::Signer(signer) => Ok(signer),
        }?;
        check(signer.algorithm(), algorithm)?;
        let key_id = present(self.key_id).or_else(|| present(Some(signer.key_id().to_owned())));
        let identity = Arc::new(PatIdentity {
            key_id: key_id.unwrap_or_else(|| token_id.clone()),
            signer,
            issuer: Issuer::new(self.issuer),
            token_endpoint: self.token_endpoint,
            token_id,
        });
        let named = identity.clone();
        let name = move || {
            let endpoint = named.token_endpoint()?;
            Ok(name_in_store("user-token", &[endpoint.base_url().as_str(), &named.token_id]))
        };
        let user = identity.issuer.cache(UserTokens(identity.clone()), "fetching the user token", name);
        let credential = PersonalAccessToken { identity, user, projects: Arc::default(), project: None };
        Ok(match present(self.project_id) {
            Some(id) => credential.for_project(id),
            None => credential,
        })
    }
}

issuer_setters!(PersonalAccessTokenBuilder);

/// Refuses a key that does not sign what personal access tokens do, or what is `wanted`.
fn check(own: Algorithm, wanted: Option<Algorithm>) -> Result<(), Error> {
    if matches!(own, Algorithm::Es256k | Algorithm::EdDsa) {
        return Err(Error::configuration(format!(
            "the private key signs {own}, and personal access tokens sign RS256, RS512, ES256 or ES512"
        )));
    }
    match wanted.filter(|wanted| *wanted != own) {
        None => Ok(()),
        Some(wanted) => {
            Err(Error::configuration(format!("the algorithm is {wanted}, and the signer signs {own}")))
        }
    }
}

fn present(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

impl fmt::Debug for PersonalAccessTokenBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PersonalAccessTokenBuilder")
            .field("token_id", &self.token_id)
            .field("project_id", &self.project_id)
            .field("key_id", &self.key_id)
            .field("key", &self.key)
            .field("passphrase", &self.passphrase.as_ref().map(|_| Redacted))
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pem(_) => f.debug_tuple("Pem").field(&Redacted).finish(),
            Self::Variable(_) => f.debug_tuple("Variable").field(&Redacted).finish(),
            Self::Signer(signer) => f.debug_tuple("Signer").field(&signer.key_id()).finish(),
        }
    }
}

//! Building a personal access token.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::key::KeySource;
use super::key_text::Passphrase;
use super::{PatIdentity, PersonalAccessToken, UserTokens};
use crate::auth::credentials::issuer::{Issuer, IssuerSettings, issuer_setters, name_in_store};
use crate::auth::signing::Signer;
use crate::client::{NamedUrl, Variables};
use crate::error::Error;
use crate::models;

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
        match (variables.get(TOKEN_ID)?, KeySource::of(variables)?) {
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
    key: Option<KeySource>,
    passphrase: Option<Passphrase>,
    algorithm: Option<models::SigningAlgorithm>,
    token_endpoint: Option<NamedUrl>,
    issuer: IssuerSettings,
}

const TOKEN_ID: &str = "TOKEN_ID";

impl PersonalAccessTokenBuilder {
    /// The id of the personal access token.
    pub fn token_id(mut self, id: impl fmt::Display) -> Self {
        self.token_id = Some(id.to_string());
        self
    }

    /// The project that project tokens are for, by its UUID. Not needed for user tokens.
    pub fn project_id(mut self, id: impl fmt::Display) -> Self {
        self.project_id = Some(id.to_string());
        self
    }

    /// The id under which the public key is registered: the `kid` of the assertion. Default, also when empty: that of the
    /// [`signer`](Self::signer) or of the JSON Web Key, and without one the token id.
    pub fn key_id(mut self, id: impl fmt::Display) -> Self {
        self.key_id = Some(id.to_string());
        self
    }

    /// The private key in PEM (RFC 7468): PKCS#8, encrypted or not, PKCS#1 or SEC 1; RSA of at least 2048 bits, P-256 or P-521.
    /// Line ends may be the two characters `\n`, and quotes may be around the text, as happens in environment variables. The label
    /// does not matter beyond whether the key is encrypted.
    pub fn private_key_pem(mut self, pem: impl Into<String>) -> Self {
        self.key = Some(KeySource::Pem(Zeroizing::new(pem.into())));
        self
    }

    /// The private key as a JSON Web Key (RFC 7517): EC on P-256 or P-521, or RSA of at least 2048 bits. Its `kid`, if it has one,
    /// is the default of [`key_id`](Self::key_id), and its `alg` that of [`algorithm`](Self::algorithm).
    pub fn private_key_jwk(mut self, jwk: impl Into<String>) -> Self {
        self.key = Some(KeySource::Jwk(Zeroizing::new(jwk.into())));
        self
    }

    /// The file that holds the private key, in PEM or as a JSON Web Key, and may be replaced while the program runs, as mounted
    /// secrets of Kubernetes are.
    ///
    /// It is read when the credential is built, and again before an assertion if its time of change or its length differs, or if
    /// the service refuses the key. A text that cannot be used, such as a half-written one, does no harm: the old key signs, and
    /// the next assertion reads again. `build` reads it in place; later it is read on the threads that tokio has for blocking work.
    pub fn private_key_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.key = Some(KeySource::File(path.into()));
        self
    }

    /// Signs with a key that is elsewhere, such as in a hardware module or a key management service: RS256, RS512, ES256 or ES512.
    /// Of this and the methods that set a private key the last one counts. Each token is signed for once, within the
    /// [`fetch_timeout`](Self::fetch_timeout).
    pub fn signer(mut self, signer: impl Signer) -> Self {
        self.key = Some(KeySource::Signer(Arc::new(signer)));
        self
    }

    /// The passphrase of an encrypted private key. An empty one counts as unset. One that does not open the key is tried once more
    /// without the white space and quotes around it, which mounted files and environment variables bring along.
    pub fn passphrase(mut self, passphrase: impl Into<String>) -> Self {
        self.passphrase = Some(Passphrase::Text(Zeroizing::new(passphrase.into())));
        self
    }

    /// The file that holds the passphrase of an encrypted private key. It is read whenever the key is.
    pub fn passphrase_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.passphrase = Some(Passphrase::File(path.into()));
        self
    }

    /// The algorithm of the assertion, a [`models::SigningAlgorithm`] or an [`Algorithm`](crate::auth::Algorithm). Default: `RS256`
    /// for an RSA key, and for an elliptic curve the one algorithm of its curve.
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

    /// Takes from the environment variables of the official clients what is not set here: `TOKEN_ID`, `PRIVATE_KEY`, `PASSPHRASE`,
    /// `KEY_ID`, `PROJECT_ID`, `TOKEN_ENDPOINT`, and `AFFINIDI_TDK_ENVIRONMENT` or `API_GATEWAY_URL`. Beyond those of the official
    /// clients, `PRIVATE_KEY_FILE` and `PASSPHRASE_FILE` name files; see [`private_key_file`](Self::private_key_file).
    /// `PRIVATE_KEY` may be a JSON Web Key too. White space and quotes around a value do not count, and a variable that has nothing
    /// else counts as unset. `API_GATEWAY_URL` may end with `/iam`.
    ///
    /// # Errors
    ///
    /// [`Error::is_configuration`] when a variable has a value that is not known or cannot be read, or a secret and its file are
    /// both set.
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
            self.key = KeySource::of(variables)?;
        }
        if self.passphrase.is_none() {
            self.passphrase = Passphrase::of(variables)?;
        }
        if self.token_endpoint.is_none() {
            self.token_endpoint = variables.token_endpoint()?;
        }
        Ok(self)
    }

    /// Makes the credential: decrypts and parses the key, once unless it is in a file. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`Error::is_configuration`], each with its own text: token id or key missing; a project id that is not a UUID; a file not
    /// readable; the key not in PEM,
    /// damaged, public, of a type or encryption that is not supported, RSA below 2048 bits; a passphrase missing or wrong; an
    /// algorithm that does not fit the key; a signer of another algorithm.
    pub fn build(self) -> Result<PersonalAccessToken, Error> {
        let token_id = present(self.token_id).ok_or_else(|| {
            Error::configuration("the personal access token has no id: set `token_id` (TOKEN_ID)")
        })?;
        let key = self.key.ok_or_else(|| {
            Error::configuration(
                "the personal access token has no private key: set `private_key_pem` (PRIVATE_KEY), `private_key_file` \
                 (PRIVATE_KEY_FILE) or `signer`",
            )
        })?;
        let algorithm = match self.algorithm {
            Some(algorithm) => Some(algorithm.as_str().parse()?),
            None => None,
        };
        let identity = Arc::new(PatIdentity {
            key_id: present(self.key_id),
            key: key.open(self.passphrase, algorithm)?,
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
        let Some(id) = present(self.project_id) else { return Ok(credential) };
        let credential = credential.for_project(id);
        credential.project()?;
        Ok(credential)
    }
}

issuer_setters!(PersonalAccessTokenBuilder);

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
            .field("passphrase", &self.passphrase)
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

//! What credentials add to a client: builder methods, and reading the environment.

use std::sync::Arc;

use super::{ConsumerCredential, PersonalAccessToken};
use crate::auth::token::TokenProvider;
use crate::call::Credentials;
use crate::client::{Client, ClientBuilder, Credential, Variables};
use crate::error::Error;

impl Client {
    /// A client with the address and the credential that the environment variables of the official clients name: the same
    /// as `Client::builder().from_env()?.build()`. See [`ClientBuilder::from_env`].
    ///
    /// # Errors
    ///
    /// Those of [`ClientBuilder::from_env`] and of [`ClientBuilder::build`].
    pub fn from_env() -> Result<Self, Error> {
        Self::builder().from_env()?.build()
    }

    /// The same as [`from_env`](Self::from_env) for a program that cannot do without a credential: it fails at its start instead of at
    /// its first call. The same as `Client::builder().from_env_required()?.build()`.
    ///
    /// # Errors
    ///
    /// Those of [`ClientBuilder::from_env_required`] and of [`ClientBuilder::build`].
    pub fn from_env_required() -> Result<Self, Error> {
        Self::builder().from_env_required()?.build()
    }

    /// The same client for another machine user: user tokens and, if it has a project, project tokens come from `credential`, and
    /// nothing of the former ones is left. It shares connections, limits and retry budget with this one, so a client for each
    /// tenant costs little.
    ///
    /// ```
    /// use affinidi_tdk_iam_client::auth::PersonalAccessToken;
    /// use affinidi_tdk_iam_client::{Client, Error};
    ///
    /// fn client_of_tenant(client: &Client, token_id: &str, pem: &str) -> Result<Client, Error> {
    ///     let credential = PersonalAccessToken::builder().token_id(token_id).private_key_pem(pem).build()?;
    ///     client.with_personal_access_token(credential)
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`ClientBuilder::build`] that concern the credential.
    pub fn with_personal_access_token(&self, credential: PersonalAccessToken) -> Result<Self, Error> {
        let mut credentials =
            Credentials { user_token: None, project_token: None, ..self.settings().credentials.clone() };
        credential.serve(self, &mut credentials)?;
        Ok(self.with_credentials(credentials))
    }

    /// The same client for another consumer; see [`with_personal_access_token`](Self::with_personal_access_token).
    ///
    /// # Errors
    ///
    /// Those of [`ClientBuilder::build`] that concern the credential.
    pub fn with_consumer_credential(&self, credential: ConsumerCredential) -> Result<Self, Error> {
        let mut credentials = Credentials { consumer_token: None, ..self.settings().credentials.clone() };
        credential.serve(self, &mut credentials)?;
        Ok(self.with_credentials(credentials))
    }

    /// The same client with another provider of user tokens. It shares connections, limits and retry budget with this one.
    #[must_use]
    pub fn with_user_token(&self, provider: impl TokenProvider) -> Self {
        let user_token: Option<Arc<dyn TokenProvider>> = Some(Arc::new(provider));
        self.with_credentials(Credentials { user_token, ..self.settings().credentials.clone() })
    }

    /// The same client with another provider of project tokens. It shares connections, limits and retry budget with this one.
    #[must_use]
    pub fn with_project_token(&self, provider: impl TokenProvider) -> Self {
        let project_token: Option<Arc<dyn TokenProvider>> = Some(Arc::new(provider));
        self.with_credentials(Credentials { project_token, ..self.settings().credentials.clone() })
    }
}

impl ClientBuilder {
    /// Supplies user tokens and, if it has a project, project tokens from one credential. What the credential's builder
    /// leaves unset is taken from this client: base URL, environment and transport. A provider that
    /// [`user_token`](Self::user_token) or [`project_token`](Self::project_token) sets takes precedence.
    pub fn personal_access_token(self, credential: PersonalAccessToken) -> Self {
        self.user_credential(Arc::new(credential))
    }

    /// Supplies consumer tokens from a credential. What the credential's builder leaves unset is taken from this client: base
    /// URL, environment and transport. A provider that [`consumer_token`](Self::consumer_token) sets takes precedence.
    pub fn consumer_credential(self, credential: ConsumerCredential) -> Self {
        self.consumer(Arc::new(credential))
    }

    /// Takes from the environment variables of the official clients what is not set here: `AFFINIDI_TDK_ENVIRONMENT` or
    /// `API_GATEWAY_URL`, and a [`PersonalAccessToken`] if one of `TOKEN_ID` and `PRIVATE_KEY` is set; see
    /// [`PersonalAccessTokenBuilder::from_env`](crate::auth::PersonalAccessTokenBuilder::from_env), also for what is around their
    /// values.
    ///
    /// # Errors
    ///
    /// [`Error::is_configuration`] when a variable has a value that is not known or cannot be read, or is missing beside one
    /// that needs it.
    pub fn from_env(self) -> Result<Self, Error> {
        self.with_variables(&Variables::of_process())
    }

    /// The same as [`from_env`](Self::from_env), except that there must be a [`PersonalAccessToken`]: from the environment, or set
    /// before.
    ///
    /// # Errors
    ///
    /// Those of [`from_env`](Self::from_env), and [`Error::is_configuration`] when neither `TOKEN_ID` nor a private key is set.
    pub fn from_env_required(self) -> Result<Self, Error> {
        self.with_required_variables(&Variables::of_process())
    }

    fn with_required_variables(self, variables: &Variables<'_>) -> Result<Self, Error> {
        let builder = self.with_variables(variables)?;
        if builder.has_user_credential() {
            return Ok(builder);
        }
        Err(Error::configuration(
            "the environment has no credential: set the variables TOKEN_ID and PRIVATE_KEY (or PRIVATE_KEY_FILE), for project tokens \
             PROJECT_ID too; check their names, and that the secret is mounted",
        ))
    }

    pub(crate) fn with_variables(mut self, variables: &Variables<'_>) -> Result<Self, Error> {
        self = self.with_address_of(variables)?;
        if !self.has_user_credential()
            && let Some(credential) = PersonalAccessToken::from_variables(variables)?
        {
            self = self.personal_access_token(credential);
        }
        Ok(self)
    }
}

impl Credential for PersonalAccessToken {
    fn serve(&self, client: &Client, credentials: &mut Credentials) -> Result<(), Error> {
        self.bind(client)?;
        credentials.user_token.get_or_insert_with(|| Arc::new(self.user_tokens()));
        if self.has_project() {
            let tokens = self.project_tokens()?;
            credentials.project_token.get_or_insert_with(|| Arc::new(tokens));
        }
        Ok(())
    }
}

impl Credential for ConsumerCredential {
    fn serve(&self, client: &Client, credentials: &mut Credentials) -> Result<(), Error> {
        self.bind(client)?;
        credentials.consumer_token.get_or_insert_with(|| Arc::new(self.tokens()));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use crate::auth::PersonalAccessToken;
    use crate::client::{Environment, Region, Variables};
    use crate::transport::{Transport, TransportError, TransportFuture, TransportRequest};
    use crate::{Client, ClientBuilder, Error};

    const KEY: &str = include_str!("../../../tests/auth/keys/p256.pem");
    const GATEWAY: &str = "https://gateway.example.org";

    /// Says where it was asked to send to, in its error.
    struct Destination;

    impl Transport for Destination {
        fn send(&self, request: TransportRequest) -> TransportFuture<'_> {
            Box::pin(async move { Err(TransportError::other(request.url.to_string())) })
        }
    }

    fn builder(variables: &[(&str, &str)], builder: ClientBuilder) -> Result<Client, Error> {
        let lookup = |name: &str| {
            let value = variables.iter().find(|(variable, _)| *variable == name);
            value.map(|(_, value)| OsString::from(value))
        };
        builder.with_variables(&Variables::of(&lookup))?.transport(Destination).build()
    }

    fn client(variables: &[(&str, &str)]) -> Result<Client, Error> {
        builder(variables, Client::builder())
    }

    /// Where a user token is fetched.
    async fn token_endpoint(client: &Client) -> String {
        let error = client.sts().whoami().await.unwrap_err();
        assert!(error.is_credential(), "{error}");
        error.get_ref().unwrap().to_string()
    }

    #[tokio::test]
    async fn the_variables_of_the_official_clients_make_a_client_with_a_credential() {
        let identity = [
            ("TOKEN_ID", "t"),
            ("PRIVATE_KEY", KEY),
            ("PROJECT_ID", "9de103a4-35d7-4b0f-8aa2-9dcd8ee4b321"),
            ("KEY_ID", ""),
            ("PASSPHRASE", ""),
        ];
        let client = client(&identity).unwrap();
        assert_eq!(client.base_url().as_str(), "https://apse1.api.affinidi.io/iam");
        assert_eq!(token_endpoint(&client).await, Environment::Production.token_endpoint());
        assert!(!client.policies().get_policies("x", "token".into()).await.unwrap_err().is_missing_token());

        let variables = [&identity[..], &[("AFFINIDI_TDK_ENVIRONMENT", "dev")]].concat();
        let client = self::client(&variables).unwrap();
        assert_eq!(client.base_url().as_str(), "https://apse1.dev.api.affinidi.io/iam");
        assert_eq!(token_endpoint(&client).await, Environment::Development.token_endpoint());

        let addresses = [("API_GATEWAY_URL", GATEWAY), ("TOKEN_ENDPOINT", "https://auth.example.org/token")];
        let client = self::client(&[&identity[..], &addresses].concat()).unwrap();
        assert_eq!(client.base_url().as_str(), format!("{GATEWAY}/iam"));
        assert_eq!(token_endpoint(&client).await, "https://auth.example.org/token");
    }

    #[tokio::test]
    async fn without_variables_there_is_a_client_of_production_without_credentials() {
        let client = client(&[("TOKEN_ID", ""), ("API_GATEWAY_URL", "")]).unwrap();
        assert_eq!(client.base_url().as_str(), "https://apse1.api.affinidi.io/iam");
        assert!(client.sts().whoami().await.unwrap_err().is_missing_token());
    }

    #[tokio::test]
    async fn an_empty_environment_names_its_variables_at_the_start_or_at_the_first_call() {
        let empty = |_: &str| None;
        let variables = Variables::of(&empty);
        let error = Client::builder().with_required_variables(&variables).err().unwrap();
        assert!(error.is_configuration(), "{error}");
        let client = Client::builder().with_variables(&variables).unwrap().transport(Destination).build();
        let client = client.unwrap();
        let user = client.sts().whoami().await.unwrap_err();
        let project = client.projects().list_principals_of_project().await.unwrap_err();
        assert!(project.to_string().contains("PROJECT_ID"), "{project}");
        for error in [error, user, project] {
            let text = error.to_string();
            assert!(text.contains("TOKEN_ID") && text.contains("PRIVATE_KEY"), "{text}");
        }
    }

    #[test]
    fn with_a_credential_the_required_form_does_what_the_other_does() {
        let lookup = |name: &str| match name {
            "TOKEN_ID" => Some(OsString::from("t")),
            "PRIVATE_KEY" => Some(OsString::from(KEY)),
            _ => None,
        };
        assert!(Client::builder().with_required_variables(&Variables::of(&lookup)).is_ok());
        let credential = PersonalAccessToken::builder().token_id("t").private_key_pem(KEY).build().unwrap();
        let empty = |_: &str| None;
        let set_before = Client::builder().personal_access_token(credential);
        assert!(set_before.with_required_variables(&Variables::of(&empty)).is_ok());
        let incomplete = |name: &str| (name == "TOKEN_ID").then(|| OsString::from("t"));
        let error = Client::builder().with_required_variables(&Variables::of(&incomplete)).err().unwrap();
        assert!(error.to_string().contains("PRIVATE_KEY"), "{error}");
    }

    #[test]
    fn an_explicit_setting_wins_over_the_environment() {
        let variables = [("API_GATEWAY_URL", GATEWAY), ("AFFINIDI_TDK_ENVIRONMENT", "dev")];
        for (explicit, expected) in [
            (Client::builder().base_url("https://own.example.org/iam"), "https://own.example.org/iam"),
            (Client::builder().environment(Environment::Production), "https://apse1.api.affinidi.io/iam"),
            (Client::builder().region(Region::Use1), "https://use1.dev.api.affinidi.io/iam"),
        ] {
            assert_eq!(builder(&variables, explicit).unwrap().base_url().as_str(), expected);
        }
    }

    #[test]
    fn variables_that_cannot_be_used_are_errors_that_say_what_can() {
        for (variables, expected) in [
            ([("AFFINIDI_TDK_ENVIRONMENT", "staging"), ("", "")], "`prod`, `dev` and `local`"),
            ([("TOKEN_ID", "t"), ("", "")], "PRIVATE_KEY"),
            ([("PRIVATE_KEY", KEY), ("", "")], "TOKEN_ID"),
            (
                [("PRIVATE_KEY", "hunter2"), ("TOKEN_ID", "t")],
                "variable PRIVATE_KEY: the text is not a PEM-encoded",
            ),
            ([("PRIVATE_KEY", "/run/hunter2.pem"), ("TOKEN_ID", "t")], "the name of a file"),
            (
                [("PRIVATE_KEY", "hunter2"), ("PRIVATE_KEY_FILE", "hunter2")],
                "PRIVATE_KEY and PRIVATE_KEY_FILE",
            ),
            ([("PRIVATE_KEY_FILE", "/hunter2"), ("TOKEN_ID", "t")], "(PRIVATE_KEY_FILE) cannot be read"),
            ([("PRIVATE_KEY_FILE", KEY), ("TOKEN_ID", "t")], "(PRIVATE_KEY_FILE) is the text of a key"),
            ([("PRIVATE_KEY_FILE", "/hunter2"), ("", "")], "TOKEN_ID"),
            ([("API_GATEWAY_URL", "gateway"), ("", "")], "API_GATEWAY_URL"),
            ([("API_GATEWAY_URL", "http://example.org"), ("", "")], "API_GATEWAY_URL"),
            ([("PRIVATE_KEY", "\"\""), ("TOKEN_ID", "t")], "PRIVATE_KEY"),
        ] {
            let error = client(&variables).unwrap_err();
            assert!(error.is_configuration() && error.to_string().contains(expected), "{error}");
            assert!(!format!("{error:?}").contains("hunter2"));
        }
    }

    #[test]
    fn key_and_passphrase_may_be_in_files() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/auth/keys");
        let (key, jwk) = (
            format!(" {folder}/p256-pbkdf2-sha512-aes192.pem\n"),
            include_str!("../../../tests/auth/keys/p256.jwk"),
        );
        let passphrase = std::env::temp_dir().join(format!("iam-passphrase-{}", std::process::id()));
        std::fs::write(&passphrase, "opensesame\n").unwrap();
        let passphrase_file = ("PASSPHRASE_FILE", passphrase.to_str().unwrap());
        client(&[("TOKEN_ID", "t"), ("PRIVATE_KEY_FILE", &key), passphrase_file]).unwrap();
        client(&[("TOKEN_ID", "t"), ("PRIVATE_KEY_FILE", &key), ("PASSPHRASE", "opensesame")]).unwrap();
        client(&[("TOKEN_ID", "t"), ("PRIVATE_KEY", jwk)]).unwrap();
        let variables =
            [("TOKEN_ID", "t"), ("PRIVATE_KEY_FILE", &*key), ("PASSPHRASE", "x"), passphrase_file];
        let error = client(&variables).unwrap_err();
        assert!(error.to_string().contains("PASSPHRASE and PASSPHRASE_FILE"), "{error}");
        std::fs::remove_file(passphrase).unwrap();
    }

    #[test]
    fn a_token_endpoint_that_cannot_be_used_is_an_error_that_names_the_variable() {
        for endpoint in
            ["auth.example.org/token", "http://example.org/token", "https://example.org/token?a=b"]
        {
            let variables = [("TOKEN_ID", "t"), ("PRIVATE_KEY", KEY), ("TOKEN_ENDPOINT", endpoint)];
            let error = client(&variables).unwrap_err();
            assert!(error.is_configuration() && error.to_string().contains("TOKEN_ENDPOINT"), "{error}");
        }
    }

    #[tokio::test]
    async fn white_space_and_quotes_around_a_value_do_not_count() {
        for (before, after) in
            [("", "\n"), ("", "\r"), (" ", " \r\n"), ("\"", "\""), ("'", "'\n"), ("\u{feff}", "")]
        {
            let spaced = |value: &str| format!("{before}{value}{after}");
            let (id, key, project) =
                (spaced("t-1"), spaced(KEY), spaced("9de103a4-35d7-4b0f-8aa2-9dcd8ee4b321"));
            let (gateway, endpoint) = (spaced(GATEWAY), spaced("https://auth.example.org/token"));
            let (environment, empty) = (spaced("dev"), spaced(""));
            let client = client(&[
                ("TOKEN_ID", &id),
                ("PRIVATE_KEY", &key),
                ("PROJECT_ID", &project),
                ("KEY_ID", &empty),
                ("PASSPHRASE", &empty),
                ("API_GATEWAY_URL", &gateway),
                ("TOKEN_ENDPOINT", &endpoint),
                ("AFFINIDI_TDK_ENVIRONMENT", &environment),
            ]);
            let client = client.unwrap();
            assert_eq!(client.base_url().as_str(), format!("{GATEWAY}/iam"));
            assert_eq!(token_endpoint(&client).await, "https://auth.example.org/token");
            let lookup = |name: &str| {
                [("TOKEN_ID", &id), ("PRIVATE_KEY", &key), ("PROJECT_ID", &project), ("KEY_ID", &empty)]
                    .into_iter()
                    .find_map(|(variable, value)| (variable == name).then(|| OsString::from(value)))
            };
            let credential =
                PersonalAccessToken::builder().with_variables(&Variables::of(&lookup)).unwrap().build();
            let shown = format!("{:?}", credential.unwrap());
            for expected in [
                r#"token_id: "t-1""#,
                r#"key_id: "t-1""#,
                r#"project_id: Some("9de103a4-35d7-4b0f-8aa2-9dcd8ee4b321")"#,
            ] {
                assert!(shown.contains(expected), "{shown}");
            }
        }
    }

    #[test]
    fn the_gateway_may_be_given_with_the_path_of_the_service() {
        for (gateway, expected) in [
            ("https://gateway.example.org/iam", "https://gateway.example.org/iam"),
            ("https://gateway.example.org/iam//", "https://gateway.example.org/iam"),
            ("https://corp.example.org/affinidi/iam", "https://corp.example.org/affinidi/iam"),
            ("https://corp.example.org/affinidi", "https://corp.example.org/affinidi/iam"),
            ("https://iam", "https://iam/iam"),
        ] {
            assert_eq!(client(&[("API_GATEWAY_URL", gateway)]).unwrap().base_url().as_str(), expected);
        }
    }

    #[test]
    fn a_credential_takes_from_the_environment_what_is_not_set() {
        let lookup = |name: &str| match name {
            "TOKEN_ID" => Some("of-environment".into()),
            "PRIVATE_KEY" => Some(KEY.replace('\n', "\\n").into()),
            _ => None,
        };
        let variables = Variables::of(&lookup);
        let credential = |builder: crate::auth::PersonalAccessTokenBuilder| {
            format!("{:?}", builder.with_variables(&variables).unwrap().build().unwrap())
        };
        assert!(credential(PersonalAccessToken::builder()).contains("of-environment"));
        assert!(!credential(PersonalAccessToken::builder().token_id("own")).contains("of-environment"));
    }
}

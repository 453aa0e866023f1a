//! Which deployment of the service a client talks to.

use std::ffi::OsString;
use std::fmt;
use std::str::FromStr;

use crate::Error;

/// A deployment of the service.
///
/// ```
/// use affinidi_tdk_iam_client::{Environment, Region};
///
/// assert_eq!(Environment::Development.gateway_url(Region::Apse1), "https://apse1.dev.api.affinidi.io");
/// assert_eq!("prod".parse::<Environment>()?, Environment::Production);
/// # Ok::<(), affinidi_tdk_iam_client::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Environment {
    /// The production deployment, `prod`.
    #[default]
    Production,
    /// The development deployment, `dev`.
    Development,
}

impl Environment {
    /// The gateway that serves `region`, without a path.
    pub fn gateway_url(self, region: Region) -> String {
        let stage = match self {
            Self::Production => "",
            Self::Development => "dev.",
        };
        format!("https://{region}.{stage}api.affinidi.io")
    }

    /// The endpoint that exchanges a personal access token's assertion for a user token. It is the same for every region.
    pub fn token_endpoint(self) -> &'static str {
        match self {
            Self::Production => "https://apse1.auth.developer.affinidi.io/auth/oauth2/token",
            Self::Development => "https://apse1.dev.auth.developer.affinidi.io/auth/oauth2/token",
        }
    }
}

/// The names of `AFFINIDI_TDK_ENVIRONMENT`: empty or `prod`, `dev` or `local`. Any other is [`Error::is_configuration`].
impl FromStr for Environment {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        match name {
            "" | "prod" => Ok(Self::Production),
            "dev" | "local" => Ok(Self::Development),
            _ => Err(Error::configuration(format!(
                "unknown environment `{}`: the names are `prod`, `dev` and `local`",
                name.escape_default()
            ))),
        }
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Production => "prod",
            Self::Development => "dev",
        })
    }
}

/// A region in which gateways of the service stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Region {
    /// Singapore, ap-southeast-1: `apse1`.
    #[default]
    Apse1,
    /// Mumbai, ap-south-1: `aps1`.
    Aps1,
    /// Northern Virginia, us-east-1: `use1`.
    Use1,
}

impl FromStr for Region {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        match name {
            "apse1" | "ap-southeast-1" => Ok(Self::Apse1),
            "aps1" | "ap-south-1" => Ok(Self::Aps1),
            "use1" | "us-east-1" => Ok(Self::Use1),
            _ => Err(Error::configuration(format!(
                "unknown region `{}`: the names are `apse1`, `aps1` and `use1`",
                name.escape_default()
            ))),
        }
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Apse1 => "apse1",
            Self::Aps1 => "aps1",
            Self::Use1 => "use1",
        })
    }
}

/// Environment variables, of the process or of a test. An empty one counts as unset.
pub(crate) struct Variables<'a>(&'a dyn Fn(&str) -> Option<OsString>);

impl<'a> Variables<'a> {
    pub(crate) fn of_process() -> Self {
        Self(&|name| std::env::var_os(name))
    }

    #[cfg(test)]
    pub(crate) fn of(lookup: &'a dyn Fn(&str) -> Option<OsString>) -> Self {
        Self(lookup)
    }

    pub(crate) fn get(&self, name: &str) -> Result<Option<String>, Error> {
        match (self.0)(name).filter(|value| !value.is_empty()).map(OsString::into_string) {
            None => Ok(None),
            Some(Ok(value)) => Ok(Some(value)),
            Some(Err(_)) => {
                Err(Error::configuration(format!("the environment variable {name} is no Unicode text")))
            }
        }
    }

    pub(crate) fn environment(&self) -> Result<Option<Environment>, Error> {
        const NAME: &str = "AFFINIDI_TDK_ENVIRONMENT";
        self.get(NAME)?.map(|name| name.parse()).transpose().map_err(|error: Error| {
            Error::configuration(format!("the environment variable {NAME} names no deployment: {error}"))
        })
    }

    /// The URL of the contract's operations, from that of the gateway.
    pub(crate) fn base_url(&self) -> Result<Option<String>, Error> {
        Ok(self.get("API_GATEWAY_URL")?.map(|gateway| format!("{}/iam", gateway.trim_end_matches('/'))))
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::{Environment, Region, Variables};
    use crate::auth::PersonalAccessToken;
    use crate::transport::{Transport, TransportError, TransportFuture, TransportRequest};
    use crate::{Client, ClientBuilder, Error};

    const KEY: &str = include_str!("../tests/auth/keys/p256.pem");
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
        std::error::Error::source(&error).unwrap().to_string()
    }

    #[tokio::test]
    async fn the_variables_of_the_official_clients_make_a_client_with_a_credential() {
        let identity = [
            ("TOKEN_ID", "t"),
            ("PRIVATE_KEY", KEY),
            ("PROJECT_ID", "p"),
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
            ([("PRIVATE_KEY", "hunter2"), ("TOKEN_ID", "t")], "no PEM"),
            ([("API_GATEWAY_URL", "gateway"), ("", "")], "base URL"),
        ] {
            let error = client(&variables).unwrap_err();
            assert!(error.is_configuration() && error.to_string().contains(expected), "{error}");
            assert!(!format!("{error:?}").contains("hunter2"));
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

    #[test]
    fn names_of_the_official_variable_give_the_published_endpoints() {
        for (name, gateway, token_endpoint) in [
            (
                "",
                "https://apse1.api.affinidi.io",
                "https://apse1.auth.developer.affinidi.io/auth/oauth2/token",
            ),
            (
                "prod",
                "https://apse1.api.affinidi.io",
                "https://apse1.auth.developer.affinidi.io/auth/oauth2/token",
            ),
            (
                "dev",
                "https://apse1.dev.api.affinidi.io",
                "https://apse1.dev.auth.developer.affinidi.io/auth/oauth2/token",
            ),
            (
                "local",
                "https://apse1.dev.api.affinidi.io",
                "https://apse1.dev.auth.developer.affinidi.io/auth/oauth2/token",
            ),
        ] {
            let environment: Environment = name.parse().unwrap();
            assert_eq!(environment.gateway_url(Region::default()), gateway);
            assert_eq!(environment.token_endpoint(), token_endpoint);
        }
    }

    #[test]
    fn an_unknown_name_is_refused_with_the_names_that_are_known() {
        let error = "staging".parse::<Environment>().unwrap_err();
        assert!(error.is_configuration());
        assert!(error.to_string().contains("`prod`, `dev` and `local`"), "{error}");
        assert!("mars1".parse::<Region>().unwrap_err().to_string().contains("`use1`"));
    }
}

//! Which deployment of the service a client talks to.

use std::ffi::OsString;
use std::fmt;
use std::str::FromStr;

use zeroize::Zeroizing;

use crate::error::Error;
use crate::support::text::trimmed;

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

/// A region that has a gateway of the service.
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

/// The text of a URL, and what it is called in errors.
#[derive(Clone)]
pub(crate) struct NamedUrl {
    pub(crate) name: &'static str,
    pub(crate) text: String,
}

/// Environment variables, of the process or of a test. Mounted files, `echo` and quoting leave white space and quotes around values;
/// one that has nothing else counts as unset.
pub(crate) struct Variables<'a>(&'a dyn Fn(&str) -> Option<OsString>);

impl<'a> Variables<'a> {
    pub(crate) fn of_process() -> Self {
        Self(&|name| std::env::var_os(name))
    }

    #[cfg(test)]
    pub(crate) fn of(lookup: &'a dyn Fn(&str) -> Option<OsString>) -> Self {
        Self(lookup)
    }

    /// The value, without white space and quotes around it.
    pub(crate) fn get(&self, name: &str) -> Result<Option<String>, Error> {
        Ok(self.secret(name)?.map(|value| trimmed(&value).to_owned()))
    }

    /// The value of a key or a passphrase, as it is: what reads them knows better what is around them.
    pub(crate) fn secret(&self, name: &str) -> Result<Option<Zeroizing<String>>, Error> {
        match (self.0)(name).map(OsString::into_string) {
            None => Ok(None),
            Some(Ok(value)) => Ok(Some(Zeroizing::new(value)).filter(|value| !trimmed(value).is_empty())),
            Some(Err(_)) => {
                Err(Error::configuration(format!("the environment variable {name} is not valid Unicode")))
            }
        }
    }

    pub(crate) fn environment(&self) -> Result<Option<Environment>, Error> {
        const NAME: &str = "AFFINIDI_TDK_ENVIRONMENT";
        self.get(NAME)?.map(|name| name.parse()).transpose().map_err(|error: Error| {
            Error::configuration(format!(
                "the environment variable {NAME} does not name a deployment: {error}"
            ))
        })
    }

    /// The base URL, from the URL of the gateway, which is often given with the path of the service.
    pub(crate) fn base_url(&self) -> Result<Option<NamedUrl>, Error> {
        Ok(self.get("API_GATEWAY_URL")?.map(|gateway| {
            let gateway = gateway.trim_end_matches('/');
            // The host itself may be called `iam`.
            let without_path = gateway.strip_suffix("/iam").filter(|gateway| !gateway.ends_with('/'));
            let gateway = without_path.unwrap_or(gateway);
            NamedUrl { name: "base URL (API_GATEWAY_URL)", text: format!("{gateway}/iam") }
        }))
    }

    /// The endpoint that exchanges a personal access token's assertion.
    pub(crate) fn token_endpoint(&self) -> Result<Option<NamedUrl>, Error> {
        let text = self.get("TOKEN_ENDPOINT")?;
        Ok(text.map(|text| NamedUrl { name: "token endpoint (TOKEN_ENDPOINT)", text }))
    }
}

#[cfg(test)]
mod tests {
    use super::{Environment, Region};

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

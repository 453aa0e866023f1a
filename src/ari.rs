//! ARIs: the names of principals and resources in policies and tokens.

use std::fmt;
use std::str::FromStr;

use crate::error::Error;
use crate::models::PrincipalType;

/// An ARI, which names a principal or a resource: in policies, in tokens, and as
/// [`TokenDto::ari`](crate::models::TokenDto::ari).
///
/// It has five parts, separated by colons: `ari:<service>:<region>:<project id>:<resource>`. Region and project id may be empty.
/// These forms of the service are known:
///
/// | ARI | names |
/// |---|---|
/// | `ari:iam:::user/<id>`, `ari:iam:::token/<id>` | a user, a personal access token |
/// | `ari:iam::<project id>:user/<id>`, `ari:iam::<project id>:token/<id>` | the same as principal of a project; tokens add `/client/<id>` |
/// | `ari:identity:ap-southeast-1:<project id>:wallet/<id>` | a resource of another service |
///
/// The resource of a policy statement may have `*` in it, such as `ari:iam::<project id>:*` for everything in a project. The local
/// service matches it so; what the service does is unproven.
///
/// ```
/// use affinidi_tdk_iam_client::{Ari, models::PrincipalType};
///
/// # fn main() -> Result<(), affinidi_tdk_iam_client::Error> {
/// let (project_id, token_id) = ("e30f4404-b898-45f1-903e-80af808ad60c", "6ccd0a2e-e135-4037-b399-00039b362034");
/// let principal = Ari::of_principal(PrincipalType::Token, token_id)?.in_project(project_id)?;
/// assert_eq!(principal.to_string(), format!("ari:iam::{project_id}:token/{token_id}"));
/// let everything = Ari::new("iam", "*")?.in_project(project_id)?;
/// assert_eq!(everything.to_string(), format!("ari:iam::{project_id}:*"));
///
/// let read: Ari = principal.to_string().parse()?;
/// assert_eq!(read.principal(), Some((PrincipalType::Token, token_id)));
/// assert_eq!(read.project_id(), Some(project_id));
/// # Ok(())
/// # }
/// ```
///
/// Whether what it names exists is not checked.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Ari {
    service: String,
    region: String,
    project_id: String,
    resource: String,
}

impl Ari {
    /// The ARI of a resource of a service, without region and project.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`], if the service is empty or has a slash, a part of the resource between slashes is empty, or one
    /// of them has a colon, white space or a control character.
    pub fn new(service: impl Into<String>, resource: impl Into<String>) -> Result<Self, Error> {
        let ari = Self {
            service: service.into(),
            region: String::new(),
            project_id: String::new(),
            resource: resource.into(),
        };
        ari.checked()
    }

    /// The ARI of a user or a personal access token: `ari:iam:::user/<id>` or `ari:iam:::token/<id>`. Policies name it
    /// [`in_project`](Self::in_project).
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`], if the identifier is not the bare one, without the prefix that listings put before it
    /// ([`UserDto::principal`](crate::models::UserDto::principal) removes it), is `*`, or cannot be part of an ARI.
    pub fn of_principal(kind: PrincipalType, id: impl AsRef<str>) -> Result<Self, Error> {
        let id = id.as_ref();
        if [kind.as_str(), id].iter().any(|part| part.contains(['/', '*'])) {
            return Err(Error::invalid_input(
                "a principal's type and identifier have neither `/` nor `*`: give the identifier without `user/` or `token/`",
            ));
        }
        Self::new("iam", format!("{kind}/{id}"))
    }

    /// The same in a project; an empty identifier means none.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`], if the identifier has a colon, a slash, white space or a control character.
    pub fn in_project(mut self, project_id: impl Into<String>) -> Result<Self, Error> {
        self.project_id = project_id.into();
        self.checked()
    }

    /// The same in a region, such as `ap-southeast-1`; an empty one means none.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`], if the region has a colon, a slash, white space or a control character.
    pub fn in_region(mut self, region: impl Into<String>) -> Result<Self, Error> {
        self.region = region.into();
        self.checked()
    }

    /// The service, such as `iam`.
    pub fn service(&self) -> &str {
        &self.service
    }

    /// The region, if there is one.
    pub fn region(&self) -> Option<&str> {
        Some(&*self.region).filter(|region| !region.is_empty())
    }

    /// The identifier of the project, if there is one.
    pub fn project_id(&self) -> Option<&str> {
        Some(&*self.project_id).filter(|id| !id.is_empty())
    }

    /// The resource, such as `token/<id>` or `*`.
    pub fn resource(&self) -> &str {
        &self.resource
    }

    /// The user or personal access token that it names, with the bare identifier; a `/client/<id>` after it is left out. `None` if it
    /// names something else.
    pub fn principal(&self) -> Option<(PrincipalType, &str)> {
        let mut parts = self.resource.split('/');
        let (kind, id) = (PrincipalType::from(parts.next()?), parts.next()?);
        let is_known = self.service == "iam" && !matches!(kind, PrincipalType::Unknown(_)) && id != "*";
        let is_whole = match (parts.next(), parts.next(), parts.next()) {
            (None, ..) => true,
            (Some(client), Some(_), None) => client == "client",
            _ => false,
        };
        (is_known && is_whole).then_some((kind, id))
    }

    fn checked(self) -> Result<Self, Error> {
        let is_odd = |c: char| c == ':' || c.is_whitespace() || c.is_control();
        let refuse = |reason| Err(Error::invalid_input(format!("not an ARI: {reason}")));
        if [&self.service, &self.region, &self.project_id, &self.resource]
            .iter()
            .any(|part| part.contains(is_odd))
        {
            return refuse("a part of it has a colon, white space or a control character");
        }
        if [&self.service, &self.region, &self.project_id].iter().any(|part| part.contains('/')) {
            return refuse("only its last part, the resource, may have slashes");
        }
        if self.service.is_empty() || self.resource.split('/').any(str::is_empty) {
            return refuse("its service, or a part of its resource, is empty");
        }
        Ok(self)
    }
}

impl fmt::Display for Ari {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ari:{}:{}:{}:{}", self.service, self.region, self.project_id, self.resource)
    }
}

impl fmt::Debug for Ari {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ari({self})")
    }
}

/// Fails with [`Error::is_invalid_input`] if the text does not have the five parts of an ARI. The error does not repeat the text.
impl FromStr for Ari {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let parts: Vec<_> = text.split(':').map(str::to_owned).collect();
        match <[String; 5]>::try_from(parts) {
            Ok([scheme, service, region, project_id, resource]) if scheme == "ari" => {
                Self { service, region, project_id, resource }.checked()
            }
            _ => Err(Error::invalid_input(
                "not an ARI: it does not have the five parts of `ari:<service>:<region>:<project id>:<resource>`",
            )),
        }
    }
}

impl From<&Self> for Ari {
    fn from(ari: &Self) -> Self {
        ari.clone()
    }
}

impl From<Ari> for String {
    fn from(ari: Ari) -> Self {
        ari.to_string()
    }
}

impl From<&Ari> for String {
    fn from(ari: &Ari) -> Self {
        ari.to_string()
    }
}

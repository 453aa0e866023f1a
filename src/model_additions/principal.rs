//! Principals in texts such as `token/<id>`.

use crate::models::{PolicyDto, PrincipalType, ProjectDto, UserDto};

impl UserDto {
    /// The type and the bare identifier of the principal, as operations take them; `None` if `principal_id` is not of the form
    /// `<type>/<identifier>`.
    ///
    /// ```
    /// use affinidi_tdk_iam_client::models::{PrincipalType, UserDto};
    ///
    /// let machine = UserDto::new("token/6ccd0a2e-e135-4037-b399-00039b362034");
    /// let (kind, id) = machine.principal().expect("listings have the prefix");
    /// assert_eq!((kind, id), (PrincipalType::Token, "6ccd0a2e-e135-4037-b399-00039b362034"));
    /// ```
    ///
    /// A type that this version does not know is [`PrincipalType::Unknown`].
    pub fn principal(&self) -> Option<(PrincipalType, &str)> {
        split(&self.principal_id)
    }
}

impl PolicyDto {
    /// The type and the bare identifier of the principal that the policy belongs to; `None` if `principal_id` is absent or not of the
    /// form `<type>/<identifier>`.
    ///
    /// ```
    /// use affinidi_tdk_iam_client::models::{PolicyDto, PrincipalType};
    ///
    /// let policy = PolicyDto::new(PolicyDto::VERSION, []).with_principal_id("user/1");
    /// assert_eq!(policy.principal(), Some((PrincipalType::User, "1")));
    /// ```
    pub fn principal(&self) -> Option<(PrincipalType, &str)> {
        split(self.principal_id.as_deref()?)
    }
}

impl ProjectDto {
    /// The type and the bare identifier of the owner; `None` if `owner_id` is absent or not of the form `<type>/<identifier>`.
    ///
    /// ```
    /// use affinidi_tdk_iam_client::models::{PrincipalType, ProjectDto};
    ///
    /// let project = ProjectDto::new("e30f4404-b898-45f1-903e-80af808ad60c", "demo").with_owner_id("user/1");
    /// assert_eq!(project.owner(), Some((PrincipalType::User, "1")));
    /// ```
    pub fn owner(&self) -> Option<(PrincipalType, &str)> {
        split(self.owner_id.as_deref()?)
    }
}

fn split(text: &str) -> Option<(PrincipalType, &str)> {
    let (kind, id) = text.split_once('/')?;
    let is_bare = !kind.is_empty() && !id.is_empty() && !id.contains('/');
    is_bare.then(|| (kind.into(), id))
}

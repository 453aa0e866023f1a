//! Policies without texts to misspell.

use crate::ari::Ari;
use crate::models::{PolicyDto, PolicyStatementDto};

impl PolicyDto {
    /// The version of the policy language; no other is known.
    ///
    /// ```
    /// use affinidi_tdk_iam_client::models::PolicyDto;
    ///
    /// let nothing = PolicyDto::new(PolicyDto::VERSION, []);
    /// assert_eq!(nothing.version, "2022-12-15");
    /// ```
    pub const VERSION: &'static str = "2022-12-15";
}

impl PolicyStatementDto {
    /// A statement that allows `principals` the `actions` on the `resources`.
    ///
    /// Actions are `<service>:<operationId>`, or `*`. Principals are of the type [`Ari`], so that the compiler notices when another
    /// list stands in their place. Resources are ARIs or `*`; which patterns the service understands is unproven, see [`Ari`].
    ///
    /// ```
    /// use affinidi_tdk_iam_client::{Ari, models::{PolicyDto, PolicyStatementDto, PrincipalType}};
    ///
    /// # fn main() -> Result<(), affinidi_tdk_iam_client::Error> {
    /// let (project_id, token_id) = ("e30f4404-b898-45f1-903e-80af808ad60c", "6ccd0a2e-e135-4037-b399-00039b362034");
    /// let machine = Ari::of_principal(PrincipalType::Token, token_id)?.in_project(project_id)?;
    /// let everything = Ari::new("iam", "*")?.in_project(project_id)?;
    /// let statement = PolicyStatementDto::allow(["iam:listPrincipalsOfProject"], [machine], [everything]);
    /// assert_eq!(statement.effect, "Allow");
    /// let policy = PolicyDto::new(PolicyDto::VERSION, [statement]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// To change a policy, read it, push the statement and write all of it back.
    pub fn allow(
        actions: impl IntoIterator<Item = impl Into<String>>,
        principals: impl IntoIterator<Item = impl Into<Ari>>,
        resources: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self::new(actions, "Allow", principals.into_iter().map(|ari| String::from(ari.into())), resources)
    }
}

//! How a program controls the service that it started: what the management API does, as methods. Both lead to the same rules of
//! the engine.

mod fault_rule;
mod input;

use affinidi_tdk_iam_client::models;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use uuid::Uuid;

pub use fault_rule::{FaultRule, FaultRuleBuilder};
pub use input::{AddedPersonalAccessToken, NewPersonalAccessToken, NewProject};

use crate::clock::Clock;
use crate::engine::{Engine, RecordedRequest};
use crate::error::Error;
use crate::local_iam::LocalIam;

impl LocalIam {
    /// Begins a fault rule: `operation` fails until the rule is used up or removed. The name is an operationId of the contract,
    /// `patToken` for the token endpoint of personal access tokens, or `*` for every operation.
    ///
    /// First say which requests are affected and with which details, last what happens to them. That makes the rule, and returns
    /// an error for an operation that does not exist, with the names that look like it.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use affinidi_iam_local::LocalIam;
    /// # let iam = LocalIam::start().await?;
    /// iam.fault("listProject").times(2).status(429)?;
    ///
    /// let error = iam.fault("listProjectz").status(429).unwrap_err();
    /// assert!(error.is_invalid_input() && error.to_string().ends_with("did you mean `listProject`?"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn fault(&self, operation: impl Into<String>) -> FaultRuleBuilder {
        FaultRuleBuilder::new(self.engine.clone(), operation.into())
    }

    /// The fault rules, in the order in which they are tried. Used up ones stay until they are removed.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use affinidi_iam_local::LocalIam;
    /// # let iam = LocalIam::start().await?;
    /// iam.fault("whoami").times(1).status(503)?;
    /// assert_eq!(iam.faults()[0].operation(), "whoami");
    /// # Ok(())
    /// # }
    /// ```
    pub fn faults(&self) -> Vec<FaultRule> {
        let rules = self.engine.state().faults().ids().into_iter();
        rules.map(|(id, operation)| FaultRule::new(self.engine.clone(), id, operation)).collect()
    }

    /// Removes all fault rules: every operation works again.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use affinidi_iam_local::LocalIam;
    /// # let iam = LocalIam::start().await?;
    /// iam.fault("*").status(503)?;
    /// iam.clear_faults();
    /// assert!(iam.faults().is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn clear_faults(&self) {
        self.engine.state().faults().clear();
    }

    /// The last requests that the service received, the oldest first: a hundred, or fewer if they are larger than 4 MiB
    /// together. Those of the management API are left out, and so are tokens and other secrets.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use affinidi_iam_local::LocalIam;
    /// # use affinidi_tdk_iam_client::{Client, auth};
    /// # let iam = LocalIam::start().await?;
    /// # let user = auth::StaticToken::new(iam.user_token()?);
    /// # let client = Client::builder().base_url(iam.base_url()).user_token(user).build()?;
    /// client.projects().list_project().limit(50).await?;
    ///
    /// let requests = iam.requests();
    /// assert_eq!((requests[0].operation(), requests[0].status()), (Some("listProject"), 200));
    /// assert_eq!(requests[0].query("limit"), Some("50"));
    /// assert!(requests[0].has_token());
    /// # Ok(())
    /// # }
    /// ```
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.engine.state().recorder().list()
    }

    /// Forgets the requests so far.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use affinidi_iam_local::LocalIam;
    /// # use affinidi_tdk_iam_client::Client;
    /// # let iam = LocalIam::start().await?;
    /// # let client = Client::builder().base_url(iam.base_url()).build()?;
    /// client.well_known().get_well_known_jwks().await?;
    /// iam.clear_requests();
    /// assert!(iam.requests().is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn clear_requests(&self) {
        self.engine.state().recorder().clear();
    }

    /// A fresh access token of the seeded user, for the operations secured by `UserTokenAuth`. It is valid for one hour, unless
    /// [`LocalIamBuilder::user_token_lifetime`](crate::LocalIamBuilder::user_token_lifetime) sets another lifetime.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use affinidi_iam_local::LocalIam;
    /// # use affinidi_tdk_iam_client::{Client, auth};
    /// # let iam = LocalIam::start().await?;
    /// let user = auth::StaticToken::new(iam.user_token()?);
    /// let client = Client::builder().base_url(iam.base_url()).user_token(user).build()?;
    /// client.sts().whoami().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Fails when the machine has no randomness to sign with.
    pub fn user_token(&self) -> Result<String, Error> {
        self.user_token_of(self.seeds().user_id())
    }

    /// A fresh access token of a user, as [`user_token`](Self::user_token).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use affinidi_iam_local::LocalIam;
    /// # use affinidi_tdk_iam_client::{Client, auth};
    /// # let iam = LocalIam::start().await?;
    /// let other = iam.add_user()?;
    /// let token = auth::StaticToken::new(iam.user_token_of(other)?);
    /// let client = Client::builder().base_url(iam.base_url()).user_token(token).build()?;
    /// assert_eq!(client.sts().whoami().await?.principal_id, other.to_string());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Fails when there is no such user, and when the machine has no randomness to sign with.
    pub fn user_token_of(&self, user_id: Uuid) -> Result<String, Error> {
        let issued: Issued =
            self.manage("createUserToken", "issue a user token", json!({ "userId": user_id }))?;
        Ok(issued.access_token)
    }

    /// A fresh access token of a consumer, for the operations secured by `ConsumerTokenAuth`. The key of the DID is not needed.
    /// The token is valid for one hour, unless
    /// [`LocalIamBuilder::consumer_token_lifetime`](crate::LocalIamBuilder::consumer_token_lifetime) sets another lifetime.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use affinidi_iam_local::LocalIam;
    /// # use affinidi_tdk_iam_client::{Client, auth, models};
    /// # let iam = LocalIam::start().await?;
    /// let consumer = auth::StaticToken::new(iam.consumer_token("did:example:alice")?);
    /// let client = Client::builder().base_url(iam.base_url()).consumer_token(consumer).build()?;
    /// client.authz().delete_access_vfs("did:example:bob").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Fails when `did` is not a DID, and when the machine has no randomness to sign with.
    pub fn consumer_token(&self, did: impl AsRef<str>) -> Result<String, Error> {
        let body = json!({ "did": did.as_ref() });
        let issued: Issued = self.manage("createConsumerToken", "issue a consumer token", body)?;
        Ok(issued.access_token)
    }

    /// Adds a user with a random id, and returns the id.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use affinidi_iam_local::LocalIam;
    /// # let iam = LocalIam::start().await?;
    /// let user = iam.add_user()?;
    /// assert_ne!(user, iam.seeds().user_id());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Fails when the database does.
    pub fn add_user(&self) -> Result<Uuid, Error> {
        let added: Added = self.manage("createUser", "add a user", json!({}))?;
        Ok(added.id)
    }

    /// Adds a user with this id.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use affinidi_iam_local::LocalIam;
    /// # let iam = LocalIam::start().await?;
    /// let id = "7c6e3b0e-2f0a-4d5c-8a43-0d4c0b7f5a11".parse()?;
    /// iam.add_user_with_id(id)?;
    /// assert!(iam.add_user_with_id(id).unwrap_err().is_invalid_input(), "the id is taken");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Fails when the id is taken, and when the database fails.
    pub fn add_user_with_id(&self, id: Uuid) -> Result<(), Error> {
        self.manage::<Added>("createUser", "add a user", json!({ "id": id })).map(drop)
    }

    /// Adds a project. A name is enough, and then it belongs to the seeded user; [`NewProject`] sets more.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use affinidi_iam_local::{LocalIam, NewProject};
    /// # let iam = LocalIam::start().await?;
    /// let project = iam.add_project("demo")?;
    /// assert_eq!(project.name, "demo");
    ///
    /// let other = iam.add_user()?;
    /// let project = iam.add_project(NewProject::new("theirs").with_owner(other))?;
    /// assert_eq!(project.owner_id, Some(format!("user/{other}")));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Fails when the contract does not allow the name, when the id is taken, and when there is no such owner.
    pub fn add_project(&self, project: impl Into<NewProject>) -> Result<models::ProjectDto, Error> {
        self.manage("seedProject", "add a project", project.into().into_body())
    }

    /// Adds a personal access token with a new key, and with all rights in the projects that it names. It belongs to the seeded
    /// user unless [`NewPersonalAccessToken::with_owner`] sets another one.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use affinidi_iam_local::{LocalIam, NewPersonalAccessToken};
    /// # use affinidi_tdk_iam_client::auth;
    /// # let iam = LocalIam::start().await?;
    /// let project_id = iam.seeds().project_id();
    /// let added = iam.add_personal_access_token(NewPersonalAccessToken::new("machine").with_project(project_id))?;
    /// let credential = auth::PersonalAccessToken::builder()
    ///     .token_id(added.token_id())
    ///     .private_key_pem(added.private_key_pem())
    ///     .project_id(project_id)
    ///     .token_endpoint(iam.token_endpoint())
    ///     .base_url(iam.base_url())
    ///     .build()?;
    /// credential.project_token().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Fails when the id is taken, when there is no such owner or project, and when the machine has no randomness for a key.
    pub fn add_personal_access_token(
        &self,
        token: impl Into<NewPersonalAccessToken>,
    ) -> Result<AddedPersonalAccessToken, Error> {
        self.manage("seedToken", "add a personal access token", token.into().into_body())
    }

    /// Adds a personal access token with public keys that exist already, or with the URL of a key set, and returns its id.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use affinidi_iam_local::LocalIam;
    /// # use affinidi_tdk_iam_client::models;
    /// # let iam = LocalIam::start().await?;
    /// let keys = serde_json::json!({ "jwksUri": "https://ci.example.org/jwks.json" });
    /// let method = models::TokenPrivateKeyAuthenticationMethodDto::new(
    ///     models::AuthenticationMethodType::PrivateKey,
    ///     models::SigningAlgorithm::Es256,
    ///     serde_json::from_value(keys)?,
    /// );
    /// let token_id = iam.add_personal_access_token_with_keys("ci", method)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`add_personal_access_token`](Self::add_personal_access_token), and when a key does not fit the algorithm.
    pub fn add_personal_access_token_with_keys(
        &self,
        token: impl Into<NewPersonalAccessToken>,
        authentication_method: models::TokenPrivateKeyAuthenticationMethodDto,
    ) -> Result<Uuid, Error> {
        const DOING: &str = "add a personal access token";
        let method =
            serde_json::to_value(authentication_method).map_err(|error| Error::caused(DOING, error))?;
        let mut body = token.into().into_body();
        if let Some(fields) = body.as_object_mut() {
            fields.insert("authenticationMethod".into(), method);
        }
        let added: Added = self.manage("seedToken", DOING, body)?;
        Ok(added.id)
    }

    /// From now on new keys sign tokens of each kind. Tokens that were signed before stay valid. Returns the `kid` of the key for
    /// project tokens.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use affinidi_iam_local::LocalIam;
    /// # use affinidi_tdk_iam_client::Client;
    /// # let iam = LocalIam::start().await?;
    /// # let client = Client::builder().base_url(iam.base_url()).build()?;
    /// let kid = iam.rotate_signing_keys()?;
    /// assert_eq!(client.well_known().get_well_known_jwks().await?.keys[0].kid, kid);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Fails when no key can be generated.
    pub fn rotate_signing_keys(&self) -> Result<String, Error> {
        self.rotate(true)
    }

    /// As [`rotate_signing_keys`](Self::rotate_signing_keys), and all other keys are replaced as well: every token that was issued
    /// before is refused.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use affinidi_iam_local::LocalIam;
    /// # use affinidi_tdk_iam_client::{Client, auth};
    /// # let iam = LocalIam::start().await?;
    /// # let user = auth::StaticToken::new(iam.user_token()?);
    /// # let client = Client::builder().base_url(iam.base_url()).user_token(user).build()?;
    /// iam.replace_signing_keys()?;
    /// assert!(client.sts().whoami().await.unwrap_err().is_unauthorized());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Fails when no key can be generated.
    pub fn replace_signing_keys(&self) -> Result<String, Error> {
        self.rotate(false)
    }

    fn rotate(&self, keep_others: bool) -> Result<String, Error> {
        let body = json!({ "keepOthers": keep_others });
        let rotated: Rotated = self.manage("rotateSigningKey", "rotate the signing keys", body)?;
        Ok(rotated.kid)
    }

    /// The clock of the service, to move it while it runs.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use affinidi_iam_local::LocalIam;
    /// # use affinidi_tdk_iam_client::{Client, auth};
    /// use std::time::Duration;
    ///
    /// # let iam = LocalIam::start().await?;
    /// # let user = auth::StaticToken::new(iam.user_token()?);
    /// # let client = Client::builder().base_url(iam.base_url()).user_token(user).build()?;
    /// iam.clock().advance(Duration::from_secs(3600));
    /// assert!(client.sts().whoami().await.unwrap_err().is_unauthorized(), "the token is expired");
    /// # Ok(())
    /// # }
    /// ```
    pub fn clock(&self) -> &Clock {
        self.engine.state().clock()
    }

    /// The environment variables with which `Client::from_env` of the SDK, and the official clients, call this service as the
    /// seeded personal access token. The value of `PRIVATE_KEY` is a secret, though only of this service.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use affinidi_iam_local::LocalIam;
    /// # let iam = LocalIam::start().await?;
    /// let mut program = std::process::Command::new("the-program-under-test");
    /// program.envs(iam.environment());
    /// # Ok(())
    /// # }
    /// ```
    pub fn environment(&self) -> [(&'static str, String); 6] {
        self.engine.state().environment()
    }

    fn manage<T: DeserializeOwned>(&self, operation: &str, doing: &str, body: Value) -> Result<T, Error> {
        manage(&self.engine, operation, doing, body)
    }
}

/// Carries out an operation of the management API.
fn manage<T: DeserializeOwned>(
    engine: &Engine,
    operation: &str,
    doing: &str,
    body: Value,
) -> Result<T, Error> {
    let body = match body {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    let response = engine.manage(operation, body).map_err(|problem| match problem.is_of_input() {
        true => Error::invalid(doing, problem),
        false => Error::refused(doing, problem),
    })?;
    serde_json::from_value(response).map_err(|error| Error::caused(doing, error))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Issued {
    access_token: String,
}

#[derive(Deserialize)]
struct Added {
    id: Uuid,
}

#[derive(Deserialize)]
struct Rotated {
    kid: String,
}

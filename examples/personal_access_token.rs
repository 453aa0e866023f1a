//! A machine user: exchanges the private key of a personal access token (PAT) for a user token, and that for a project token.
//!
//! ```sh
//! cargo run --example personal_access_token
//! ```
//!
//! For the real service, `PersonalAccessToken::from_env()` reads TOKEN_ID, PROJECT_ID, PRIVATE_KEY and PASSPHRASE.

use std::error::Error;

use affinidi_iam_local::LocalIam;
use affinidi_tdk_iam_client::{Client, auth, models};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // The local service starts with a personal access token that has all rights in one project.
    let iam = LocalIam::start().await?;
    let seeds = iam.seeds();
    let credential = auth::PersonalAccessToken::builder()
        .token_id(seeds.token_id())
        .project_id(seeds.project_id())
        .private_key_pem(seeds.private_key_pem())
        .token_endpoint(iam.token_endpoint())
        .build()?;
    let client =
        Client::builder().base_url(iam.base_url()).personal_access_token(credential.clone()).build()?;

    // An operation that needs a user token: the key signs an assertion, which is exchanged for the token.
    let who = client.sts().whoami().await?;
    println!("signed in as {} {}", who.principal_type, who.principal_id);

    // An operation that needs a project token: the cached user token is exchanged for it.
    let principals = client.projects().list_principals_of_project().await?;
    println!("project {} has {} principals", seeds.project_id(), principals.records.len());

    // The same machine user in another project: the user token serves both.
    let project = client.projects().create_project(models::CreateProjectInput::new("second")).await?;
    let elsewhere = Client::builder()
        .base_url(iam.base_url())
        .personal_access_token(credential.for_project(&project.id))
        .build()?;
    let policy =
        elsewhere.policies().get_policies(seeds.token_id().to_string(), models::PrincipalType::Token).await?;
    for statement in &policy.statement {
        println!("in project {} it may {} {:?}", project.name, statement.effect, statement.action);
    }

    // The token itself, for other code that uses the project; it is valid for at least 60 s.
    let token = credential.project_token_with_min_ttl(std::time::Duration::from_secs(60)).await?;
    println!("a project token of {} characters, printed as {token:?}", token.secret().len());
    Ok(())
}

//! Principals and policies: adds a machine user to a project, grants it one right, and removes it.
//!
//! ```sh
//! cargo run --example principals_and_policies
//! ```

use std::error::Error;

use affinidi_iam_local::LocalIam;
use affinidi_tdk_iam_client::models::{
    AddUserToProjectInput, CreateProjectInput, CreateProjectScopedTokenInput, PolicyStatementDto,
    PrincipalType,
};
use affinidi_tdk_iam_client::{Ari, Client, auth};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let iam = LocalIam::start().await?;
    let machine_id = iam.seeds().token_id().to_string();

    // A user creates a project, and exchanges the user token for a token of that project.
    let user = auth::StaticToken::new(iam.user_token()?);
    let client = Client::builder().base_url(iam.base_url()).user_token(user).build()?;
    let project = client.projects().create_project(CreateProjectInput::new("shop")).await?;
    let input = CreateProjectScopedTokenInput::new(&project.id);
    let token = client.sts().create_project_scoped_token(input).await?;
    let project_token = auth::StaticToken::new(token.access_token);
    let owner = Client::builder().base_url(iam.base_url()).project_token(project_token).build()?;

    // The user adds a machine user. A new principal has no rights.
    let input = AddUserToProjectInput::new(&machine_id, PrincipalType::Token);
    owner.projects().add_principal_to_project(input).await?;
    let machine = Client::builder()
        .base_url(iam.base_url())
        .personal_access_token(
            auth::PersonalAccessToken::builder()
                .token_id(&machine_id)
                .project_id(&project.id)
                .private_key_pem(iam.seeds().private_key_pem())
                .token_endpoint(iam.token_endpoint())
                .build()?,
        )
        .build()?;
    match machine.projects().list_principals_of_project().await {
        Err(error) if error.is_forbidden() => println!("without a policy: {error}"),
        other => return Err(format!("expected status 403, got {other:?}").into()),
    }

    // Grant one right. The policy is read, changed and written back as a whole, with everything else in it.
    let mut policy = owner.policies().get_policies(&machine_id, PrincipalType::Token).await?;
    let principal = Ari::of_principal(PrincipalType::Token, &machine_id)?.in_project(&project.id)?;
    let resource = Ari::new("iam", "*")?.in_project(&project.id)?;
    let statement = PolicyStatementDto::allow(["iam:listPrincipalsOfProject"], [principal], [resource]);
    policy.statement.push(statement);
    owner.policies().update_policies(&machine_id, PrincipalType::Token, policy).await?;
    for principal in machine.projects().list_principals_of_project().await?.records {
        println!("with the policy it sees {}", principal.principal_id);
    }

    // Remove the machine user.
    owner.projects().delete_principal_from_project(&machine_id, PrincipalType::Token).await?;
    let left = owner.projects().list_principals_of_project().await?;
    println!("{} principal is left in {}", left.records.len(), project.name);
    Ok(())
}

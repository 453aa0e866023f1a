//! Pagination: item by item, page by page, with prefetch, and resumed from a stored cursor.
//!
//! ```sh
//! cargo run --example list_everything
//! ```

use std::error::Error;

use affinidi_iam_local::LocalIam;
use affinidi_tdk_iam_client::{Client, auth, models};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let iam = LocalIam::start().await?;
    let user = auth::StaticToken::new(iam.user_token()?);
    let client = Client::builder().base_url(iam.base_url()).user_token(user).build()?;
    for name in ["apple", "birch", "cedar", "maple"] {
        client.projects().create_project(models::CreateProjectInput::new(name)).await?;
    }

    // Every item, in pages of two. The next page is fetched while this one is read.
    let mut projects = client.projects().list_project().limit(2).into_stream().prefetch(1);
    while let Some(project) = projects.try_next().await? {
        println!("project {} {}", project.id, project.name);
    }

    // Page by page. Store the cursor to resume later.
    let mut pages = client.projects().list_project().limit(3).into_pages();
    let first = pages.try_next().await?.ok_or("there is no first page")?;
    let cursor = pages.cursor().ok_or("there is no second page")?.to_owned();
    println!("a first page of {} projects", first.projects.len());

    // Another run resumes from there.
    let rest: Vec<models::ProjectDto> =
        client.projects().list_project().exclusive_start_key(cursor).into_stream().try_collect().await?;
    println!("and {} more after it", rest.len());

    // The other lists work the same way.
    let tokens: Vec<models::TokenDto> = client.tokens().list_token().into_stream().try_collect().await?;
    for token in tokens {
        let mut projects = client.tokens().list_projects_of_token(token.id).into_stream();
        while let Some(project) = projects.try_next().await? {
            println!("token {} takes part in project {}", token.name, project.name);
        }
    }
    Ok(())
}

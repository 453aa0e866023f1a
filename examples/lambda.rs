//! A function of AWS Lambda: the client is made once per process, so an invocation finds connections and tokens of the former ones.
//! Here two invocations follow each other without Lambda, against a local service.
//!
//! ```sh
//! cargo run --example lambda
//! ```

use std::error::Error;

use affinidi_iam_local::LocalIam;
use affinidi_tdk_iam_client::Client;
use affinidi_tdk_iam_client::auth::PersonalAccessToken;

/// What Lambda calls for each event. In a function it is passed to `lambda_runtime::run(service_fn(..))`.
async fn handle(client: &Client, project_name: &str) -> Result<String, Box<dyn Error>> {
    let projects = client.projects().list_project().into_stream().try_collect().await?;
    let found = projects.iter().any(|project| project.name == project_name);
    Ok(format!("{} of {}", if found { "one" } else { "none" }, projects.len()))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    // In a function: `let client = Client::from_env()?;`, before the first event.
    let iam = LocalIam::start().await?;
    let credential = PersonalAccessToken::builder()
        .token_id(iam.seeds().token_id())
        .private_key_pem(iam.seeds().private_key_pem())
        .token_endpoint(iam.token_endpoint())
        .build()?;
    let client =
        Client::builder().base_url(iam.base_url()).personal_access_token(credential.clone()).build()?;

    let mut kept = None;
    for invocation in 1..=2 {
        let answer = handle(&client, "local").await?;
        let token = credential.user_token().await?;
        let same = kept.replace(token.clone()).is_some_and(|kept| kept == token);
        println!("invocation {invocation}: {answer}; the token was kept: {same}");
    }
    Ok(())
}

//! The main job: get a consumer token for a DID.
//!
//! ```sh
//! cargo run --example consumer_token                                              # the local service, started here
//! cargo run --example consumer_token -- --base-url https://apse1.api.affinidi.io/iam
//! IAM_BASE_URL=http://127.0.0.1:8080/iam cargo run --example consumer_token
//! ```

use std::error::Error;
use std::process::ExitCode;

use affinidi_iam_local::LocalIam;
use affinidi_tdk_iam_client::auth::{self, DidSigner};
use affinidi_tdk_iam_client::{Client, models};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use serde_json::Value;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("failed: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    // The service to call: the one given by URL, or a local one that runs as long as this program.
    let (_service, base_url) = match named_base_url()? {
        Some(base_url) => (None, base_url),
        None => {
            let service = LocalIam::start().await?;
            let base_url = service.base_url().to_owned();
            println!("started a local IAM service at {base_url}");
            (Some(service), base_url)
        }
    };
    let client = Client::builder().base_url(&base_url).build()?;

    // The consumer: a new P-256 key and its DID.
    let signer = auth::DidKeySigner::generate(auth::Algorithm::Es256)?;
    println!("generated a key for {}", signer.did());

    // Sign an assertion and exchange it for a token.
    let audience = format!("{}/v1/consumer/oauth2/token", client.base_url());
    let assertion = auth::client_assertion(&signer, audience).await?;
    let input = models::ConsumerAuthTokenEndpointInput::new(
        models::GrantType::ClientCredentials,
        models::ClientAssertionType::JwtBearer,
        assertion,
    )
    .with_client_id(signer.did());
    let output = client.consumer_auth().consumer_auth_token_endpoint(input).await?;

    println!("the service responded with {output:#?}");
    let token = output.access_token.ok_or("the response has no access token")?;
    println!("the claims of the token are {:#}", claims(&token)?);
    Ok(())
}

/// The base URL given with `--base-url` or in `IAM_BASE_URL`.
fn named_base_url() -> Result<Option<String>, Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some("--base-url") => Ok(Some(arguments.next().ok_or("--base-url needs a URL")?)),
        Some(other) => Err(format!("unknown argument {other}: the only option is --base-url URL").into()),
        None => Ok(std::env::var("IAM_BASE_URL").ok().filter(|url| !url.is_empty())),
    }
}

/// The claims of a token, unverified: it comes directly from the service that issued it.
fn claims(token: &str) -> Result<Value, Box<dyn Error>> {
    let payload = token.split('.').nth(1).ok_or("the access token is not a JSON Web Token")?;
    Ok(serde_json::from_slice(&BASE64.decode(payload)?)?)
}

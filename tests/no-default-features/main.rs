//! The main call without any feature of the SDK: a consumer token for a DID, over plain http to this machine.

use affinidi_tdk_iam_client::auth::{self, DidSigner};
use affinidi_tdk_iam_client::{Client, models};

/// What is inside does not matter.
const ENCRYPTED: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n";

async fn run() -> Result<(), Box<dyn std::error::Error>> {
    let base_url = std::env::args().nth(1).ok_or("name the base URL")?;
    let client = Client::builder().base_url(base_url).build()?;
    let signer = auth::DidKeySigner::generate(auth::Algorithm::Es256)?;
    let audience = format!("{}/v1/consumer/oauth2/token", client.base_url());
    let input = models::ConsumerAuthTokenEndpointInput::new(
        models::GrantType::ClientCredentials,
        models::ClientAssertionType::JwtBearer,
        auth::client_assertion(&signer, audience).await?,
    )
    .with_client_id(signer.did());
    let output = client.consumer_auth().consumer_auth_token_endpoint(input).await?;
    output.access_token.ok_or("the answer holds no access token")?;
    println!("a consumer token without features, for {:?} s", output.expires_in);

    match auth::DidKeySigner::from_encrypted_pem(ENCRYPTED, "passphrase") {
        Err(error) if error.is_configuration() && error.to_string().contains("`encrypted-pem`") => {
            println!("an encrypted key is refused: {error}");
        }
        _ => return Err("an encrypted key should be refused with the name of the feature".into()),
    }

    match Client::builder().base_url("https://127.0.0.1:1/iam").build() {
        Err(error) if error.is_configuration() => println!("https is refused: {error}"),
        other => return Err(format!("https without TLS should be refused at once: {other:?}").into()),
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(run())
}

//! A machine user in code: a personal access token (PAT) with a generated key is registered, used, and gets another key without
//! downtime.
//!
//! ```sh
//! cargo run --example key_rotation
//! ```

use std::error::Error;

use affinidi_iam_local::LocalIam;
use affinidi_tdk_iam_client::auth::{Algorithm, LocalSigner, PersonalAccessToken};
use affinidi_tdk_iam_client::{Client, models, uuid};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // Who registers machine users: here the personal access token that the local service starts with.
    let iam = LocalIam::start().await?;
    let administrator = PersonalAccessToken::builder()
        .token_id(iam.seeds().token_id())
        .private_key_pem(iam.seeds().private_key_pem())
        .token_endpoint(iam.token_endpoint())
        .build()?;
    let administrator =
        Client::builder().base_url(iam.base_url()).personal_access_token(administrator).build()?;

    // The key is made here and only its public part leaves. `to_pem` is what a secret store keeps.
    let old = LocalSigner::generate("2026-11", Algorithm::Es256)?;
    let input = models::CreateTokenInput::new(
        "nightly job",
        models::TokenPrivateKeyAuthenticationMethodDto::new(
            models::AuthenticationMethodType::PrivateKey,
            Algorithm::Es256.into(),
            key_set([&old]),
        ),
    );
    let token = administrator.tokens().create_token(input).await?;
    println!("registered {} with the key 2026-11", token.name);

    let credential = |signer: &LocalSigner| {
        PersonalAccessToken::builder()
            .token_id(token.id)
            .signer(signer.clone())
            .token_endpoint(iam.token_endpoint())
            .build()
    };
    let job = administrator.with_personal_access_token(credential(&old)?)?;
    println!("the old key signs in: {}", job.sts().whoami().await?.principal_id);

    // 1. Both keys are registered, each under its own id. Programs with the old one do not notice.
    let new = LocalSigner::generate("2026-12", Algorithm::Es256)?;
    register(&administrator, token.id, [&old, &new]).await?;
    administrator.with_personal_access_token(credential(&old)?)?.sts().whoami().await?;

    // 2. Every program gets the new key: a client with it shares all but the credential with the one before.
    let job_with_new_key = job.with_personal_access_token(credential(&new)?)?;
    println!("the new key signs in: {}", job_with_new_key.sts().whoami().await?.principal_id);

    // 3. The old key is withdrawn. Tokens that were fetched with it are valid until they expire.
    register(&administrator, token.id, [&new]).await?;
    job.sts().whoami().await?;
    job_with_new_key.sts().whoami().await?;
    let late = administrator.with_personal_access_token(credential(&old)?)?;
    match late.sts().whoami().await {
        Ok(who) => return Err(format!("the old key still signs in {}", who.principal_id).into()),
        Err(error) => println!("the old key is refused: {error}"),
    }
    Ok(())
}

/// Replaces the public keys of a personal access token.
async fn register<'a>(
    administrator: &Client,
    token_id: uuid::Uuid,
    signers: impl IntoIterator<Item = &'a LocalSigner>,
) -> Result<(), affinidi_tdk_iam_client::Error> {
    let method = models::UpdateTokenPrivateKeyAuthenticationMethodDto::new()
        .with_type(models::AuthenticationMethodType::PrivateKey)
        .with_signing_algorithm(Algorithm::Es256.into())
        .with_public_key_info(key_set(signers));
    let input = models::UpdateTokenInput::new().with_authentication_method(method);
    administrator.tokens().update_token(token_id, input).await.map(drop)
}

fn key_set<'a>(
    signers: impl IntoIterator<Item = &'a LocalSigner>,
) -> models::TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfo {
    let keys = models::JsonWebKeySetDto::new(signers.into_iter().map(LocalSigner::public_jwk));
    models::TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoJwks::new(keys).into()
}

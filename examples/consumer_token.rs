//! The main job: get a consumer token for a DID.
//!
//! ```sh
//! cargo run --example consumer_token                                              # the local service, started here
//! cargo run --example consumer_token -- --base-url https://apse1.api.affinidi.io/iam
//! IAM_BASE_URL=http://127.0.0.1:8080/iam cargo run --example consumer_token
//! ```

#![allow(clippy::disallowed_methods, reason = "the clock of src/clock.rs is not public")]

use std::error::Error;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use affinidi_iam_local::LocalIam;
use affinidi_tdk_iam_client::{Client, models};
use aws_lc_rs::encoding::{AsBigEndian, EcPublicKeyCompressedBin};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use serde_json::{Value, json};

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
    // The service to call: the one that was named, or one that lives as long as this program.
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

    // The consumer: a new key, and the DID that is made of it.
    let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?;
    let did = did_key(&key)?;
    println!("made a key for {did}");

    // The job.
    let audience = format!("{}/v1/consumer/oauth2/token", client.base_url());
    let assertion = assertion(&key, &did, &audience)?;
    let input = models::ConsumerAuthTokenEndpointInput::new(
        models::GrantType::ClientCredentials,
        models::ClientAssertionType::JwtBearer,
        assertion,
    )
    .with_client_id(&did);
    let output = client.consumer_auth().consumer_auth_token_endpoint(input).await?;

    println!("the service answered {output:#?}");
    let token = output.access_token.ok_or("the answer holds no access token")?;
    println!("the token says {:#}", claims(&token)?);
    Ok(())
}

/// The base URL given with `--base-url` or in `IAM_BASE_URL`.
fn named_base_url() -> Result<Option<String>, Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some("--base-url") => Ok(Some(arguments.next().ok_or("--base-url needs a URL")?)),
        Some(other) => Err(format!("unknown argument {other}: only --base-url URL is known").into()),
        None => Ok(std::env::var("IAM_BASE_URL").ok().filter(|url| !url.is_empty())),
    }
}

/// The DID of a P-256 key (the did:key method): multibase base58btc of the multicodec `p256-pub` and the compressed point.
fn did_key(key: &EcdsaKeyPair) -> Result<String, Box<dyn Error>> {
    let point: EcPublicKeyCompressedBin = key.public_key().as_be_bytes()?;
    let mut bytes = vec![0x80, 0x24];
    bytes.extend_from_slice(point.as_ref());
    Ok(format!("did:key:z{}", bs58::encode(bytes).into_string()))
}

/// A client assertion (RFC 7523, section 2.2), signed with ES256.
fn assertion(key: &EcdsaKeyPair, did: &str, audience: &str) -> Result<String, Box<dyn Error>> {
    let random = SystemRandom::new();
    let mut id = [0; 16];
    aws_lc_rs::rand::fill(&mut id)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let key_id = format!("{did}#{}", did.trim_start_matches("did:key:"));
    let header = json!({ "alg": "ES256", "typ": "JWT", "kid": key_id });
    let claims = json!({
        "iss": did, "sub": did, "aud": audience,
        "jti": uuid::Uuid::from_bytes(id), "iat": now, "exp": now + 300,
    });
    let text = format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(claims.to_string()));
    let signature = key.sign(&random, text.as_bytes())?;
    Ok(format!("{text}.{}", BASE64.encode(signature)))
}

/// What a token says, unverified: it comes straight from the service that issued it.
fn claims(token: &str) -> Result<Value, Box<dyn Error>> {
    let payload = token.split('.').nth(1).ok_or("the access token is no JSON Web Token")?;
    Ok(serde_json::from_slice(&BASE64.decode(payload)?)?)
}

//! Keys and the HTTP client of Affinidi's TDK with this SDK, against the local service. `run` builds and runs it; the guide "With
//! Affinidi's TDK for Rust" shows the parts that a program needs.

mod http;
mod managed_key;
mod secret;
mod server;

use std::error::Error as StdError;

use affinidi_iam_local::LocalIam;
use affinidi_secrets_resolver::secrets::Secret;
use affinidi_secrets_resolver::{SecretsResolver, SimpleSecretsResolver};
use affinidi_tdk_common::create_http_client;
use affinidi_tdk_common::environments::TDKEnvironment;
use affinidi_tdk_iam_client::auth::{Algorithm, ConsumerCredential, DidSigner, Signer};
use affinidi_tdk_iam_client::{Client, ClientBuilder, models};
use serde_json::json;

use crate::http::client_for;
use crate::managed_key::ManagedKey;
use crate::secret::local_signer;
use crate::server::Server;

type Outcome = Result<(), Box<dyn StdError>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let iam = LocalIam::start().await?;
    secrets(&iam).await?;
    managed_keys(&iam).await?;
    http_clients(&iam).await
}

/// A secret of their resolver becomes a signer, in both forms in which profiles keep it.
async fn secrets(iam: &LocalIam) -> Outcome {
    let generated = [
        (Secret::generate_p256(None, None)?, Algorithm::Es256),
        (Secret::generate_ed25519(None, None), Algorithm::EdDsa),
        (Secret::generate_secp256k1(None, None)?, Algorithm::Es256k),
    ];
    for (secret, algorithm) in generated {
        let secret = named(secret)?;
        let multikey = json!({
            "id": secret.id,
            "type": "Multikey",
            "privateKeyMultibase": secret.get_private_keymultibase()?,
        });
        for kept in [serde_json::to_value(&secret)?, multikey] {
            let resolver = SimpleSecretsResolver::new(&[serde_json::from_value(kept)?]).await;
            let secret = resolver.get_secret(&secret.id).await.ok_or("the resolver has no such secret")?;
            let signer = local_signer(&secret)?;
            assert_eq!((signer.key_id(), signer.algorithm()), (secret.id.as_str(), algorithm));
            use_signer(Client::builder().base_url(iam.base_url()), signer).await?;
        }
        println!("a secret becomes a signer for {algorithm}");
    }

    let p521 = local_signer(&named(Secret::generate_p521(None, None)?)?)?;
    assert_eq!(p521.algorithm(), Algorithm::Es512);
    for (secret, reason) in [
        (Secret::generate_x25519(None, None)?, "it is for key agreement (X25519) and cannot sign"),
        (Secret::generate_p384(None, None)?, "on another curve than those that are supported"),
    ] {
        let refused = local_signer(&named(secret)?).err().ok_or("the key cannot sign here")?;
        assert!(refused.to_string().contains(reason), "{refused}");
        println!("refused: {refused}");
    }
    Ok(())
}

/// A signer of theirs becomes one of ours. Secrets stand for a key management service: they are such signers as well.
async fn managed_keys(iam: &LocalIam) -> Outcome {
    let generated = [
        (Secret::generate_p256(None, None)?, Algorithm::Es256),
        (Secret::generate_ed25519(None, None), Algorithm::EdDsa),
    ];
    for (secret, algorithm) in generated {
        let signer = ManagedKey::new(named(secret)?)?;
        assert_eq!(signer.algorithm(), algorithm);
        use_signer(Client::builder().base_url(iam.base_url()), signer).await?;
        println!("a signer of the TDK becomes a signer for {algorithm}");
    }

    for secret in [Secret::generate_secp256k1(None, None)?, Secret::generate_x25519(None, None)?] {
        let refused = ManagedKey::new(secret).err().ok_or("a key that their signer does not sign with")?;
        assert!(refused.is_credential(), "{refused}");
    }
    Ok(())
}

/// Their HTTP client works, but follows redirects; the built-in one with the same certificate authorities does not.
async fn http_clients(iam: &LocalIam) -> Outcome {
    let environment = TDKEnvironment::default();
    let theirs = create_http_client(&environment.load_ssl_certificates()?)?;
    let theirs = || Ok(Client::builder().http_client(theirs.clone()));
    let ours = || client_for(&environment);
    let builders: [(&dyn Fn() -> Result<ClientBuilder, Box<dyn StdError>>, bool); 2] =
        [(&theirs, true), (&ours, false)];
    for (builder, follows) in builders {
        let key = || named(Secret::generate_ed25519(None, None));
        use_signer(builder()?.base_url(iam.base_url()), ManagedKey::new(key()?)?).await?;

        let elsewhere = Server::start("HTTP/1.1 200 OK".to_owned()).await?;
        let location = format!("HTTP/1.1 307 Temporary Redirect\r\nlocation: {}/", elsewhere.url);
        let service = Server::start(location).await?;
        let signer = ManagedKey::new(key()?)?;
        use_signer(builder()?.base_url(&service.url), signer).await.err().ok_or("nobody issued a token")?;
        assert!(!service.requests().is_empty());
        let leaked = elsewhere.requests().iter().any(|request| request.contains("client_assertion\":"));
        assert_eq!(leaked, follows);
    }
    println!(
        "both HTTP clients call the service; a redirect takes the assertion elsewhere with that of the TDK only"
    );
    Ok(())
}

/// Gives a key the `did:key` that it is.
fn named(mut secret: Secret) -> Result<Secret, Box<dyn StdError>> {
    let key = secret.get_public_keymultibase()?;
    secret.id = format!("did:key:{key}#{key}");
    Ok(secret)
}

/// Fetches a consumer token with the signer and uses it.
async fn use_signer(builder: ClientBuilder, signer: impl DidSigner) -> Outcome {
    let consumer = ConsumerCredential::builder().signer(signer).build()?;
    let client = builder.consumer_credential(consumer).build()?;
    let friend = named(Secret::generate_ed25519(None, None))?;
    let input = models::GrantAccessInput::new(local_signer(&friend)?.did(), [models::RightsEnum::VfsRead]);
    assert!(client.authz().grant_access_vfs(input).await?.success);
    Ok(())
}

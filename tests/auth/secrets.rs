//! Nothing that the module owns prints a secret.

use std::fmt::Debug;

use affinidi_tdk_iam_client::auth::{
    AccessToken, ConsumerCredential, DidKeySigner, FetchedToken, PersonalAccessToken, StaticToken,
    TokenCache, TokenVerifier,
};
use affinidi_tdk_iam_client::{Client, Error};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::keys::{P256, PASSPHRASE};
use crate::support::{Service, json as answer};

const TOKEN: &str = "s3cr3t-t0k3n";
const ENCRYPTED: &str = include_str!("keys/p521-scrypt-aes256.pem");

/// Everything that was printed, searched for what must not be there.
#[derive(Default)]
struct Printed(Vec<String>);

impl Printed {
    fn print(&mut self, value: &impl Debug) {
        self.0.push(format!("{value:?} {value:#?}"));
    }

    fn print_error(&mut self, error: &Error) {
        self.print(error);
        self.0.push(error.to_string());
        let mut source = std::error::Error::source(error);
        while let Some(error) = source {
            self.0.push(format!("{error} {error:?}"));
            source = error.source();
        }
    }

    fn search(&self, service: &Service) {
        let mut secrets = vec![TOKEN.to_owned(), PASSPHRASE.to_owned()];
        for pem in [P256, ENCRYPTED] {
            secrets.extend(
                pem.lines().filter(|line| line.len() > 20 && !line.starts_with('-')).map(str::to_owned),
            );
        }
        for request in service.requests() {
            let body = String::from_utf8_lossy(&request.body).into_owned();
            secrets.extend(
                body.split(['=', '&', '"']).filter(|part| part.starts_with("eyJ")).map(str::to_owned),
            );
        }
        assert!(secrets.iter().any(|secret| secret.starts_with("eyJ")), "there are assertions to look for");
        for printed in &self.0 {
            for secret in &secrets {
                assert!(!printed.contains(secret.as_str()), "{secret:.40} in {printed}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_that_is_printed_holds_a_secret() {
    let mut printed = Printed::default();
    // A service that repeats in its errors what it was sent.
    let service = Service::new(|request| {
        let body = String::from_utf8_lossy(&request.body).replace('"', "'");
        let authorization = request.headers.get("authorization").map_or("", |value| value.to_str().unwrap());
        answer(400, &format!(r#"{{"error":"invalid_client","error_description":"{body} {authorization}"}}"#))
    });

    let builder = || {
        PersonalAccessToken::builder()
            .token_id("t")
            .project_id("9de103a4-35d7-4b0f-8aa2-9dcd8ee4b321")
            .private_key_pem(ENCRYPTED)
            .passphrase(PASSPHRASE)
            .token_endpoint("https://auth.example.org/token")
    };
    printed.print(&builder());
    for wrong in [
        builder().passphrase("wrong-passphrase"),
        builder().private_key_pem(&ENCRYPTED[..200]),
        builder().algorithm("RS256"),
    ] {
        printed.print_error(&wrong.build().unwrap_err());
    }
    let credential = builder().build().unwrap();
    printed.print(&credential);
    printed.print(&credential.for_project("e30f4404-b898-45f1-903e-80af808ad60c"));
    printed.print(&credential.iota_token("c", "did:key:z1", None).await.unwrap());

    let signer = DidKeySigner::from_pem(P256).unwrap();
    printed.print(&signer);
    let consumer = ConsumerCredential::builder().signer(signer);
    printed.print(&consumer);
    let consumer = consumer.build().unwrap();
    printed.print(&consumer);

    let token = AccessToken::new(TOKEN).unwrap();
    let fetched = FetchedToken::new(token.clone(), None);
    let source = fetched.clone();
    let cache = TokenCache::new(move || std::future::ready(Ok(source.clone())));
    cache.token().await.unwrap();
    printed.print(&token);
    printed.print(&fetched);
    printed.print(&StaticToken::new(TOKEN));
    printed.print(&cache);
    printed.print_error(&AccessToken::new(format!("{TOKEN} {TOKEN}")).unwrap_err());

    let client = Client::builder()
        .base_url("https://api.example.org/iam")
        .transport(service.clone())
        .personal_access_token(credential)
        .consumer_credential(consumer)
        .user_token(cache);
    printed.print(&client);
    let client = client.build().unwrap();
    printed.print(&client);
    printed.print(&TokenVerifier::builder(&client).any_issuer().any_audience().any_project());
    printed
        .print(&TokenVerifier::builder(&client).any_issuer().any_audience().any_project().build().unwrap());
    printed.print_error(&client.sts().whoami().await.unwrap_err());
    printed.print_error(&client.policies().get_policies("t", "token".into()).await.unwrap_err());
    printed.print_error(&client.authz().delete_access_vfs("did:key:z1").await.unwrap_err());
    let verifier = TokenVerifier::builder(&client).any_issuer().any_audience().any_project().build().unwrap();
    printed.print_error(&verifier.verify(TOKEN).await.unwrap_err());
    let jwt = [r#"{"alg":"none"}"#, "{}", TOKEN].map(|part| URL_SAFE_NO_PAD.encode(part)).join(".");
    let error = verifier.verify(&jwt).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains(&jwt));

    for request in service.requests() {
        printed.print(&request);
    }
    printed.search(&service);
}

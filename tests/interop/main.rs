//! Other people's implementations of the same standards. The scripts beside this file install those, run these tests, and say
//! what they are: `jwts.sh` and `oidc-provider.sh`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::sync::{Arc, Mutex};

use affinidi_tdk_iam_client::auth::{
    Algorithm, ConsumerCredential, DidKeySigner, LocalSigner, PersonalAccessToken, TokenVerifier,
};
use affinidi_tdk_iam_client::http::StatusCode;
use affinidi_tdk_iam_client::transport::{Transport, TransportFuture, TransportRequest, TransportResponse};
use affinidi_tdk_iam_client::{Client, models};
use serde_json::{Value, json};

const RSA: &str = include_str!("../auth/keys/rsa.pem");
const P256: &str = include_str!("../auth/keys/p256.pem");
const P521: &str = include_str!("../auth/keys/p521.pem");
const SECP256K1: &str = include_str!("../auth/keys/secp256k1.pem");
const ED25519: &str = include_str!("../auth/keys/ed25519.pem");
const ALGORITHMS: [(&str, &str); 4] = [("RS256", RSA), ("RS512", RSA), ("ES256", P256), ("ES512", P521)];

/// Answers everything alike and remembers what it was sent.
#[derive(Clone)]
struct Canned(String, Arc<Mutex<Vec<TransportRequest>>>);

impl Canned {
    fn new(answer: &Value) -> Self {
        Self(answer.to_string(), Arc::default())
    }
}

impl Transport for Canned {
    fn send(&self, request: TransportRequest) -> TransportFuture<'_> {
        self.1.lock().unwrap().push(request);
        Box::pin(async { Ok(TransportResponse::new(StatusCode::OK, self.0.clone())) })
    }
}

fn variable(name: &str) -> String {
    std::env::var(name).expect("the script sets it")
}

/// The assertion with which a consumer asks for its token.
async fn consumer_assertion(pem: &str) -> String {
    let transport = Canned::new(&json!({}));
    let signer = DidKeySigner::from_pem(pem).unwrap();
    let consumer = ConsumerCredential::builder().signer(signer).transport(transport.clone()).build().unwrap();
    consumer.token().await.unwrap_err();
    let body: Value = serde_json::from_slice(&transport.1.lock().unwrap()[0].body).unwrap();
    body["client_assertion"].as_str().unwrap().to_owned()
}

/// A token, and the key that signed it as it is written for others.
fn written(algorithm: &str, pem: &str, audience: &str, token: &str) -> Value {
    let signer = LocalSigner::from_pem("k", pem).unwrap();
    let (pem, jwk) = (signer.to_pem().unwrap(), signer.public_jwk());
    json!({ "alg": algorithm, "audience": audience, "token": token, "pem": pem, "jwk": jwk })
}

#[tokio::test]
#[ignore = "run by jwts.sh"]
async fn tokens_are_written_for_others_to_verify() {
    let mut tokens = vec![];
    for (algorithm, pem) in ALGORITHMS {
        let credential = PersonalAccessToken::builder()
            .token_id("t-1")
            .project_id("9de103a4-35d7-4b0f-8aa2-9dcd8ee4b321")
            .private_key_pem(pem)
            .algorithm(algorithm)
            .build()
            .unwrap();
        let iota = credential.iota_token("c-1", "did:key:z1", None).await.unwrap();
        let (token, audience) = (iota.token.secret(), "did:key:z1");
        tokens.push(written(algorithm, pem, audience, token));
    }
    for (algorithm, pem) in [("ES256", P256), ("ES256K", SECP256K1), ("EdDSA", ED25519)] {
        let audience = "https://apse1.api.affinidi.io/iam/v1/consumer/oauth2/token";
        tokens.push(written(algorithm, pem, audience, &consumer_assertion(pem).await));
    }
    std::fs::write(variable("OUR_TOKENS"), Value::Array(tokens).to_string()).unwrap();
}

#[tokio::test]
#[ignore = "run by jwts.sh"]
async fn tokens_of_others_verify() {
    let file: Value = serde_json::from_slice(&std::fs::read(variable("THEIR_TOKENS")).unwrap()).unwrap();
    for private in file["private"].as_array().unwrap() {
        let kid = private["kid"].as_str().unwrap();
        let own = LocalSigner::from_jwk(kid, private.to_string()).unwrap().public_jwk();
        let of = |public: &&Value| public["kid"] == kid;
        let public = file["jwks"]["keys"].as_array().unwrap().iter().find(of).unwrap();
        assert_eq!(serde_json::to_value(own).unwrap(), *public);
    }
    let client = Client::builder().transport(Canned::new(&file["jwks"])).build().unwrap();
    let verifier = TokenVerifier::builder(&client)
        .issuer("them")
        .audience("us")
        .consumers()
        .algorithms([
            Algorithm::Rs256,
            Algorithm::Rs512,
            Algorithm::Es256,
            Algorithm::Es512,
            Algorithm::Es256k,
            Algorithm::EdDsa,
        ])
        .build()
        .unwrap();
    let tokens = file["tokens"].as_array().unwrap();
    assert_eq!(tokens.len(), 6);
    for token in tokens {
        let token = token.as_str().unwrap();
        assert_eq!(
            verifier.verify(token).await.unwrap().subject.as_deref(),
            Some("did:web:somebody.example"),
            "{token}"
        );
        let (signed, signature) = token.rsplit_once('.').unwrap();
        // Another first character changes bits that are part of the signature.
        let other = if signature.starts_with('A') { 'B' } else { 'A' };
        let error = verifier.verify(&format!("{signed}.{other}{}", &signature[1..])).await.unwrap_err();
        assert!(error.is_token_rejected());
    }
}

#[tokio::test]
#[ignore = "run by oidc-provider.sh"]
async fn all_four_algorithms_get_tokens_from_oidc_provider() {
    let endpoint = variable("OIDC_TOKEN_ENDPOINT");
    let builder = |algorithm: &str, pem| {
        PersonalAccessToken::builder()
            .token_id(format!("pat-{algorithm}"))
            .key_id(format!("key-{algorithm}"))
            .private_key_pem(pem)
            .algorithm(algorithm)
            .token_endpoint(&endpoint)
    };
    for (algorithm, pem) in ALGORITHMS {
        // Twice, because an assertion is accepted once.
        let first = builder(algorithm, pem).build().unwrap().user_token().await.unwrap();
        let second = builder(algorithm, pem).build().unwrap().user_token().await.unwrap();
        assert_ne!(first, second, "{algorithm}");

        // The user token mints a project token; the gateway is in the test, because the provider has no projects.
        let gateway = Canned::new(&json!({ "accessToken": "project", "expiresIn": 300, "scope": "s" }));
        let user = builder(algorithm, pem).build().unwrap();
        user.user_token().await.unwrap();
        let client = Client::builder().transport(gateway).user_token(move || {
            let user = user.clone();
            async move { user.user_token().await }
        });
        let input = models::CreateProjectScopedTokenInput::new("9de103a4-35d7-4b0f-8aa2-9dcd8ee4b321");
        let minted = client.build().unwrap().sts().create_project_scoped_token(input).await.unwrap();
        assert_eq!(minted.access_token, "project");
    }
    let error = builder("ES256", P256).token_id("pat-RS256").build().unwrap().user_token().await.unwrap_err();
    assert!(error.is_credential() && error.is_unauthorized(), "{error}");
    assert_eq!(error.service_error().unwrap().name(), Some("invalid_client"));
}

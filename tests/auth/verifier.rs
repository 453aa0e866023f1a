//! Verifying tokens: of the local service, and of keys in the test.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use affinidi_iam_local::LocalIam;
use affinidi_tdk_iam_client::auth::{
    Algorithm, ConsumerCredential, DidKeySigner, PersonalAccessToken, TokenRejection, TokenVerifier,
    TokenVerifierBuilder,
};
use affinidi_tdk_iam_client::{Client, RetryPolicy};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::advance;

use crate::support::{Service, json as answer};

const ISSUER: &str = "https://issuer.example.org";
const AUDIENCE: &str = "https://shop.example.org";

/// A P-256 key that issues tokens.
struct Issuer(EcdsaKeyPair);

impl Issuer {
    fn new() -> Self {
        Self(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())
    }

    fn jwk(&self, kid: &str) -> Value {
        let point = self.0.public_key().as_ref();
        json!({ "kid": kid, "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig",
                "x": encode(&point[1..33]), "y": encode(&point[33..]) })
    }

    fn token(&self, header: &Value, claims: &Value) -> String {
        let signed = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
        let signature = self.0.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
        format!("{signed}.{}", encode(signature))
    }
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

fn header(kid: &str) -> Value {
    json!({ "alg": "ES256", "typ": "at+jwt", "kid": kid })
}

fn claims() -> Value {
    json!({ "iss": ISSUER, "aud": AUDIENCE, "sub": "token/1", "exp": now() + 300, "iat": now(), "scope": "a b",
            "project_id": "p-1", "act": { "sub": "did:x:1" }, "tier": "gold" })
}

fn with(mut base: Value, member: &str, value: Value) -> Value {
    base[member] = value;
    base
}

fn serving(keys: impl Fn() -> Vec<Value> + Send + Sync + 'static) -> Service {
    Service::new(move |_| answer(200, &json!({ "keys": keys() }).to_string()))
}

fn builder(service: &Service) -> TokenVerifierBuilder {
    let once = RetryPolicy::never();
    let client = Client::builder().transport(service.clone()).retry_policy(once).build().unwrap();
    TokenVerifier::builder(&client).issuer(ISSUER).audience(AUDIENCE)
}

#[tokio::test]
async fn tokens_of_the_local_service_verify() {
    let iam = LocalIam::start().await.unwrap();
    let client = Client::builder().base_url(iam.base_url()).build().unwrap();
    let verifier =
        TokenVerifier::builder(&client).issuer(iam.base_url()).audience(iam.base_url()).build().unwrap();
    let pat = PersonalAccessToken::builder()
        .token_id(iam.seeds().token_id())
        .project_id(iam.seeds().project_id())
        .private_key_pem(iam.seeds().private_key_pem())
        .token_endpoint(iam.token_endpoint())
        .base_url(iam.base_url())
        .build()
        .unwrap();
    let token = pat.project_token().await.unwrap();
    let claims = verifier.verify(token.secret()).await.unwrap();
    assert_eq!(claims.project_id.unwrap(), iam.seeds().project_id().to_string());

    let signer = DidKeySigner::generate(Algorithm::EdDsa).unwrap();
    let consumer = ConsumerCredential::builder().signer(signer).base_url(iam.base_url()).build().unwrap();
    let token = consumer.token().await.unwrap();
    assert_eq!(verifier.verify(token.secret()).await.unwrap().subject.as_deref(), Some(consumer.did()));

    // A key that came after the verifier fetched the others, within the interval of the next fetch.
    let rotate = reqwest::Client::new().post(format!("{}/signing-keys", iam.management_url()));
    rotate.header("content-type", "application/json").body("{}").send().await.unwrap();
    let other = ConsumerCredential::builder()
        .signer(DidKeySigner::generate(Algorithm::Es256k).unwrap())
        .base_url(iam.base_url())
        .build()
        .unwrap();
    let token = other.token().await.unwrap();
    assert_eq!(verifier.verify(token.secret()).await.unwrap_err().rejection(), Some(TokenRejection::Key));
    let patient =
        TokenVerifier::builder(&client).any_issuer().any_audience().refetch_interval(Duration::ZERO);
    patient.build().unwrap().verify(token.secret()).await.unwrap();
}

#[tokio::test]
async fn claims_are_typed_and_unknown_ones_are_kept() {
    let issuer = Issuer::new();
    let keys = vec![Issuer::new().jwk("0"), issuer.jwk("1")];
    let verifier = builder(&serving(move || keys.clone())).build().unwrap();
    let claims = verifier.verify(&issuer.token(&header("1"), &claims())).await.unwrap();
    assert_eq!(claims.subject.as_deref(), Some("token/1"));
    assert_eq!(claims.audience, [AUDIENCE]);
    assert_eq!(claims.scope.as_deref(), Some("a b"));
    assert_eq!(claims.actor.unwrap().subject.as_deref(), Some("did:x:1"));
    assert_eq!(claims.additional["tier"], "gold");
}

#[tokio::test]
async fn each_bad_token_is_refused_by_the_check_that_it_fails() {
    let (issuer, stranger) = (Issuer::new(), Issuer::new());
    let rsa = crate::keys::public_jwk(crate::keys::RSA, "RS256", "rsa");
    let keys = vec![issuer.jwk("1"), rsa];
    let service = serving(move || keys.clone());
    let verifier = builder(&service).build().unwrap();
    let good = issuer.token(&header("1"), &claims());
    verifier.verify(&good).await.unwrap();

    let changed = |member, value| issuer.token(&header("1"), &with(claims(), member, value));
    let headed = |member, value| issuer.token(&with(header("1"), member, value), &claims());
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let cases = [
        (String::new(), TokenRejection::Format),
        ("a.b.c".into(), TokenRejection::Format),
        (format!("{good}.x"), TokenRejection::Format),
        (format!("{good}="), TokenRejection::Format),
        (format!("Bearer {good}"), TokenRejection::Format),
        ("x".repeat(1 << 20), TokenRejection::Format),
        (headed("crit", json!(["exp"])), TokenRejection::Format),
        (headed("alg", json!("none")), TokenRejection::Algorithm),
        (headed("alg", json!("HS256")), TokenRejection::Algorithm),
        (headed("alg", json!("es256")), TokenRejection::Algorithm),
        (headed("alg", json!("RS256")), TokenRejection::Algorithm),
        (headed("kid", json!("rsa")), TokenRejection::Key),
        (headed("kid", json!("2")), TokenRejection::Key),
        (headed("kid", json!(null)), TokenRejection::Key),
        (stranger.token(&header("1"), &claims()), TokenRejection::Signature),
        (format!("{signed}."), TokenRejection::Signature),
        (format!("{signed}.{}", encode([0; 64])), TokenRejection::Signature),
        (format!("{signed}.{}", &signature[..40]), TokenRejection::Signature),
        (changed("exp", json!(now() - 11)), TokenRejection::Expiration),
        (changed("exp", json!(0)), TokenRejection::Expiration),
        (changed("exp", json!(null)), TokenRejection::Format),
        (changed("exp", json!("never")), TokenRejection::Format),
        (changed("nbf", json!(now() + 30)), TokenRejection::NotBefore),
        (changed("iss", json!("https://other.example.org")), TokenRejection::Issuer),
        (changed("iss", json!(null)), TokenRejection::Issuer),
        (changed("aud", json!("https://other.example.org")), TokenRejection::Audience),
        (changed("aud", json!([])), TokenRejection::Audience),
        (issuer.token(&header("1"), &json!([])), TokenRejection::Format),
    ];
    for (token, check) in cases {
        let error = verifier.verify(&token).await.unwrap_err();
        assert_eq!(error.rejection(), Some(check), "{error}: {token:.200}");
        assert!(error.is_token_rejected());
        assert!(token.len() < 10 || !format!("{error} {error:?}").contains(&token));
    }
    assert_eq!(service.requests().len(), 1, "one fetch, and none for the unknown key so soon after it");
}

#[tokio::test]
async fn leeway_and_lists_of_audiences_are_honoured() {
    let issuer = Issuer::new();
    let keys = vec![issuer.jwk("1")];
    let verifier = builder(&serving(move || keys.clone())).leeway(Duration::from_secs(60)).build().unwrap();
    for (member, value) in [
        ("exp", json!(now() - 30)),
        ("nbf", json!(now() + 30)),
        ("exp", json!(now() as f64 + 0.5)),
        ("aud", json!(["https://other.example.org", AUDIENCE])),
    ] {
        verifier.verify(&issuer.token(&header("1"), &with(claims(), member, value))).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn keys_are_fetched_once_and_again_for_an_unknown_one_but_not_more_often_than_the_interval() {
    let (first, second) = (Issuer::new(), Issuer::new());
    let (one, two) = (first.jwk("1"), second.jwk("2"));
    let rotated = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let is_rotated = rotated.clone();
    let service = serving(move || match is_rotated.load(std::sync::atomic::Ordering::SeqCst) {
        false => vec![one.clone()],
        true => vec![one.clone(), two.clone()],
    })
    .taking(Duration::from_millis(10));
    let verifier = std::sync::Arc::new(builder(&service).build().unwrap());
    let together = |token: String| {
        let mut calls = JoinSet::new();
        for _ in 0..100 {
            let (verifier, token) = (verifier.clone(), token.clone());
            calls.spawn(async move { verifier.verify(&token).await });
        }
        calls.join_all()
    };
    let old = first.token(&header("1"), &claims());
    let new = second.token(&header("2"), &claims());
    assert!(together(old.clone()).await.iter().all(Result::is_ok));
    assert_eq!(service.requests().len(), 1);

    rotated.store(true, std::sync::atomic::Ordering::SeqCst);
    assert!(together(new.clone()).await.iter().all(Result::is_err));
    assert_eq!(service.requests().len(), 1, "within the interval");
    advance(Duration::from_secs(61)).await;
    assert!(together(new).await.iter().all(Result::is_ok));
    assert_eq!(service.requests().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn keys_that_cannot_be_fetched_say_nothing_about_the_token() {
    let service = Service::new(|_| answer(503, "{}")).taking(Duration::from_millis(10));
    let verifier = std::sync::Arc::new(builder(&service).build().unwrap());
    let token = Issuer::new().token(&header("1"), &claims());
    let mut calls = JoinSet::new();
    for _ in 0..100 {
        let (verifier, token) = (verifier.clone(), token.clone());
        calls.spawn(async move { verifier.verify(&token).await.unwrap_err() });
    }
    assert!(calls.join_all().await.iter().all(|error| error.is_server_error() && !error.is_token_rejected()));
    assert_eq!(service.requests().len(), 1, "those who waited share the outcome");
    verifier.verify(&token).await.unwrap_err();
    assert_eq!(service.requests().len(), 1, "too soon after a failure");
    advance(Duration::from_secs(1)).await;
    verifier.verify(&token).await.unwrap_err();
    assert_eq!(service.requests().len(), 2);

    // Tokens with invented keys, one after the other, for a minute.
    for second in 0..60 {
        let token = Issuer::new().token(&header(&second.to_string()), &claims());
        assert!(verifier.verify(&token).await.unwrap_err().is_server_error());
        advance(Duration::from_secs(1)).await;
    }
    let requests = service.requests().len();
    assert!((5..12).contains(&requests), "{requests}: the pauses grow");
}

#[test]
fn a_verifier_that_does_not_know_whom_to_trust_is_refused() {
    let client = Client::new().unwrap();
    for builder in [
        TokenVerifier::builder(&client),
        TokenVerifier::builder(&client).issuer(ISSUER),
        TokenVerifier::builder(&client).audience(AUDIENCE),
        TokenVerifier::builder(&client).any_issuer().any_audience().algorithms([]),
    ] {
        assert!(builder.build().unwrap_err().is_configuration());
    }
}

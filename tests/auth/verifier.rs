//! Verifying tokens: of the local service, and of keys in the test.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use affinidi_iam_local::LocalIam;
use affinidi_tdk_iam_client::auth::{
    Algorithm, ConsumerCredential, DidKeySigner, PersonalAccessToken, TokenRejection, TokenVerifier,
    TokenVerifierBuilder,
};
use affinidi_tdk_iam_client::http::{self, HeaderMap};
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
const SUBJECT: &str = "ari:iam::9de103a4-35d7-4b0f-8aa2-9dcd8ee4b321:token/t-1/client/t-1";

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
    json!({ "iss": ISSUER, "aud": AUDIENCE, "sub": SUBJECT, "exp": now() + 300, "iat": now(), "scp": ["a", "b"],
            "scope": "c", "client_id": "t-1", "jti": "j-1", "tier": "gold" })
}

fn with(mut base: Value, field: &str, value: Value) -> Value {
    base[field] = value;
    base
}

fn serving(keys: impl Fn() -> Vec<Value> + Send + Sync + 'static) -> Service {
    Service::new(move |_| answer(200, &json!({ "keys": keys() }).to_string()))
}

fn builder(service: &Service) -> TokenVerifierBuilder {
    let once = RetryPolicy::never();
    let client = Client::builder().transport(service.clone()).retry_policy(once).build().unwrap();
    TokenVerifier::builder(&client).issuer(ISSUER).audience(AUDIENCE).any_project()
}

/// The claims of a project token as the service issues it (A, 2025).
fn project_token(project_id: &str, principal: &str) -> Value {
    json!({ "iss": "https://apse1.api.affinidi.io/iam", "aud": "elements_api", "client_id": "c-1",
            "sub": format!("ari:iam::{project_id}:{principal}/client/c-1"), "scp": ["elements_api", "service.*"],
            "iat": now(), "exp": now() + 3600, "jti": "j-1" })
}

#[tokio::test]
async fn tokens_as_the_service_issues_them_verify_with_the_first_key_of_five() {
    let issuers: Vec<_> = (0..5).map(|_| Issuer::new()).collect();
    let keys: Vec<_> = issuers.iter().enumerate().map(|(n, issuer)| issuer.jwk(&format!("k-{n}"))).collect();
    let service = serving(move || keys.clone());
    let client = Client::builder().transport(service.clone()).build().unwrap();
    let header = json!({ "alg": "ES256", "typ": "JWT", "kid": "k-0" });
    let verifier = TokenVerifier::for_project(&client, "9de103a4-35d7-4b0f-8aa2-9dcd8ee4b321").unwrap();
    for principal in ["token/t-1", "user/u-1"] {
        let token =
            issuers[0].token(&header, &project_token("9de103a4-35d7-4b0f-8aa2-9dcd8ee4b321", principal));
        let claims = verifier.verify(&token).await.unwrap();
        assert_eq!(
            (claims.project_id(), claims.principal()),
            (Some("9de103a4-35d7-4b0f-8aa2-9dcd8ee4b321"), Some(principal))
        );
        assert_eq!(claims.scopes, ["elements_api", "service.*"]);
        assert!(claims.has_scope("elements_api") && claims.require_scope("service.*").is_ok());
    }
    let foreign =
        issuers[0].token(&header, &project_token("e30f4404-b898-45f1-903e-80af808ad60c", "token/t-1"));
    let error = verifier.verify(&foreign).await.unwrap_err();
    assert_eq!(error.rejection(), Some(TokenRejection::Project), "{error}");
    let any = TokenVerifier::builder(&client).any_project().build().unwrap();
    assert_eq!(
        any.verify(&foreign).await.unwrap().project_id(),
        Some("e30f4404-b898-45f1-903e-80af808ad60c")
    );

    // A consumer token: its key is in a key set of its own.
    let consumer = json!({ "iss": "https://apse1.api.affinidi.io/iam", "aud": "https://apse1.api.affinidi.io",
        "sub": "did:key:zDn1", "iat": now(), "exp": now() + 3600, "jti": "j-2" });
    let consumers = TokenVerifier::builder(&client).consumers().build().unwrap();
    let claims = consumers.verify(&issuers[0].token(&header, &consumer)).await.unwrap();
    assert_eq!((claims.subject.as_deref(), claims.project_id()), (Some("did:key:zDn1"), None));
    let urls: Vec<_> = service.requests().iter().map(|request| request.url.to_string()).collect();
    assert!(urls.contains(&"https://apse1.api.affinidi.io/cid/.well-known/jwks.json".to_owned()), "{urls:?}");
}

#[tokio::test]
async fn each_kind_of_token_is_told_apart() {
    let issuer = Issuer::new();
    let keys = vec![issuer.jwk("1")];
    let service = serving(move || keys.clone());
    let client = Client::builder().transport(service.clone()).build().unwrap();
    let rules = || TokenVerifier::builder(&client).any_issuer().any_audience();
    let projects = rules().project("9de103a4-35d7-4b0f-8aa2-9dcd8ee4b321").build().unwrap();
    let consumers = rules().consumers().build().unwrap();
    let delegates = rules().consumers_and_delegates().build().unwrap();
    let token = |changes: &[(&str, Value)]| {
        let changed =
            changes.iter().fold(claims(), |claims, (name, value)| with(claims, name, value.clone()));
        issuer.token(&header("1"), &changed)
    };
    let consumer = ("sub", json!("did:key:zDn1"));
    let actor = ("act", json!({ "sub": "did:key:zDn2" }));
    for (verifier, token, rejection) in [
        (&projects, token(&[]), None),
        (
            &projects,
            token(&[("sub", json!("ari:iam::e30f4404-b898-45f1-903e-80af808ad60c:token/t-1"))]),
            Some(TokenRejection::Project),
        ),
        (&projects, token(std::slice::from_ref(&consumer)), Some(TokenRejection::ConsumerToken)),
        (&projects, token(&[("sub", json!("u-1"))]), Some(TokenRejection::UserToken)),
        (&projects, token(&[("sub", json!("ari:iam:::user/u-1"))]), Some(TokenRejection::UserToken)),
        (&projects, token(&[("sub", json!(null))]), Some(TokenRejection::UserToken)),
        (&projects, token(std::slice::from_ref(&actor)), Some(TokenRejection::Delegated)),
        (&projects, token(&[("nonce", json!("n"))]), Some(TokenRejection::IdToken)),
        (&projects, token(&[("at_hash", json!(null))]), Some(TokenRejection::IdToken)),
        (&projects, token(&[("iat", json!(now() + 3600))]), Some(TokenRejection::IssuedAt)),
        (&consumers, token(std::slice::from_ref(&consumer)), None),
        (&consumers, token(&[]), Some(TokenRejection::ProjectToken)),
        (&consumers, token(&[consumer.clone(), actor.clone()]), Some(TokenRejection::Delegated)),
        (&consumers, token(&[consumer.clone(), ("act", json!(1))]), Some(TokenRejection::Delegated)),
        (&delegates, token(&[consumer.clone(), actor.clone()]), None),
    ] {
        let outcome = verifier.verify(&token).await;
        assert_eq!(outcome.as_ref().err().and_then(|error| error.rejection()), rejection, "{outcome:?}");
        assert_eq!(outcome.is_err(), rejection.is_some());
    }
    let claims = delegates.verify(&token(&[consumer, actor])).await.unwrap();
    assert_eq!(claims.actor.unwrap().subject.as_deref(), Some("did:key:zDn2"));
}

#[tokio::test]
async fn tokens_of_the_local_service_verify_until_its_keys_change_and_then_after_the_interval() {
    let iam = LocalIam::start().await.unwrap();
    let client = Client::builder().base_url(iam.base_url()).build().unwrap();
    let project_id = iam.seeds().project_id();
    let verifier = TokenVerifier::for_project(&client, project_id).unwrap();
    let pat = || {
        let pat = PersonalAccessToken::builder()
            .token_id(iam.seeds().token_id())
            .project_id(project_id)
            .private_key_pem(iam.seeds().private_key_pem());
        pat.token_endpoint(iam.token_endpoint()).base_url(iam.base_url()).build().unwrap()
    };
    let token = pat().project_token().await.unwrap();
    let claims = verifier.verify(token.secret()).await.unwrap();
    assert_eq!(claims.project_id().unwrap(), project_id.to_string());
    assert_eq!(claims.principal().unwrap(), format!("token/{}", iam.seeds().token_id()));

    let signer = DidKeySigner::generate(Algorithm::EdDsa).unwrap();
    let consumer = ConsumerCredential::builder().signer(signer).base_url(iam.base_url()).build().unwrap();
    let token = consumer.token().await.unwrap();
    let consumers = TokenVerifier::builder(&client).consumers().build().unwrap();
    assert_eq!(consumers.verify(token.secret()).await.unwrap().subject.as_deref(), Some(consumer.did()));
    assert!(verifier.verify(token.secret()).await.unwrap_err().is_token_rejected());

    // A key that came after the verifier fetched the others, within the interval of the next fetch.
    iam.rotate_signing_keys().unwrap();
    let token = pat().project_token().await.unwrap();
    assert_eq!(verifier.verify(token.secret()).await.unwrap_err().rejection(), Some(TokenRejection::Key));
    let impatient = TokenVerifier::builder(&client).project(project_id).refetch_interval(Duration::ZERO);
    impatient.build().unwrap().verify(token.secret()).await.unwrap();
}

#[tokio::test]
async fn claims_are_typed_and_unknown_ones_are_kept() {
    let issuer = Issuer::new();
    let keys = vec![Issuer::new().jwk("0"), issuer.jwk("1")];
    let verifier = builder(&serving(move || keys.clone())).build().unwrap();
    let claims = verifier.verify(&issuer.token(&header("1"), &claims())).await.unwrap();
    assert_eq!(claims.subject.as_deref(), Some(SUBJECT));
    assert_eq!((claims.client_id.as_deref(), claims.token_id.as_deref()), (Some("t-1"), Some("j-1")));
    assert_eq!(claims.audience, [AUDIENCE]);
    assert_eq!(claims.scopes, ["a", "b", "c"]);
    assert_eq!(claims.expires_at, claims.issued_at.unwrap() + Duration::from_secs(300));
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

    let changed = |field, value| issuer.token(&header("1"), &with(claims(), field, value));
    let headed = |field, value| issuer.token(&with(header("1"), field, value), &claims());
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let cases = [
        (String::new(), TokenRejection::Format),
        ("a.b.c".into(), TokenRejection::Format),
        (format!("{good}.x"), TokenRejection::Format),
        (format!("{good}="), TokenRejection::Format),
        (format!("Bearer {good}"), TokenRejection::Format),
        ("x".repeat(1 << 20), TokenRejection::Format),
        (headed("crit", json!(["exp"])), TokenRejection::Format),
        (headed("crit", json!(null)), TokenRejection::Format),
        (headed("typ", json!("dpop+jwt")), TokenRejection::Type),
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

#[tokio::test(start_paused = true)]
async fn keys_have_a_greatest_age_and_serve_twice_as_long_while_the_service_is_away() {
    let issuer = Issuer::new();
    let key = issuer.jwk("1");
    let away = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let is_away = away.clone();
    let service = Service::new(move |_| match is_away.load(std::sync::atomic::Ordering::SeqCst) {
        true => answer(503, "{}"),
        false => answer(200, &json!({ "keys": [key] }).to_string()),
    });
    let verifier = builder(&service).build().unwrap();
    let token = issuer.token(&header("1"), &claims());
    verifier.verify(&token).await.unwrap();
    advance(Duration::from_secs(3599)).await;
    verifier.verify(&token).await.unwrap();
    assert_eq!(service.requests().len(), 1);
    advance(Duration::from_secs(2)).await;
    verifier.verify(&token).await.unwrap();
    assert_eq!(service.requests().len(), 2, "an hour old: fetched again");
    away.store(true, std::sync::atomic::Ordering::SeqCst);
    advance(Duration::from_secs(3700)).await;
    verifier.verify(&token).await.unwrap();
    assert_eq!(service.requests().len(), 3, "tried, and the old keys serve");
    advance(Duration::from_secs(3600)).await;
    assert!(verifier.verify(&token).await.unwrap_err().is_server_error(), "two hours are too old");
}

#[tokio::test(start_paused = true)]
async fn a_receiver_learns_what_to_respond_with() {
    let issuer = Issuer::new();
    let keys = vec![issuer.jwk("1")];
    let verifier = builder(&serving(move || keys.clone())).build().unwrap();
    let good = issuer.token(&header("1"), &claims());
    let expired = issuer.token(&header("1"), &with(claims(), "exp", json!(1)));
    let headers = |values: &[&str]| {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(http::header::AUTHORIZATION, value.parse().unwrap());
        }
        headers
    };
    for scheme in ["Bearer", "bearer", "BEARER", "Bearer "] {
        let claims = verifier.verify_headers(&headers(&[&format!("{scheme} {good}")])).await.unwrap();
        let refusal = claims.require_scope("z\"z").unwrap_err();
        assert_eq!(refusal.status(), 403);
        assert_eq!(refusal.www_authenticate().unwrap(), "Bearer error=\"insufficient_scope\", scope=\"zz\"");
    }
    for (values, status, challenge) in [
        (vec![], 401, "Bearer"),
        (vec!["Basic dTpw".to_owned()], 401, "Bearer"),
        (
            vec![format!("Bearer {expired}")],
            401,
            "Bearer error=\"invalid_token\", error_description=\"the token has",
        ),
        (vec!["Bearer x".to_owned()], 401, "Bearer error=\"invalid_token\""),
        (vec![good.clone()], 400, "Bearer error=\"invalid_request\""),
        (vec!["Bearer".to_owned()], 400, "Bearer error=\"invalid_request\""),
        (vec!["Bearer a b".to_owned()], 400, "Bearer error=\"invalid_request\""),
        (vec![format!("Bearer {good}"), format!("Bearer {good}")], 400, "Bearer error=\"invalid_request\""),
    ] {
        let values: Vec<_> = values.iter().map(String::as_str).collect();
        let refusal = verifier.verify_headers(&headers(&values)).await.unwrap_err();
        assert_eq!(refusal.status(), status, "{values:?}");
        let header = refusal.headers()["www-authenticate"].to_str().unwrap().to_owned();
        assert!(header.starts_with(challenge), "{header}");
        assert!(refusal.retry_after().is_none());
    }
    let away = builder(&Service::new(|_| answer(503, "{}"))).build().unwrap();
    let refusal = away.verify_headers(&headers(&[&format!("Bearer {good}")])).await.unwrap_err();
    assert_eq!((refusal.status().as_u16(), refusal.www_authenticate()), (503, None));
    assert_eq!(refusal.headers()["retry-after"], "1");
    assert!(refusal.error().unwrap().is_server_error());
}

#[test]
fn a_verifier_that_does_not_know_whom_to_trust_is_refused() {
    let client = Client::new().unwrap();
    for builder in [
        TokenVerifier::builder(&client),
        TokenVerifier::builder(&client).issuer(ISSUER).audience(AUDIENCE),
        TokenVerifier::builder(&client).any_project().algorithms([]),
        TokenVerifier::builder(&client).any_project().key_set_url("http://example.org/jwks.json"),
    ] {
        assert!(builder.build().unwrap_err().is_configuration());
    }
    let elsewhere = Client::builder().base_url("https://iam.example.org").build().unwrap();
    let error = TokenVerifier::builder(&elsewhere).consumers().build().unwrap_err();
    assert!(error.is_configuration() && error.to_string().contains("`/iam`"), "{error}");
    assert!(TokenVerifier::for_project(&elsewhere, "9de103a4-35d7-4b0f-8aa2-9dcd8ee4b321").is_ok());
}

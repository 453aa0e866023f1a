//! The consumer token endpoint: who gets a token, and who does not and why.

use std::time::Duration;

use crate::support::*;
use affinidi_iam_local::LocalIam;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde_json::{Value, json};

/// The keys of consumer tokens.
async fn keys(iam: &LocalIam) -> JwkSet {
    reqwest::get(format!("{}/cid/.well-known/jwks.json", gateway(iam))).await.unwrap().json().await.unwrap()
}

/// The claims of `token` after a library that is not ours verified it against the published keys.
async fn verified_claims(iam: &LocalIam, token: &str) -> Value {
    let kid = jsonwebtoken::decode_header(token).unwrap().kid.unwrap();
    let keys = keys(iam).await;
    let key = DecodingKey::from_jwk(keys.find(&kid).unwrap()).unwrap();
    let mut validation = Validation::new(Algorithm::ES256);
    validation.set_audience(&[gateway(iam)]);
    validation.set_issuer(&[iam.base_url()]);
    // The clock of the service is fixed; `exp` is compared by the caller.
    validation.validate_exp = false;
    jsonwebtoken::decode(token, &key, &validation).unwrap().claims
}

#[tokio::test]
async fn each_kind_of_did_key_gets_a_token_that_verifies_against_the_published_keys() {
    let (iam, _) = service().await;
    for consumer in [Consumer::p256(), Consumer::secp256k1(), Consumer::ed25519()] {
        let body = with(&consumer.input(&iam), "client_id", json!(consumer.did));
        let response = post(&endpoint(&iam), &body).await;
        assert_eq!(response.status(), 200, "{}", consumer.alg);
        let output: Value = response.json().await.unwrap();
        assert_eq!(output["token_type"], "Bearer");
        assert_eq!(output["expires_in"], 3600);
        let claims = verified_claims(&iam, output["access_token"].as_str().unwrap()).await;
        assert_eq!(claims["sub"], consumer.did);
        assert_eq!(claims["iat"], NOW);
        assert_eq!(claims["exp"], NOW + 3600);
        uuid::Uuid::parse_str(claims["jti"].as_str().unwrap()).unwrap();
    }
}

#[tokio::test]
async fn an_assertion_signed_by_another_library_is_accepted_on_the_machines_clock() {
    let iam = LocalIam::start().await.unwrap();
    let consumer = Consumer::p256();
    let now = jsonwebtoken::get_current_timestamp();
    let mut claims = consumer.claims(&iam);
    claims["iat"] = json!(now);
    claims["exp"] = json!(now + 300);
    let header = Header { kid: Some(consumer.kid.clone()), ..Header::new(Algorithm::ES256) };
    let key = EncodingKey::from_ec_der(&consumer.pkcs8());
    let assertion = jsonwebtoken::encode(&header, &claims, &key).unwrap();
    assert_eq!(post(&endpoint(&iam), &input(&assertion)).await.status(), 200);
}

#[tokio::test]
async fn the_did_document_holds_the_keys_of_project_tokens() {
    let (iam, _) = service().await;
    let url = format!("{}/.well-known/did.json", iam.base_url());
    let document: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
    let url = format!("{}/.well-known/jwks.json", iam.base_url());
    let keys: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
    let methods = document["verificationMethod"].as_array().unwrap();
    let held: Vec<_> = methods.iter().map(|method| method["publicKeyJwk"].clone()).collect();
    assert_eq!(json!(held), keys["keys"]);
    let port = iam.base_url().split(&[':', '/']).nth(4).unwrap();
    assert_eq!(document["id"], format!("did:web:127.0.0.1%3A{port}:iam"));
}

#[tokio::test]
async fn every_spelling_of_the_endpoint_is_served_and_accepted_as_audience() {
    let (iam, _) = service().await;
    let consumer = Consumer::p256();
    let iam_path = endpoint(&iam);
    let cid_path = iam_path.replace("/iam/", "/cid/");
    for served in [&iam_path, &cid_path] {
        for aud in [&iam_path, &cid_path] {
            for aud in
                [json!(aud), json!(aud.replace("127.0.0.1", "localhost")), json!(["https://other", aud])]
            {
                let claims = with(&consumer.claims(&iam), "aud", aud.clone());
                let assertion = consumer.sign(&consumer.header(), &claims);
                let input = with(&input(&assertion), "client_id", json!(consumer.did));
                assert_eq!(post(served, &input).await.status(), 200, "{served} {aud}");
            }
        }
    }
}

#[tokio::test]
async fn each_claim_is_checked() {
    let (iam, _) = service().await;
    let consumer = Consumer::p256();
    let other = Consumer::p256();
    let cases = [
        ("sub", json!(other.did)),
        ("sub", json!(null)),
        ("aud", json!(iam.base_url())),
        ("aud", json!("https://apse1.api.affinidi.io/iam/v1/consumer/oauth2/token")),
        ("aud", json!([])),
        ("aud", json!(null)),
        ("exp", json!(null)),
        ("exp", json!("soon")),
        ("exp", json!(NOW)),
        ("exp", json!(NOW - 1)),
        ("exp", json!(NOW + 601)),
        ("exp", json!(i64::MAX)),
        ("exp", json!(1e300)),
        ("iat", json!(NOW + 11)),
        ("iat", json!("now")),
        ("nbf", json!(NOW + 11)),
        ("jti", json!(null)),
        ("jti", json!("")),
        ("jti", json!(7)),
    ];
    for (claim, value) in cases {
        let claims = with(&consumer.claims(&iam), claim, value);
        let assertion = consumer.sign(&consumer.header(), &claims);
        let response = post(&endpoint(&iam), &input(&assertion)).await;
        let body = assert_refused(response, 403, "UnauthorizedError", claim).await;
        assert_eq!(body["message"], "Unauthorized");
        assert!(!body.to_string().contains(&assertion), "the assertion is echoed");
    }
}

#[tokio::test]
async fn claims_at_the_edge_of_what_is_allowed_pass() {
    let (iam, _) = service().await;
    let consumer = Consumer::p256();
    let cases = [
        ("exp", json!(NOW + 1)),
        ("exp", json!(NOW + 600)),
        ("exp", json!(NOW as f64 + 0.5)),
        ("iat", json!(NOW + 10)),
        ("iat", json!(null)),
        ("nbf", json!(NOW + 10)),
    ];
    for (claim, value) in cases {
        let claims = with(&consumer.claims(&iam), claim, value.clone());
        let assertion = consumer.sign(&consumer.header(), &claims);
        let response = post(&endpoint(&iam), &input(&assertion)).await;
        assert_eq!(response.status(), 200, "{claim} = {value}: {}", response.text().await.unwrap());
    }
}

#[tokio::test]
async fn the_header_must_name_the_key_and_its_algorithm() {
    let (iam, _) = service().await;
    let consumer = Consumer::p256();
    let cases = [
        ("alg", json!("none")),
        ("alg", json!("HS256")),
        ("alg", json!("ES256K")),
        ("kid", json!(null)),
        ("kid", json!(consumer.did)),
        ("kid", json!(Consumer::p256().kid)),
        ("typ", json!("at+jwt")),
        ("crit", json!(["exp"])),
        ("crit", json!(null)),
    ];
    for (parameter, value) in cases {
        let mut header = consumer.header();
        header[parameter] = value;
        let assertion = consumer.sign(&header, &consumer.claims(&iam));
        let response = post(&endpoint(&iam), &input(&assertion)).await;
        assert_refused(response, 403, "UnauthorizedError", parameter).await;
    }
}

#[tokio::test]
async fn a_signature_that_is_not_the_dids_is_refused() {
    let (iam, _) = service().await;
    let consumer = Consumer::p256();
    let stranger = Consumer::p256();
    let forged = stranger.sign(&consumer.header(), &consumer.claims(&iam));
    let genuine = consumer.assertion(&iam);
    let (signed, _) = genuine.rsplit_once('.').unwrap();
    let unsigned = format!("{signed}.");
    let zeroes = format!("{signed}.{}", encode([0; 64]));
    for assertion in [forged, unsigned, zeroes] {
        let response = post(&endpoint(&iam), &input(&assertion)).await;
        assert_refused(response, 403, "UnauthorizedError", "signature").await;
    }
    assert_eq!(post(&endpoint(&iam), &input(&genuine)).await.status(), 200, "refusals do not use up the jti");
}

#[tokio::test]
async fn the_client_id_must_be_the_did_that_signed() {
    let (iam, _) = service().await;
    let body = with(&Consumer::p256().input(&iam), "client_id", json!(Consumer::p256().did));
    assert_refused(post(&endpoint(&iam), &body).await, 403, "UnauthorizedError", "client_id").await;
}

#[tokio::test]
async fn an_assertion_is_accepted_once() {
    let (iam, clock) = service().await;
    let consumer = Consumer::p256();
    let body = consumer.input(&iam);
    assert_eq!(post(&endpoint(&iam), &body).await.status(), 200);
    assert_refused(post(&endpoint(&iam), &body).await, 403, "UnauthorizedError", "jti").await;
    clock.advance(Duration::from_secs(299));
    assert_refused(post(&endpoint(&iam), &body).await, 403, "UnauthorizedError", "jti").await;
    clock.advance(Duration::from_secs(1));
    assert_refused(post(&endpoint(&iam), &body).await, 403, "UnauthorizedError", "exp").await;
}

#[tokio::test]
async fn of_many_uses_at_once_one_succeeds() {
    let (iam, _) = service().await;
    let body = Consumer::p256().input(&iam);
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (url, body) = (endpoint(&iam), body.clone());
        calls.spawn(async move { post(&url, &body).await.status().as_u16() });
    }
    let mut statuses = calls.join_all().await;
    statuses.sort_unstable();
    assert_eq!((statuses[0], &statuses[1..]), (200, &[403; 19][..]));
}

#[tokio::test]
async fn the_same_jti_of_another_did_is_another_assertion() {
    let (iam, _) = service().await;
    for consumer in [Consumer::p256(), Consumer::p256()] {
        let claims = with(&consumer.claims(&iam), "jti", json!("1"));
        let assertion = consumer.sign(&consumer.header(), &claims);
        assert_eq!(post(&endpoint(&iam), &input(&assertion)).await.status(), 200);
    }
}

#[tokio::test]
async fn a_did_that_cannot_be_resolved_is_an_invalid_did() {
    let (iam, _) = service().await;
    let consumer = Consumer::p256();
    let key = consumer.did.trim_start_matches("did:key:");
    let not_on_curve =
        format!("did:key:z{}", bs58::encode([&[0x80, 0x24, 2][..], &[0xff; 32]].concat()).into_string());
    for did in [
        "did:web:example.com",
        "did:key:",
        "did:key:z",
        "did:key:z0OIl",
        "not a did",
        key,
        &consumer.did[..consumer.did.len() - 3],
        &format!("did:key:z{}", "1".repeat(100_000)),
        &not_on_curve,
    ] {
        let claims = with(&consumer.claims(&iam), "iss", json!(did));
        let assertion = consumer.sign(&consumer.header(), &claims);
        assert_refused(post(&endpoint(&iam), &input(&assertion)).await, 400, "InvalidDIDError", "iss").await;
    }
    let claims = with(&consumer.claims(&iam), "iss", json!(null));
    let assertion = consumer.sign(&consumer.header(), &claims);
    assert_refused(post(&endpoint(&iam), &input(&assertion)).await, 403, "UnauthorizedError", "iss").await;
}

#[tokio::test]
async fn each_field_of_the_body_is_checked() {
    let (iam, _) = service().await;
    let consumer = Consumer::p256();
    let cases = [
        ("grant_type", json!(null)),
        ("grant_type", json!("password")),
        ("grant_type", json!(1)),
        ("client_assertion_type", json!(null)),
        ("client_assertion_type", json!("saml")),
        ("client_assertion", json!(null)),
        ("client_assertion", json!(["a"])),
        ("client_id", json!(5)),
        ("scope", json!("openid")),
        ("resource", json!("x")),
    ];
    for (field, value) in cases {
        let body = with(&consumer.input(&iam), field, value);
        assert_refused(post(&endpoint(&iam), &body).await, 400, "BadRequestError", field).await;
    }
    for value in ["a.b.c", ""] {
        let response = post(&endpoint(&iam), &input(value)).await;
        assert_refused(response, 400, "InvalidParameterError", "client_assertion").await;
    }
}

#[tokio::test]
async fn a_body_that_is_not_a_json_object_is_refused() {
    let (iam, _) = service().await;
    for body in ["", "{", "[]", "null", "\u{feff}{}", "{\"a\":1}x"] {
        let request = reqwest::Client::new().post(endpoint(&iam)).body(body);
        let response = request.header("content-type", "application/json").send().await.unwrap();
        assert_refused(response, 400, "BadRequestError", "body").await;
    }
}

#[tokio::test]
async fn where_unproven_behaviour_is_on_further_fields_are_read() {
    let iam = LocalIam::builder().clock(fixed_clock()).unproven(true).start().await.unwrap();
    let consumer = Consumer::p256();
    let body = with(&consumer.input(&iam), "resource", json!("x"));
    assert_eq!(post(&endpoint(&iam), &body).await.status(), 200);
    for scope in [json!(["consumer"]), json!("unheard-of")] {
        let response = post(&endpoint(&iam), &with(&consumer.input(&iam), "scope", scope)).await;
        assert_refused(response, 400, "InvalidParameterError", "scope").await;
    }
}

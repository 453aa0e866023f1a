//! Consumers: against the local service, and against answers that it never gives.

use affinidi_iam_local::LocalIam;
use affinidi_tdk_iam_client::auth::{
    Algorithm, ConsumerCredential, ConsumerEndpoint, DidKeySigner, DidSigner, SignatureFuture, Signer,
};
use affinidi_tdk_iam_client::{Client, Error, models};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::keys;
use crate::support::{Service, authorization, json as answer};

const IAM: &str = "https://api.example.org/iam";

fn credential() -> ConsumerCredential {
    ConsumerCredential::builder().signer(DidKeySigner::from_pem(keys::P256).unwrap()).build().unwrap()
}

/// A token with these claims; nobody checks its signature.
fn token(claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.c2ln", part(&json!({ "alg": "ES256" })), part(claims))
}

/// A service that answers the token endpoint with a token of these claims.
fn issuing(claims: Value) -> Service {
    Service::new(move |_| {
        answer(200, &json!({ "access_token": token(&claims), "expires_in": 3600 }).to_string())
    })
}

async fn fetch(credential: &ConsumerCredential, service: &Service) -> Result<String, Error> {
    Client::builder()
        .base_url(IAM)
        .transport(service.clone())
        .consumer_credential(credential.clone())
        .build()?;
    Ok(credential.token().await?.secret().to_owned())
}

fn claims_of(body: &[u8]) -> (Value, Value, Value) {
    let body: Value = serde_json::from_slice(body).unwrap();
    let assertion = body["client_assertion"].as_str().unwrap().to_owned();
    let mut parts = assertion.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).unwrap());
    let mut part = || serde_json::from_slice(&parts.next().unwrap()).unwrap();
    (part(), part(), body)
}

#[tokio::test]
async fn each_kind_of_did_key_gets_tokens_from_both_endpoints_of_the_local_service() {
    let iam = LocalIam::start().await.unwrap();
    for pem in [keys::P256, keys::SECP256K1, keys::ED25519] {
        for endpoint in [ConsumerEndpoint::Iam, ConsumerEndpoint::ConsumerIam] {
            let signer = DidKeySigner::from_pem(pem).unwrap();
            let consumer = ConsumerCredential::builder().signer(signer).endpoint(endpoint).build().unwrap();
            let client = Client::builder()
                .base_url(iam.base_url())
                .consumer_credential(consumer.clone())
                .build()
                .unwrap();
            let grantee = format!("did:web:{endpoint:?}.example");
            let input = models::GrantAccessInput::new(grantee, [models::RightsEnum::VfsRead]);
            client.authz().grant_access_vfs(input).await.unwrap().ensure_success().unwrap();
        }
    }
}

#[tokio::test]
async fn generated_keys_get_tokens_from_the_local_service() {
    let iam = LocalIam::start().await.unwrap();
    for algorithm in [Algorithm::Es256, Algorithm::Es256k, Algorithm::EdDsa] {
        // Several, because half of the points have an odd y.
        for _ in 0..8 {
            let signer = DidKeySigner::generate(algorithm).unwrap();
            let consumer =
                ConsumerCredential::builder().signer(signer).base_url(iam.base_url()).build().unwrap();
            consumer.token().await.unwrap();
        }
    }
    for algorithm in [Algorithm::Rs256, Algorithm::Rs512, Algorithm::Es512] {
        assert!(DidKeySigner::generate(algorithm).unwrap_err().is_configuration());
    }
}

#[tokio::test]
async fn a_consumer_acts_for_a_profile_that_granted_access_and_for_no_other() {
    let iam = LocalIam::start().await.unwrap();
    let consumer = || {
        let signer = DidKeySigner::generate(Algorithm::Es256).unwrap();
        ConsumerCredential::builder().signer(signer).base_url(iam.base_url()).build().unwrap()
    };
    let (profile, friend) = (consumer(), consumer());
    assert!(friend.delegated(profile.did()).token().await.unwrap_err().is_credential());

    let client =
        Client::builder().base_url(iam.base_url()).consumer_credential(profile.clone()).build().unwrap();
    let input = models::GrantAccessInput::new(friend.did(), [models::RightsEnum::VfsRead]);
    client.authz().grant_access_vfs(input).await.unwrap().ensure_success().unwrap();
    let token = friend.delegated(profile.did()).token().await.unwrap();
    assert_ne!(token, friend.token().await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn the_request_is_the_one_of_the_official_clients() {
    let consumer = ConsumerCredential::builder()
        .signer(DidKeySigner::from_pem(keys::P256).unwrap())
        .scope("openid offline")
        .endpoint(ConsumerEndpoint::ConsumerIam)
        .build()
        .unwrap();
    let did = consumer.did().to_owned();
    let service = issuing(json!({ "sub": did }));
    fetch(&consumer, &service).await.unwrap();
    let request = &service.requests()[0];
    let url = "https://api.example.org/cid/v1/consumer/oauth2/token";
    assert_eq!((request.url.as_str(), authorization(request).as_str()), (url, "none"));
    let (header, claims, body) = claims_of(&request.body);
    let key_id = format!("{did}#{}", did.trim_start_matches("did:key:"));
    assert_eq!(header, json!({ "alg": "ES256", "typ": "JWT", "kid": key_id }));
    assert_eq!((&claims["iss"], &claims["sub"], &claims["aud"]), (&json!(did), &json!(did), &json!(url)));
    assert_eq!(claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap(), 300);
    assert_eq!((&body["grant_type"], &body["client_id"]), (&json!("client_credentials"), &json!(did)));
    assert_eq!(body["client_assertion_type"], "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    assert_eq!(body["scope"], "openid offline");
}

#[tokio::test(start_paused = true)]
async fn a_delegated_request_is_about_the_profile() {
    let consumer = credential();
    let service = issuing(json!({ "sub": "did:x:profile", "act": { "sub": consumer.did() } }));
    fetch(&consumer.delegated("did:x:profile"), &service).await.unwrap();
    let (_, claims, body) = claims_of(&service.requests()[0].body);
    assert_eq!((&claims["iss"], &claims["sub"]), (&json!(consumer.did()), &json!("did:x:profile")));
    assert_eq!(body["grant_type"], "affinidi_delegation");
    assert_eq!(body["client_assertion_type"], "urn:ietf:params:oauth:delegation-assertion-type:jwt-bearer");
    assert_eq!(body["client_id"], consumer.did());
}

#[tokio::test(start_paused = true)]
async fn a_token_for_somebody_else_is_refused() {
    let own = credential();
    for claims in [json!({ "sub": "did:key:zOther" }), json!({}), json!({ "sub": 7 }), json!([])] {
        let error = fetch(&credential(), &issuing(claims)).await.unwrap_err();
        assert!(error.is_credential() && error.to_string().contains("access token"), "{error}");
    }
    for act in [json!({ "sub": "did:key:zOther" }), json!({}), json!(null)] {
        let claims = json!({ "sub": "did:x:profile", "act": act });
        let error = fetch(&credential().delegated("did:x:profile"), &issuing(claims)).await.unwrap_err();
        assert!(error.to_string().contains("act.sub"), "{error}");
    }
    let error =
        fetch(&own.delegated("did:x:profile"), &issuing(json!({ "sub": own.did() }))).await.unwrap_err();
    assert!(error.to_string().contains("`sub`"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn an_answer_without_a_token_is_an_error_that_names_the_step() {
    for body in ["{}", r#"{"access_token":""}"#, r#"{"access_token":null}"#] {
        let error = fetch(&credential(), &Service::new(move |_| answer(200, body))).await.unwrap_err();
        assert!(error.is_decode() && error.is_credential());
        assert!(error.to_string().contains("fetching the consumer token"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_signer_that_fails_ends_the_call_with_its_reason() {
    struct Locked;
    impl DidSigner for Locked {
        fn did(&self) -> &str {
            "did:x:1"
        }
    }
    impl Signer for Locked {
        fn key_id(&self) -> &str {
            "did:x:1#1"
        }
        fn algorithm(&self) -> Algorithm {
            Algorithm::Es256
        }
        fn sign<'a>(&'a self, _: &'a [u8]) -> SignatureFuture<'a> {
            Box::pin(async { Err(Error::credential("the module is locked")) })
        }
    }
    let consumer = ConsumerCredential::builder().signer(Locked).build().unwrap();
    let service = issuing(json!({}));
    let error = fetch(&consumer, &service).await.unwrap_err();
    assert!(error.is_credential() && error.to_string().contains("the module is locked"), "{error}");
    assert!(service.requests().is_empty());
}

/// Keys with the DIDs that the test vectors of the did:key Method and of its implementations give them.
#[test]
fn the_did_is_that_of_the_published_vectors() {
    for (label, der, did) in [
        (
            "EC PRIVATE KEY",
            "MC4CAQEEIJCF0r72koamy7UWI8j6JYYplFzVXKcFzE5mcAOWiU4MoAcGBSuBBAAK",
            "did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme",
        ),
        (
            "EC PRIVATE KEY",
            "MDECAQEEIID4flb1UvDG7ykPS0lVZn58Zyox5+E6o9G5m6XoUZaXoAoGCCqGSM49AwEH",
            "did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv",
        ),
        (
            "PRIVATE KEY",
            "MC4CAQAwBQYDK2VwBCIEIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp",
        ),
    ] {
        let signer =
            DidKeySigner::from_pem(format!("-----BEGIN {label}-----\n{der}\n-----END {label}-----")).unwrap();
        assert_eq!(signer.did(), did);
        assert_eq!(signer.key_id(), format!("{did}#{}", did.trim_start_matches("did:key:")));
    }
}

#[test]
fn an_encrypted_key_is_the_same_did() {
    let encrypted = include_str!("keys/p256-pbkdf2-sha1-aes128.pem");
    let signer = DidKeySigner::from_encrypted_pem(encrypted, keys::PASSPHRASE).unwrap();
    assert_eq!(signer.did(), DidKeySigner::from_pem(keys::P256).unwrap().did());
    assert!(DidKeySigner::from_pem(encrypted).unwrap_err().is_configuration());
}

#[test]
fn keys_of_other_types_have_no_did_key_here() {
    for pem in [keys::RSA, keys::P521] {
        assert!(DidKeySigner::from_pem(pem).unwrap_err().to_string().contains("did:key"));
    }
    assert!(ConsumerCredential::builder().build().unwrap_err().is_configuration());
}

//! Signers of all kinds: keys elsewhere, keys in memory, and keys as JSON Web Keys.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use affinidi_iam_local::LocalIam;
use affinidi_tdk_iam_client::auth::{
    Algorithm, ConsumerCredential, DidKeySigner, DidSigner, LocalDidSigner, LocalSigner, PersonalAccessToken,
    PersonalAccessTokenBuilder, SignatureFuture, Signer, client_assertion,
};
use affinidi_tdk_iam_client::{Client, Error};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::keys::{self, P256, PASSPHRASE};
use crate::support::{Service, json as answer};

/// What a key service does when it is asked to sign.
#[derive(Clone, Copy)]
enum Behaviour {
    Sign,
    Fail,
    Panic,
    Hang,
    /// Responds in the form of ASN.1.
    Der,
}

/// A P-256 key behind a service, with behaviours for the first calls; then it signs.
struct ManagedKey {
    key: LocalSigner,
    algorithm: Algorithm,
    script: Vec<Behaviour>,
    calls: Arc<AtomicUsize>,
}

impl ManagedKey {
    fn new(script: impl IntoIterator<Item = Behaviour>) -> Self {
        let key = LocalSigner::from_pem("managed-1", P256).unwrap();
        Self { key, algorithm: Algorithm::Es256, script: script.into_iter().collect(), calls: Arc::default() }
    }
}

impl Signer for ManagedKey {
    fn key_id(&self) -> &str {
        self.key.key_id()
    }

    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    fn sign<'a>(&'a self, message: &'a [u8]) -> SignatureFuture<'a> {
        let call = self.calls.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move {
            tokio::task::yield_now().await;
            match self.script.get(call).copied().unwrap_or(Behaviour::Sign) {
                Behaviour::Sign => self.key.sign(message).await,
                Behaviour::Fail => Err(Error::credential("the module is locked")),
                Behaviour::Panic => panic!("the module is on fire"),
                Behaviour::Hang => std::future::pending().await,
                Behaviour::Der => Ok(vec![0x30; 71]),
            }
        })
    }
}

impl DidSigner for ManagedKey {
    fn did(&self) -> &str {
        "did:web:example.org"
    }
}

fn builder(signer: impl Signer) -> PersonalAccessTokenBuilder {
    PersonalAccessToken::builder()
        .token_id("t-1")
        .project_id("9de103a4-35d7-4b0f-8aa2-9dcd8ee4b321")
        .signer(signer)
        .base_url("https://api.example.org/iam")
        .token_endpoint("https://auth.example.org/token")
}

fn issuing() -> Service {
    Service::new(|_| answer(200, r#"{"access_token":"user-1","expires_in":3600}"#))
}

/// The header of a JSON Web Token.
fn header(token: &str) -> Value {
    let header = token.split('.').next().unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap()
}

/// The header of what a credential signs.
async fn signed_header(credential: &PersonalAccessToken) -> Value {
    header(credential.iota_token("c", "did:key:z1", None).await.unwrap().token.secret())
}

#[tokio::test]
async fn a_key_elsewhere_gets_tokens_from_the_local_service() {
    /// The key of the seeds, behind a service.
    struct Elsewhere(LocalSigner);
    impl Signer for Elsewhere {
        fn key_id(&self) -> &str {
            ""
        }
        fn algorithm(&self) -> Algorithm {
            self.0.algorithm()
        }
        fn sign<'a>(&'a self, message: &'a [u8]) -> SignatureFuture<'a> {
            Box::pin(async {
                tokio::time::sleep(Duration::from_millis(1)).await;
                self.0.sign(message).await
            })
        }
    }
    let iam = LocalIam::start().await.unwrap();
    let key = LocalSigner::from_pem("", iam.seeds().private_key_pem()).unwrap();
    let credential = PersonalAccessToken::builder()
        .token_id(iam.seeds().token_id())
        .project_id(iam.seeds().project_id())
        .signer(Elsewhere(key))
        .token_endpoint(iam.token_endpoint())
        .build()
        .unwrap();
    let client =
        Client::builder().base_url(iam.base_url()).personal_access_token(credential).build().unwrap();
    client.sts().whoami().await.unwrap();
    client.projects().list_principals_of_project().await.unwrap();
}

#[tokio::test]
async fn the_key_id_is_the_one_that_is_set_then_that_of_the_signer_then_the_token_id() {
    let of = |key_id: &str| builder(LocalSigner::from_pem(key_id, P256).unwrap());
    for (builder, expected) in
        [(of("k-1").key_id("k-2"), "k-2"), (of("k-1").key_id(""), "k-1"), (of("k-1"), "k-1"), (of(""), "t-1")]
    {
        let credential = builder.build().unwrap();
        assert_eq!(
            signed_header(&credential).await,
            json!({ "alg": "ES256", "typ": "JWT", "kid": expected })
        );
        assert!(format!("{credential:?}").contains(&format!("key_id: {expected:?}")));
    }
}

#[tokio::test(start_paused = true)]
async fn a_signer_that_fails_panics_or_hangs_ends_the_call_and_not_the_credential() {
    for (behaviour, expected) in [
        (Behaviour::Fail, "the module is locked"),
        (Behaviour::Panic, "panicked"),
        (Behaviour::Hang, "no token came within 30s"),
        (Behaviour::Der, "not DER"),
    ] {
        let service = issuing();
        let credential = builder(ManagedKey::new([behaviour])).transport(service.clone()).build().unwrap();
        let error = credential.user_token().await.unwrap_err();
        assert!(error.is_credential() && error.to_string().contains(expected), "{error}");
        assert_eq!(error.is_timeout(), matches!(behaviour, Behaviour::Hang), "{error}");
        assert!(service.requests().is_empty(), "nothing is sent without a signature");
        tokio::time::advance(Duration::from_secs(60)).await;
        assert_eq!(credential.user_token().await.unwrap().secret(), "user-1");

        let consumer = ConsumerCredential::builder().signer(ManagedKey::new([behaviour]));
        let consumer = consumer.transport(service.clone()).build().unwrap();
        let error = consumer.token().await.unwrap_err();
        assert!(error.is_credential() && error.to_string().contains(expected), "{error}");
        assert_eq!(service.requests().len(), 1, "nothing is sent without a signature");
    }
}

#[tokio::test]
async fn a_signer_that_fails_ends_an_iota_token_and_an_assertion_with_its_reason() {
    for (behaviour, expected) in [(Behaviour::Fail, "the module is locked"), (Behaviour::Der, "71 bytes")] {
        let credential = builder(ManagedKey::new([behaviour])).build().unwrap();
        let error = credential.iota_token("c", "did:key:z1", None).await.unwrap_err();
        assert!(error.is_credential() && error.to_string().contains(expected), "{error}");
        credential.iota_token("c", "did:key:z1", None).await.unwrap();
        let error = client_assertion(&ManagedKey::new([behaviour]), "https://a.example").await.unwrap_err();
        assert!(error.is_credential() && error.to_string().contains(expected), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_is_signed_for_once() {
    let signer = ManagedKey::new([]);
    let calls = signer.calls.clone();
    let credential = builder(signer).transport(issuing()).build().unwrap();
    for _ in 0..3 {
        credential.user_token().await.unwrap();
    }
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}

#[test]
fn a_signer_of_another_algorithm_is_refused_before_it_signs() {
    for (signer, expected) in [
        (LocalSigner::from_pem("k", keys::SECP256K1), "ES256K"),
        (LocalSigner::from_pem("k", keys::ED25519), "EdDSA"),
    ] {
        let error = builder(signer.unwrap()).build().unwrap_err();
        assert!(error.is_configuration() && error.to_string().contains(expected), "{error}");
    }
    let error = builder(ManagedKey::new([])).algorithm(Algorithm::Es512).build().unwrap_err();
    assert!(error.is_configuration() && error.to_string().contains("the signer signs ES256"), "{error}");
    builder(ManagedKey::new([])).algorithm(Algorithm::Es256).build().unwrap();
}

#[tokio::test]
async fn of_signer_and_private_key_the_last_one_counts() {
    let credential = builder(ManagedKey::new([])).private_key_pem(keys::P521).build().unwrap();
    assert_eq!(signed_header(&credential).await["alg"], "ES512");
    let credential = PersonalAccessToken::builder()
        .token_id("t")
        .project_id("9de103a4-35d7-4b0f-8aa2-9dcd8ee4b321")
        .private_key_pem("damaged");
    let credential = credential.signer(ManagedKey::new([])).build().unwrap();
    assert_eq!(signed_header(&credential).await["kid"], "managed-1");
}

/// The keys of the tests, in PEM and as Node.js writes them.
const KEYS: [(&str, &str, &str); 5] = [
    ("RS256", keys::RSA, include_str!("keys/rsa.jwk")),
    ("ES256", P256, include_str!("keys/p256.jwk")),
    ("ES512", keys::P521, include_str!("keys/p521.jwk")),
    ("ES256K", keys::SECP256K1, include_str!("keys/secp256k1.jwk")),
    ("EdDSA", keys::ED25519, include_str!("keys/ed25519.jwk")),
];

fn jwk(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[tokio::test]
async fn a_json_web_key_is_the_same_key_as_in_pem() {
    for (algorithm, pem, text) in KEYS {
        let of_pem = LocalSigner::from_pem("k", pem).unwrap();
        let of_jwk = LocalSigner::from_jwk("k", format!("\u{feff} {text}\n")).unwrap();
        assert_eq!(of_jwk.algorithm().as_str(), algorithm);
        assert_eq!(of_jwk.public_jwk(), of_pem.public_jwk());
        assert_eq!(of_jwk.to_pem().unwrap(), of_pem.to_pem().unwrap());
        let did_url = "did:web:example.org:a%20b#key-1";
        for signer in [LocalDidSigner::from_pem(did_url, pem), LocalDidSigner::from_jwk(did_url, text)] {
            let signer = signer.unwrap();
            assert_eq!((signer.did(), signer.key_id()), ("did:web:example.org:a%20b", did_url));
            let header = header(&client_assertion(&signer, "https://a.example").await.unwrap());
            assert_eq!(header, json!({ "alg": algorithm, "typ": "JWT", "kid": did_url }));
        }
        match DidKeySigner::from_jwk(text) {
            Ok(signer) => assert_eq!(signer.did(), DidKeySigner::from_pem(pem).unwrap().did()),
            Err(error) => assert!(["RS256", "ES512"].contains(&algorithm), "{error}"),
        }
        let builder = PersonalAccessToken::builder()
            .token_id("t")
            .project_id("9de103a4-35d7-4b0f-8aa2-9dcd8ee4b321")
            .private_key_jwk(text);
        match builder.build() {
            Ok(credential) => {
                let expected = json!({ "alg": algorithm, "typ": "JWT", "kid": "t" });
                assert_eq!(signed_header(&credential).await, expected);
            }
            Err(error) => assert!(["ES256K", "EdDSA"].contains(&algorithm), "{error}"),
        }
    }
}

#[test]
fn the_public_json_web_key_holds_nothing_of_the_private_one() {
    for (algorithm, pem, text) in KEYS {
        let public = LocalSigner::from_pem("k-1", pem).unwrap().public_jwk();
        let public = serde_json::to_value(public).unwrap();
        let mut expected = jwk(text);
        for private in ["d", "p", "q", "dp", "dq", "qi"] {
            expected.as_object_mut().unwrap().remove(private);
        }
        for (name, value) in [("kid", "k-1"), ("alg", algorithm), ("use", "sig")] {
            expected[name] = value.into();
        }
        assert_eq!(public, expected);
    }
    let signer = DidKeySigner::from_pem(P256).unwrap();
    assert_eq!(signer.public_jwk().kid, signer.key_id());
}

#[test]
fn a_generated_key_can_be_kept() {
    for algorithm in [Algorithm::Es256, Algorithm::Es256k, Algorithm::EdDsa] {
        let signer = DidKeySigner::generate(algorithm).unwrap();
        let pem = signer.to_pem().unwrap();
        assert!(pem.lines().all(|line| line.len() <= 64) && pem.ends_with("-----END PRIVATE KEY-----\n"));
        assert_eq!(DidKeySigner::from_pem(pem).unwrap().did(), signer.did());
    }
    for algorithm in [Algorithm::Es512, Algorithm::Rs512] {
        let signer = LocalSigner::generate("k", algorithm).unwrap();
        assert_eq!(signer.algorithm(), algorithm);
        let kept = LocalSigner::from_pem("k", signer.to_pem().unwrap()).unwrap();
        assert_eq!(
            (kept.public_jwk().x, kept.public_jwk().n),
            (signer.public_jwk().x, signer.public_jwk().n)
        );
    }
    assert!(DidKeySigner::generate(Algorithm::Rs256).unwrap_err().to_string().contains("did:key"));
}

/// Why a text is refused as a key, wherever it is read.
fn refusal(text: &str) -> String {
    let errors = [
        LocalSigner::from_jwk("k", text).unwrap_err(),
        LocalDidSigner::from_jwk("did:web:example.org#k", text).unwrap_err(),
        DidKeySigner::from_jwk(text).unwrap_err(),
        PersonalAccessToken::builder().token_id("t").private_key_jwk(text).build().unwrap_err(),
    ];
    for error in &errors {
        assert!(error.is_configuration() && error.to_string() == errors[0].to_string(), "{error}");
    }
    errors[0].to_string()
}

#[test]
fn each_json_web_key_that_cannot_be_used_has_its_own_error() {
    for (text, expected) in [
        (include_str!("keys/refused-x25519.jwk"), "key agreement (X25519) and cannot sign"),
        (include_str!("keys/refused-p384.jwk"), "another curve"),
        (r#"{"kty":"OKP","crv":"X448","d":"AA"}"#, "cannot sign"),
        (r#"{"kty":"oct","k":"AA"}"#, "not supported"),
        (r#"{"kty":"EC","d":"AA"}"#, "another curve"),
        ("", "not a private JSON Web Key"),
        ("hunter2", "not a private JSON Web Key"),
        (r#"{"keys":[]}"#, "not a private JSON Web Key"),
        (r#"["EC","P-256"]"#, "not a private JSON Web Key"),
        (P256, "not a private JSON Web Key"),
    ] {
        let refusal = refusal(text);
        assert!(refusal.contains(expected) && !refusal.contains("hunter2"), "{text}: {refusal}");
    }
    for pem in [include_str!("keys/refused-x25519.pem"), include_str!("keys/refused-p384.pem")] {
        let error = LocalDidSigner::from_pem("did:web:example.org#k", pem).unwrap_err();
        assert!(
            error.to_string().contains("X25519") || error.to_string().contains("on another curve"),
            "{error}"
        );
    }
}

#[test]
fn a_damaged_json_web_key_is_refused_without_its_text() {
    for (_, _, text) in KEYS {
        let whole = jwk(text);
        let names: Vec<_> = whole.as_object().unwrap().keys().cloned().collect();
        for name in names.iter().filter(|name| !["kty", "crv"].contains(&name.as_str())) {
            for damaged in
                [None, Some(json!("hunter2!")), Some(json!("")), Some(json!(7)), Some(json!("AAAA"))]
            {
                let mut key = whole.clone();
                match &damaged {
                    None => drop(key.as_object_mut().unwrap().remove(name)),
                    Some(value) => key[name] = value.clone(),
                }
                let error = LocalSigner::from_jwk("k", key.to_string()).unwrap_err();
                let (shown, text) = (format!("{error:?}"), error.to_string());
                assert!(error.is_configuration(), "{name} {damaged:?}: {error}");
                assert!(
                    !shown.contains("hunter2") && !text.contains(whole["d"].as_str().unwrap()),
                    "{shown}"
                );
                if name == "d" && damaged.is_none() {
                    assert!(text.contains("is a public key"), "{text}");
                }
            }
        }
    }
    // The public part of another key.
    let (mut key, other) = (jwk(KEYS[1].2), DidKeySigner::generate(Algorithm::Es256).unwrap().public_jwk());
    (key["x"], key["y"]) = (other.x.into(), other.y.into());
    assert!(refusal(&key.to_string()).contains("of another key"));
    let mut key = jwk(KEYS[4].2);
    key["x"] = DidKeySigner::generate(Algorithm::EdDsa).unwrap().public_jwk().x.into();
    assert!(refusal(&key.to_string()).contains("of another key"));
}

#[tokio::test]
async fn the_alg_of_a_json_web_key_must_fit_it() {
    let with = |text: &str, alg: &str| {
        let mut key = jwk(text);
        key["alg"] = alg.into();
        LocalSigner::from_jwk("k", key.to_string())
    };
    for (text, alg, expected) in [
        (KEYS[0].2, "RS256", Algorithm::Rs256),
        (KEYS[0].2, "RS512", Algorithm::Rs512),
        (KEYS[4].2, "EdDSA", Algorithm::EdDsa),
        (KEYS[4].2, "Ed25519", Algorithm::EdDsa),
    ] {
        assert_eq!(with(text, alg).unwrap().algorithm(), expected);
    }
    for (text, alg) in [
        (KEYS[0].2, "PS256"),
        (KEYS[1].2, "ECDH-ES"),
        (KEYS[1].2, "ES512"),
        (KEYS[1].2, "none"),
        (KEYS[0].2, ""),
    ] {
        let error = with(text, alg).unwrap_err();
        assert!(error.is_configuration(), "{alg}: {error}");
    }
}

#[tokio::test]
async fn the_kid_of_a_json_web_key_is_the_key_id_unless_one_is_set() {
    let mut key = jwk(KEYS[1].2);
    key["kid"] = "k-1".into();
    let builder = || {
        PersonalAccessToken::builder()
            .token_id("t")
            .project_id("9de103a4-35d7-4b0f-8aa2-9dcd8ee4b321")
            .private_key_jwk(key.to_string())
    };
    assert_eq!(signed_header(&builder().build().unwrap()).await["kid"], "k-1");
    assert_eq!(signed_header(&builder().key_id("k-2").build().unwrap()).await["kid"], "k-2");
    assert_eq!(LocalSigner::from_jwk("k-3", key.to_string()).unwrap().key_id(), "k-3");
}

#[test]
fn leading_zeros_may_be_missing_or_too_many_where_tools_disagree() {
    // A key whose private number begins with a zero: some tools leave it out.
    let key = loop {
        let pem = DidKeySigner::generate(Algorithm::Es256).unwrap();
        if pem.public_jwk().x.unwrap().starts_with("AA") || pem.public_jwk().y.unwrap().starts_with("AA") {
            break pem;
        }
    };
    let pem = key.to_pem().unwrap();
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let der = base64::engine::general_purpose::STANDARD.decode(body).unwrap();
    let stripped = |text: Option<String>| {
        let bytes = URL_SAFE_NO_PAD.decode(text.unwrap()).unwrap();
        URL_SAFE_NO_PAD.encode(&bytes[bytes.iter().take_while(|byte| **byte == 0).count()..])
    };
    // RFC 5915, section 3, within RFC 5208.
    let (x, y, d) =
        (stripped(key.public_jwk().x), stripped(key.public_jwk().y), URL_SAFE_NO_PAD.encode(&der[36..68]));
    let text = json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y, "d": d }).to_string();
    assert_eq!(DidKeySigner::from_jwk(text).unwrap().did(), key.did());

    let mut rsa = jwk(KEYS[0].2);
    let bytes = URL_SAFE_NO_PAD.decode(rsa["n"].as_str().unwrap()).unwrap();
    rsa["n"] = URL_SAFE_NO_PAD.encode([&[0], &bytes[..]].concat()).into();
    LocalSigner::from_jwk("k", rsa.to_string()).unwrap();
}

#[test]
fn a_key_id_that_is_not_the_did_url_of_a_key_is_refused() {
    for key_id in [
        "",
        "key-1",
        "#key-1",
        "did:web:example.org",
        "did:web:example.org#",
        "did:web#key",
        "did::example#key",
        "did:Web:example.org#key",
        "did:web:example.org?versionId=1#key",
        "did:web:example.org/path#key",
        "did:web:example.org#a#b",
        "did:web:example.org#a b",
        "https://example.org#key",
        " did:web:a#b",
    ] {
        let error = LocalDidSigner::from_pem(key_id, P256).unwrap_err();
        assert!(error.is_configuration() && error.to_string().contains("DID URL"), "{key_id}: {error}");
    }
    let encrypted = include_str!("keys/p256-pbkdf2-sha1-aes128.pem");
    let signer = LocalDidSigner::from_encrypted_pem("did:web:a#b", encrypted, PASSPHRASE).unwrap();
    assert_eq!(
        signer.public_jwk().x,
        LocalSigner::from_encrypted_pem("k", encrypted, PASSPHRASE).unwrap().public_jwk().x
    );
}

#[test]
fn no_key_in_memory_prints_its_secret() {
    let jwk = jwk(KEYS[1].2);
    let secret = jwk["d"].as_str().unwrap();
    let signer = LocalDidSigner::from_jwk("did:web:example.org#k", jwk.to_string()).unwrap();
    let consumer = ConsumerCredential::builder().signer(signer.clone());
    let local = LocalSigner::from_jwk("k", jwk.to_string()).unwrap();
    let builder = PersonalAccessToken::builder().token_id("t").private_key_jwk(jwk.to_string());
    let shown = format!(
        "{signer:?} {consumer:?} {local:?} {builder:?} {:?}",
        DidKeySigner::from_jwk(jwk.to_string())
    );
    assert!(!shown.contains(secret) && shown.contains("did:web:example.org#k"), "{shown}");
}

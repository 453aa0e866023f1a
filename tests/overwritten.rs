//! The crate overwrites its copies of keys and tokens before it gives their memory back.
//!
//! Every block of memory that is given back is searched. What others own is not searched: texts that the caller passes in stay with the
//! caller here, bodies of responses are never given back, and no HTTP library takes part.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]
#![allow(unsafe_code, reason = "an allocator is unsafe")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use affinidi_tdk_iam_client::Client;
use affinidi_tdk_iam_client::auth::{
    AccessToken, Algorithm, ConsumerCredential, DidKeySigner, LocalSigner, PersonalAccessToken, StaticToken,
};
use affinidi_tdk_iam_client::bytes::Bytes;
use affinidi_tdk_iam_client::http::StatusCode;
use affinidi_tdk_iam_client::transport::{Transport, TransportFuture, TransportRequest, TransportResponse};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// Looks for secrets in every block that is given back.
struct Looking;

#[global_allocator]
static LOOKING: Looking = Looking;

// Growing a block is left to the provided method, which takes a new one and gives the old one back.
unsafe impl GlobalAlloc for Looking {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // Zeroed, so that every byte of it can be read.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let bytes = unsafe { std::slice::from_raw_parts(block, layout.size()) };
        if LOOKS.try_with(Cell::get).unwrap_or(true) {
            SECRETS.iter().for_each(|secret| secret.look_in(bytes));
        }
        unsafe { System.dealloc(block, layout) }
    }
}

/// A part of a secret to look for, and how often it was found.
struct Secret {
    part: OnceLock<Vec<u8>>,
    found: AtomicUsize,
}

static SECRETS: [Secret; 32] = [const { Secret { part: OnceLock::new(), found: AtomicUsize::new(0) } }; 32];

thread_local! {
    /// Whether this thread does what the crate does, and not what the test does.
    static LOOKS: Cell<bool> = const { Cell::new(true) };
}

/// Does what leaves copies in memory and is not the crate's doing.
fn aside<T>(work: impl FnOnce() -> T) -> T {
    let looked = LOOKS.replace(false);
    let done = work();
    LOOKS.set(looked);
    done
}

impl Secret {
    fn look_in(&self, block: &[u8]) {
        if let Some(part) = self.part.get()
            && let Some(first) = part.first()
        {
            let mut rest = block;
            while let Some(at) = rest.iter().position(|byte| byte == first) {
                rest = &rest[at..];
                if rest.starts_with(part) {
                    self.found.fetch_add(1, SeqCst);
                }
                rest = &rest[1..];
            }
        }
    }
}

/// Looks for a part of this secret from now on.
fn look_for(secret: impl AsRef<[u8]>) -> &'static Secret {
    let secret = secret.as_ref();
    let middle = secret.len() / 2;
    let part = &secret[middle.saturating_sub(12)..secret.len().min(middle + 12)];
    assert!(part.len() >= 10, "a shorter part may be anywhere");
    let mut free = SECRETS.iter().filter(|secret| secret.part.get().is_none());
    aside(|| free.find(|free| free.part.set(part.to_vec()).is_ok()).expect("there is room for more secrets"))
}

#[track_caller]
fn assert_overwritten(secrets: &[&Secret]) {
    for (n, secret) in secrets.iter().enumerate() {
        assert_eq!(secret.found.load(SeqCst), 0, "copies of secret {n} were given back");
    }
}

/// Responds with what the function returns, which is never given back.
struct Service<F>(F);

impl<F: Fn(&TransportRequest) -> (u16, Value) + Send + Sync + 'static> Transport for Service<F> {
    fn send(&self, request: TransportRequest) -> TransportFuture<'_> {
        let (status, body) = aside(|| {
            let (status, body) = (self.0)(&request);
            (StatusCode::from_u16(status).unwrap(), &*String::leak(body.to_string()))
        });
        Box::pin(async move { Ok(TransportResponse::new(status, Bytes::from_static(body.as_bytes()))) })
    }
}

/// A token that is never given back.
fn token(name: &str) -> &'static str {
    let claims = json!({ "sub": name, "jti": name.repeat(20), "iat": 1, "exp": 3601 });
    let parts =
        [json!({ "alg": "ES256" }).to_string(), claims.to_string(), format!("the signature of {name}")];
    String::leak(parts.map(|part| URL_SAFE_NO_PAD.encode(part)).join("."))
}

fn signature(token: &str) -> &str {
    token.rsplit('.').next().unwrap()
}

/// The text of a key's PEM and the private number in it.
fn look_for_key(pem: &str) -> [&'static Secret; 2] {
    aside(|| {
        let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        let der = STANDARD.decode(body).unwrap();
        // RFC 5915, section 3, and RFC 8017, appendix A.1.2, within RFC 5208. In the middle of the latter is a prime.
        let number = if der.len() < 300 { &der[36..68] } else { &der };
        [look_for(&pem.lines().nth(1).unwrap()[48..]), look_for(number)]
    })
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap()
}

const RSA: &str = include_str!("auth/keys/rsa.pem");
const P256: &str = include_str!("auth/keys/p256.pem");
const P521: &str = include_str!("auth/keys/p521.pem");
const RSA_JWK: &str = include_str!("auth/keys/rsa.jwk");
const P256_JWK: &str = include_str!("auth/keys/p256.jwk");
const ENCRYPTED: &str = include_str!("auth/keys/p256-pbkdf2-sha512-aes192.pem");

#[test]
fn what_is_left_in_memory_is_found() {
    let secret = look_for("this is left in memory by a text");
    let text = String::from("this is left in memory by a text");
    assert_eq!(secret.found.load(SeqCst), 0);
    drop(text);
    assert_eq!(secret.found.load(SeqCst), 1);
}

#[test]
fn copies_of_a_private_key_are_overwritten() {
    let keys = [look_for_key(RSA), look_for_key(P521)].concat();
    let builder = |pem: &str| PersonalAccessToken::builder().token_id("t").private_key_pem(pem);
    for pem in [RSA, P521] {
        drop(builder(pem));
        drop(builder(pem).build().unwrap().for_project("9de103a4-35d7-4b0f-8aa2-9dcd8ee4b321"));
        drop(builder(pem).algorithm(Algorithm::EdDsa).build().unwrap_err());
        let (escaped, damaged) = aside(|| {
            let escaped = format!("\"{}\"", pem.replace('\n', "\\r\\n"));
            (String::leak(escaped), String::leak(pem.replacen("-----END", "!-----END", 1)))
        });
        drop(builder(escaped).build().unwrap());
        drop(builder(damaged).build().unwrap_err());
    }
    assert_overwritten(&keys);
}

#[test]
fn copies_of_a_key_for_a_did_are_overwritten() {
    let key = look_for_key(P256);
    let passphrase = look_for("opensesame");
    drop(DidKeySigner::from_pem(P256).unwrap());
    drop(DidKeySigner::from_encrypted_pem(ENCRYPTED, "opensesame").unwrap());
    drop(DidKeySigner::from_encrypted_pem(ENCRYPTED, "another").unwrap_err());
    let builder = PersonalAccessToken::builder().token_id("t").private_key_pem(ENCRYPTED);
    drop(builder.passphrase("opensesame").build().unwrap());
    assert_overwritten(&[key[0], key[1], passphrase]);
}

/// The private numbers of a JSON Web Key, as text and as bytes.
fn look_for_numbers(jwk: &str) -> Vec<&'static Secret> {
    aside(|| {
        let jwk: Value = serde_json::from_str(jwk).unwrap();
        let names = ["d", "p"].into_iter().filter_map(|name| jwk[name].as_str());
        let numbers = names.flat_map(|text| [text.into(), URL_SAFE_NO_PAD.decode(text).unwrap()]);
        numbers.map(look_for).collect()
    })
}

#[test]
fn copies_of_a_json_web_key_are_overwritten() {
    let numbers = [look_for_numbers(RSA_JWK), look_for_numbers(P256_JWK)].concat();
    for jwk in [RSA_JWK, P256_JWK] {
        let builder = || PersonalAccessToken::builder().token_id("t").private_key_jwk(jwk);
        drop((
            builder(),
            builder().build().unwrap(),
            builder().algorithm(Algorithm::EdDsa).build().unwrap_err(),
        ));
        let signer = LocalSigner::from_jwk("k", jwk).unwrap();
        // The text belongs to the caller.
        String::leak(signer.to_pem().unwrap());
        drop((signer, DidKeySigner::from_jwk(jwk).err()));
        let damaged = aside(|| &*String::leak(jwk.replacen("\"d\"", "\"D\"", 1)));
        drop(LocalSigner::from_jwk("k", damaged).unwrap_err());
    }
    assert_overwritten(&numbers);
}

#[test]
fn copies_of_a_key_in_a_file_are_overwritten() {
    let keys = [look_for_key(RSA), look_for_key(P521)].concat();
    let passphrase = look_for("opensesame");
    let path = std::env::temp_dir().join(format!("iam-overwritten-{}", std::process::id()));
    let passphrase_file = path.with_extension("passphrase");
    std::fs::write(&passphrase_file, "opensesame").unwrap();
    std::fs::write(&path, RSA).unwrap();
    let builder = PersonalAccessToken::builder()
        .token_id("t")
        .project_id("9de103a4-35d7-4b0f-8aa2-9dcd8ee4b321")
        .private_key_file(&path);
    let credential = builder.passphrase_file(&passphrase_file).build().unwrap();
    runtime().block_on(async {
        for text in [P521, &P521[..200], ENCRYPTED] {
            std::fs::write(&path, text).unwrap();
            drop(credential.iota_token("c", "did:key:z1", None).await.unwrap());
        }
    });
    drop(credential);
    for path in [path, passphrase_file] {
        std::fs::remove_file(path).unwrap();
    }
    assert_overwritten(&[&keys[..], &[passphrase]].concat());
}

#[test]
fn copies_of_a_key_from_the_environment_are_overwritten() {
    const CHILD: &str = "OVERWRITTEN_CHILD";
    if std::env::var_os(CHILD).is_some() {
        let key = look_for_key(P521);
        drop(Client::from_env().unwrap());
        drop(PersonalAccessToken::from_env().unwrap());
        return assert_overwritten(&key);
    }
    let mut again = Command::new(std::env::current_exe().unwrap());
    again.arg("copies_of_a_key_from_the_environment_are_overwritten");
    again.env(CHILD, "1").env("TOKEN_ID", "t").env("PRIVATE_KEY", P521);
    let output = again.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn copies_of_a_token_are_overwritten() {
    let [good, refused] = ["good", "refused"].map(token);
    let secrets = [look_for(good), look_for(refused)];
    runtime().block_on(async {
        drop((AccessToken::new(good).unwrap(), StaticToken::new(good)));
        let client = |token| {
            // In its errors it repeats what it was sent.
            let service = Service(move |request: &TransportRequest| {
                let sent = request.headers["authorization"].to_str().unwrap();
                match sent == good {
                    true => (200, json!({ "principalId": "p", "principalType": "user" })),
                    false => (
                        404,
                        json!({ "name": sent, "message": format!("Bearer {sent}"), "more": [{ "x": sent }] }),
                    ),
                }
            });
            Client::builder().transport(service).user_token(StaticToken::new(token)).build().unwrap()
        };
        let response = client(good).sts().whoami().with_response().await.unwrap();
        assert!(response.headers().is_empty());
        let error = client(refused).sts().whoami().await.unwrap_err();
        assert!(error.is_not_found() && !format!("{error:?}").contains("eyJ"));
    });
    assert_overwritten(&secrets);
}

#[test]
fn copies_of_fetched_tokens_and_of_assertions_are_overwritten() {
    static ASSERTIONS: [OnceLock<&'static Secret>; 2] = [const { OnceLock::new() }; 2];
    let [user, project, another] = ["user", "project", "another"].map(token);
    let secrets = [user, project, another].map(look_for);
    runtime().block_on(async {
        let service = Service(move |request: &TransportRequest| {
            if request.url.path() == "/token" {
                let form = str::from_utf8(&request.body).unwrap();
                let assertion = form.split("client_assertion=").nth(1).unwrap().split('&').next().unwrap();
                ASSERTIONS[0].get_or_init(|| look_for(signature(assertion)));
                return (200, json!({ "access_token": user, "expires_in": 300.5, "id_token": user, "refresh_token": user }));
            }
            (200, json!({ "accessToken": project, "expiresIn": 300 }))
        });
        let credential = PersonalAccessToken::builder().token_id("t").project_id("9de103a4-35d7-4b0f-8aa2-9dcd8ee4b321").private_key_pem(RSA);
        let credential = credential.token_endpoint("https://a.example/token").transport(service).build().unwrap();
        assert!(credential.project_token().await.unwrap().secret() == project);
        drop(credential);

        let signer = DidKeySigner::generate(Algorithm::Es256).unwrap();
        let service = Service(move |request: &TransportRequest| {
            let body: Value = serde_json::from_slice(&request.body).unwrap();
            let assertion = body["client_assertion"].as_str().unwrap();
            ASSERTIONS[1].get_or_init(|| look_for(signature(assertion)));
            (200, json!({ "access_token": another, "refresh_token": another, "id_token": another, "expires_in": 300 }))
        });
        let consumer = ConsumerCredential::builder().signer(signer).transport(service).build().unwrap();
        // It is for somebody else.
        assert!(consumer.token().await.unwrap_err().is_credential());
    });
    assert_overwritten(&secrets);
    assert_overwritten(&ASSERTIONS.each_ref().map(|assertion| *assertion.get().unwrap()));
}

//! Assertions signed and tokens verified, ours and by hand with `aws-lc-rs`.

use std::collections::HashMap;
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{SystemTime, UNIX_EPOCH};

use affinidi_tdk_iam_client::transport::{Transport, TransportFuture, TransportRequest, TransportResponse};
use affinidi_tdk_iam_client::{Client, auth, http::StatusCode, uuid};
use aws_lc_rs::rand::{self, SystemRandom};
use aws_lc_rs::rsa;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P256K1_SHA256_FIXED_SIGNING,
    ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, ParsedPublicKey,
    RSA_PKCS1_SHA256, RSA_PKCS1_SHA512, RsaEncoding,
};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use tokio::runtime::Builder;

use crate::callers::DID;

/// Something to do again and again.
pub type Work = Box<dyn Fn()>;

const ID: &str = "6ccd0a2e-e135-4037-b399-00039b362034";
const AUDIENCE: &str = "https://apse1.api.affinidi.io/iam/v1/consumer/oauth2/token";

/// Signs with this SDK: DIDs a client assertion, personal access tokens, whose assertion is not public, an Iota token.
pub fn sign_ours(algorithm: &str) -> Work {
    let pem = pem(algorithm);
    match algorithm {
        "ES256" | "ES256K" | "EdDSA" => {
            let signer = auth::DidKeySigner::from_pem(pem).unwrap();
            Box::new(move || {
                black_box(at_once(auth::client_assertion(&signer, AUDIENCE)).unwrap());
            })
        }
        _ => {
            let algorithm: auth::Algorithm = algorithm.parse().unwrap();
            let token = auth::PersonalAccessToken::builder()
                .token_id(ID)
                .project_id(ID)
                .private_key_pem(pem)
                .algorithm(algorithm)
                .build()
                .unwrap();
            Box::new(move || {
                black_box(at_once(token.iota_token(ID, DID, Some(ID))).unwrap());
            })
        }
    }
}

/// Signs the same claims by hand.
pub fn sign_by_hand(algorithm: &'static str) -> Work {
    let key = Key::new(algorithm);
    Box::new(move || {
        let did = matches!(algorithm, "ES256" | "ES256K" | "EdDSA");
        let name = if did { DID } else { "token/6ccd0a2e-e135-4037-b399-00039b362034" };
        let now = now();
        let claims = Claims {
            iss: name,
            sub: name,
            aud: if did { AUDIENCE } else { DID },
            jti: random_id(),
            iat: now,
            exp: now + 300,
            iota: (!did).then_some(Iota {
                kid: name,
                project_id: ID,
                iota_configuration_id: ID,
                iota_session_id: ID,
                scope: "iota_channel",
            }),
        };
        black_box(key.sign(&Header { alg: algorithm.into(), typ: "JWT".into(), kid: name.into() }, &claims));
    })
}

/// Verifies a token with this SDK, the key of the service being known.
pub fn verify_ours() -> Work {
    let issuer = Issuer::new();
    let client = Client::builder().transport(Keys(issuer.key_set())).build().unwrap();
    let verifier =
        auth::TokenVerifier::builder(&client).issuer(DID).audience(AUDIENCE).any_project().build().unwrap();
    let token = issuer.token();
    let runtime = Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(verifier.verify(&token)).unwrap();
    Box::new(move || {
        black_box(at_once(verifier.verify(black_box(&token))).unwrap());
    })
}

/// Verifies the same token by hand, with the same checks.
pub fn verify_by_hand() -> Work {
    let issuer = Issuer::new();
    let public = ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, issuer.point()).unwrap();
    let keys = HashMap::from([("1".to_owned(), public)]);
    let token = issuer.token();
    let work = move || {
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let (header, claims) = signed.split_once('.').unwrap();
        let header: Header = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
        assert_eq!(header.alg, "ES256");
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        keys[&*header.kid].verify_sig(signed.as_bytes(), &signature).unwrap();
        let claims: Verified = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
        assert!(claims.exp > now() && claims.iss == DID && claims.aud == AUDIENCE);
        black_box(claims);
    };
    work();
    Box::new(work)
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Verified {
    iss: String,
    sub: String,
    aud: String,
    jti: String,
    iat: u64,
    exp: u64,
}

#[derive(Serialize, Deserialize)]
struct Header {
    alg: String,
    typ: String,
    kid: String,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    jti: String,
    iat: u64,
    exp: u64,
    #[serde(flatten)]
    iota: Option<Iota<'a>>,
}

#[derive(Serialize)]
struct Iota<'a> {
    kid: &'a str,
    project_id: &'a str,
    iota_configuration_id: &'a str,
    iota_session_id: &'a str,
    scope: &'a str,
}

enum Key {
    Rsa(rsa::KeyPair, &'static dyn RsaEncoding),
    Ecdsa(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl Key {
    fn new(algorithm: &str) -> Self {
        let der: String = pem(algorithm).lines().filter(|line| !line.starts_with('-')).collect();
        let der = STANDARD.decode(der).unwrap();
        let ecdsa = |curve| Self::Ecdsa(EcdsaKeyPair::from_private_key_der(curve, &der).unwrap());
        match algorithm {
            "RS256" => Self::Rsa(rsa::KeyPair::from_pkcs8(&der).unwrap(), &RSA_PKCS1_SHA256),
            "RS512" => Self::Rsa(rsa::KeyPair::from_pkcs8(&der).unwrap(), &RSA_PKCS1_SHA512),
            "ES256" => ecdsa(&ECDSA_P256_SHA256_FIXED_SIGNING),
            "ES512" => ecdsa(&ECDSA_P521_SHA512_FIXED_SIGNING),
            "ES256K" => ecdsa(&ECDSA_P256K1_SHA256_FIXED_SIGNING),
            _ => Self::Ed25519(Ed25519KeyPair::from_pkcs8(&der).unwrap()),
        }
    }

    fn sign(&self, header: &Header, claims: &Claims<'_>) -> String {
        let encode = |json: Vec<u8>| URL_SAFE_NO_PAD.encode(json);
        let header = encode(serde_json::to_vec(header).unwrap());
        let mut token = format!("{header}.{}", encode(serde_json::to_vec(claims).unwrap()));
        let signature = match self {
            Self::Rsa(pair, padding) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(*padding, &SystemRandom::new(), token.as_bytes(), &mut signature).unwrap();
                signature
            }
            Self::Ecdsa(pair) => pair.sign(&SystemRandom::new(), token.as_bytes()).unwrap().as_ref().to_vec(),
            Self::Ed25519(pair) => pair.sign(token.as_bytes()).as_ref().to_vec(),
        };
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        token
    }
}

/// Who signs the token that is verified.
struct Issuer(EcdsaKeyPair);

impl Issuer {
    fn new() -> Self {
        Self(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())
    }

    fn point(&self) -> &[u8] {
        self.0.public_key().as_ref()
    }

    fn key_set(&self) -> String {
        let (x, y) = self.point()[1..].split_at(32);
        let [x, y] = [x, y].map(|coordinate| URL_SAFE_NO_PAD.encode(coordinate));
        format!(
            r#"{{"keys":[{{"kid":"1","kty":"EC","crv":"P-256","alg":"ES256","use":"sig","x":"{x}","y":"{y}"}}]}}"#
        )
    }

    fn token(self) -> String {
        let (jti, iat, exp) = (random_id(), now(), now() + 3600);
        let sub = "ari:iam::p:token/t/client/t";
        let claims = Claims { iss: DID, sub, aud: AUDIENCE, jti, iat, exp, iota: None };
        let header = Header { alg: "ES256".into(), typ: "JWT".into(), kid: "1".into() };
        Key::Ecdsa(self.0).sign(&header, &claims)
    }
}

/// Responds with a key set.
struct Keys(String);

impl Transport for Keys {
    fn send(&self, _: TransportRequest) -> TransportFuture<'_> {
        let answer = TransportResponse::new(StatusCode::OK, self.0.clone());
        Box::pin(std::future::ready(Ok(answer)))
    }
}

/// The private key that signs with this algorithm.
pub fn pem(algorithm: &str) -> String {
    let file = match algorithm {
        "ES256" => "p256",
        "ES512" => "p521",
        "ES256K" => "secp256k1",
        "EdDSA" => "ed25519",
        _ => "rsa",
    };
    std::fs::read_to_string(format!("{}/../tests/auth/keys/{file}.pem", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn random_id() -> String {
    let mut bytes = [0; 16];
    rand::fill(&mut bytes).unwrap();
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}

#[allow(clippy::disallowed_methods, reason = "there is no clock of a client here")]
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// The output of a future that has nothing to wait for.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("nothing to wait for"),
    }
}

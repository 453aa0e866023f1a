//! A consumer with a `did:key`, and the service it talks to.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use affinidi_iam_local::{Clock, LocalIam};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P256K1_SHA256_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
    Ed25519KeyPair, KeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Response;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

pub const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
pub const NOW: i64 = 1_790_000_000;

/// A service whose clock stands at [`NOW`] until the test moves it.
pub async fn service() -> (LocalIam, Clock) {
    let clock = Clock::fixed(UNIX_EPOCH + Duration::from_secs(NOW as u64));
    (LocalIam::builder().clock(clock.clone()).start().await.unwrap(), clock)
}

pub fn fixed_clock() -> Clock {
    Clock::fixed(SystemTime::UNIX_EPOCH + Duration::from_secs(NOW as u64))
}

pub fn endpoint(iam: &LocalIam) -> String {
    format!("{}/v1/consumer/oauth2/token", iam.base_url())
}

/// The origin of the service's gateway.
pub fn gateway(iam: &LocalIam) -> &str {
    iam.base_url().strip_suffix("/iam").unwrap()
}

enum Pair {
    Ecdsa(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

pub struct Consumer {
    pair: Pair,
    pub alg: &'static str,
    pub did: String,
    pub kid: String,
}

impl Consumer {
    pub fn p256() -> Self {
        Self::ecdsa(&ECDSA_P256_SHA256_FIXED_SIGNING, "ES256", [0x80, 0x24])
    }

    pub fn secp256k1() -> Self {
        Self::ecdsa(&ECDSA_P256K1_SHA256_FIXED_SIGNING, "ES256K", [0xe7, 0x01])
    }

    pub fn ed25519() -> Self {
        let pair = Ed25519KeyPair::generate().unwrap();
        let public = pair.public_key().as_ref().to_vec();
        Self::new(Pair::Ed25519(pair), "EdDSA", [0xed, 0x01], &public)
    }

    fn ecdsa(algorithm: &'static EcdsaSigningAlgorithm, alg: &'static str, codec: [u8; 2]) -> Self {
        let pair = EcdsaKeyPair::generate(algorithm).unwrap();
        let point = pair.public_key().as_ref().to_vec();
        let mut compressed = vec![2 + (point[64] & 1)];
        compressed.extend(&point[1..33]);
        Self::new(Pair::Ecdsa(pair), alg, codec, &compressed)
    }

    fn new(pair: Pair, alg: &'static str, codec: [u8; 2], public: &[u8]) -> Self {
        let encoded = format!("z{}", bs58::encode([&codec[..], public].concat()).into_string());
        let did = format!("did:key:{encoded}");
        Self { pair, alg, kid: format!("{did}#{encoded}"), did }
    }

    pub fn pkcs8(&self) -> Vec<u8> {
        match &self.pair {
            Pair::Ecdsa(pair) => pair.to_pkcs8v1().unwrap().as_ref().to_vec(),
            Pair::Ed25519(pair) => pair.to_pkcs8v1().unwrap().as_ref().to_vec(),
        }
    }

    pub fn header(&self) -> Value {
        json!({ "alg": self.alg, "typ": "JWT", "kid": self.kid })
    }

    /// Claims that the service accepts when its clock stands at [`NOW`].
    pub fn claims(&self, iam: &LocalIam) -> Value {
        json!({
            "iss": self.did, "sub": self.did, "aud": endpoint(iam),
            "jti": fresh_id(), "iat": NOW, "exp": NOW + 300,
        })
    }

    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let message = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
        let signature = match &self.pair {
            Pair::Ecdsa(pair) => {
                pair.sign(&SystemRandom::new(), message.as_bytes()).unwrap().as_ref().to_vec()
            }
            Pair::Ed25519(pair) => pair.sign(message.as_bytes()).as_ref().to_vec(),
        };
        format!("{message}.{}", encode(signature))
    }

    pub fn assertion(&self, iam: &LocalIam) -> String {
        self.sign(&self.header(), &self.claims(iam))
    }

    /// A request body that the service accepts.
    pub fn input(&self, iam: &LocalIam) -> Value {
        input(&self.assertion(iam))
    }
}

pub fn input(assertion: &str) -> Value {
    json!({
        "grant_type": "client_credentials",
        "client_assertion_type": JWT_BEARER,
        "client_assertion": assertion,
    })
}

pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub fn fresh_id() -> String {
    let mut bytes = [0; 16];
    aws_lc_rs::rand::fill(&mut bytes).unwrap();
    encode(bytes)
}

/// `base` with `field` set to `value`, or taken out when `value` is null.
pub fn with(base: &Value, field: &str, value: Value) -> Value {
    let mut changed = base.clone();
    if value.is_null() {
        changed.as_object_mut().unwrap().remove(field);
    } else {
        changed[field] = value;
    }
    changed
}

pub async fn post(url: &str, body: &Value) -> Response {
    reqwest::Client::new().post(url).json(body).send().await.unwrap()
}

/// Asserts that `response` is the error `name` with `status`, about `field`; returns its body.
pub async fn assert_refused(response: Response, status: u16, name: &str, field: &str) -> Value {
    let (actual, headers) = (response.status().as_u16(), response.headers().clone());
    let body: Value = response.json().await.unwrap();
    assert_error(actual, &headers, &body, (status, name, Some(field)));
    body
}

/// Asserts a refusal by status, name and what its details name, if anything. The gateway's errors have a `debugId`, all
/// others a `traceId`.
pub fn assert_error(status: u16, headers: &HeaderMap, body: &Value, expected: (u16, &str, Option<&str>)) {
    let (expected_status, name, field) = expected;
    assert_eq!((status, body["name"].as_str()), (expected_status, Some(name)), "{body}");
    if matches!(name, "BadRequestError" | "NoAuthorizationError") {
        assert_eq!(body["debugId"], headers["x-amz-apigw-id"].to_str().unwrap(), "{body}");
    } else {
        assert_eq!(body["traceId"], headers["x-amzn-requestid"].to_str().unwrap(), "{body}");
        let inner = if name == "InvalidJwtTokenError" { 401 } else { status };
        assert_eq!(body["httpStatusCode"], inner, "{body}");
    }
    if let Some(field) = field {
        let names = |detail: &Value| match detail["field"].as_str() {
            Some(named) => named == field,
            None => detail["issue"].as_str().unwrap().starts_with(field),
        };
        assert!(body["details"].as_array().unwrap().iter().any(names), "{field} is not named in {body}");
    }
}

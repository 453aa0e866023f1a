//! The token endpoint of personal access tokens.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize, PublicKeyComponents};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair, KeyPair,
    RSA_PKCS1_SHA256, RSA_PKCS1_SHA512,
};
use base64::Engine as _;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::api::{Api, text};
use crate::support::*;

/// A machine with a private key, and the way it registers and signs.
pub struct Machine {
    pair: Pair,
    alg: &'static str,
    jwk: Value,
    id: String,
}

enum Pair {
    Ecdsa(EcdsaKeyPair),
    Rsa(RsaKeyPair),
}

impl Machine {
    pub fn es256() -> Self {
        Self::ecdsa(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap(), "ES256", "P-256")
    }

    fn es512() -> Self {
        Self::ecdsa(EcdsaKeyPair::generate(&ECDSA_P521_SHA512_FIXED_SIGNING).unwrap(), "ES512", "P-521")
    }

    fn rsa(alg: &'static str) -> Self {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        let public: PublicKeyComponents<Vec<u8>> = pair.public_key().into();
        let jwk = json!({
            "kty": "RSA", "n": encode(&public.n), "e": encode(&public.e), "alg": alg, "use": "sig", "kid": "machine",
        });
        let _: Pkcs8V1Der = pair.as_der().unwrap();
        Self { pair: Pair::Rsa(pair), alg, jwk, id: String::new() }
    }

    fn ecdsa(pair: EcdsaKeyPair, alg: &'static str, crv: &str) -> Self {
        let point = pair.public_key().as_ref();
        let (x, y) = point[1..].split_at(point.len() / 2);
        let jwk = json!({
            "kty": "EC", "crv": crv, "x": encode(x), "y": encode(y), "alg": alg, "use": "sig", "kid": "machine",
        });
        Self { jwk, pair: Pair::Ecdsa(pair), alg, id: String::new() }
    }

    /// The personal access token that the service starts with.
    pub fn seeded(api: &Api) -> Self {
        let seeds = api.iam.seeds();
        let pem = seeds.private_key_pem();
        let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
        let der = base64::engine::general_purpose::STANDARD.decode(body).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der).unwrap();
        let machine = Self::ecdsa(pair, "ES256", "P-256");
        let id = seeds.token_id().to_string();
        Self { jwk: with(&machine.jwk, "kid", json!(id)), id, ..machine }
    }

    pub fn method(&self) -> Value {
        json!({
            "type": "PRIVATE_KEY",
            "signingAlgorithm": self.alg,
            "publicKeyInfo": { "jwks": { "keys": [self.jwk] } },
        })
    }

    async fn registered(mut self, api: &Api, method: Value) -> Self {
        let input = json!({ "name": "machine", "authenticationMethod": method });
        self.id = text(&api.call_with("POST", "/v1/tokens", &api.user(), input).await.ok(), "id");
        self
    }

    pub fn header(&self) -> Value {
        json!({ "alg": self.alg, "typ": "JWT", "kid": self.jwk["kid"] })
    }

    pub fn claims(&self, api: &Api) -> Value {
        json!({
            "iss": self.id, "sub": self.id, "aud": api.iam.token_endpoint(),
            "jti": fresh_id(), "iat": NOW, "exp": NOW + 300,
        })
    }

    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let message = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
        let random = SystemRandom::new();
        let signature = match &self.pair {
            Pair::Ecdsa(pair) => pair.sign(&random, message.as_bytes()).unwrap().as_ref().to_vec(),
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                let padding = if self.alg == "RS256" { &RSA_PKCS1_SHA256 } else { &RSA_PKCS1_SHA512 };
                pair.sign(padding, &random, message.as_bytes(), &mut signature).unwrap();
                signature
            }
        };
        format!("{message}.{}", encode(signature))
    }

    pub fn form(&self, assertion: String) -> Vec<(&'static str, String)> {
        vec![
            ("grant_type", "client_credentials".into()),
            ("scope", "openid".into()),
            ("client_assertion_type", JWT_BEARER.into()),
            ("client_assertion", assertion),
            ("client_id", self.id.clone()),
        ]
    }

    pub async fn user_token(&self, api: &Api) -> String {
        let form = self.form(self.sign(&self.header(), &self.claims(api)));
        let (status, output) = post_form(api, &form).await;
        assert_eq!(status, 200, "{output}");
        text(&output, "access_token")
    }
}

pub async fn post_form(api: &Api, form: &[(&str, String)]) -> (u16, Value) {
    let response = reqwest::Client::new().post(api.iam.token_endpoint()).form(form).send().await.unwrap();
    assert_eq!(response.headers()["cache-control"], "no-store");
    (response.status().as_u16(), response.json().await.unwrap())
}

pub async fn assert_error(api: &Api, form: &[(&str, String)], status: u16, error: &str, about: &str) {
    let (actual, body) = post_form(api, form).await;
    assert_eq!((actual, body["error"].as_str()), (status, Some(error)), "{body}");
    assert!(text(&body, "error_description").contains(about), "{about} is not named in {body}");
    let assertion = form.iter().find(|(name, _)| *name == "client_assertion").map_or("", |(_, value)| value);
    assert!(assertion.is_empty() || !body.to_string().contains(assertion), "the assertion is echoed");
}

#[tokio::test]
async fn every_algorithm_of_the_contract_gets_a_user_token() {
    let api = Api::start().await;
    for machine in [Machine::es256(), Machine::es512(), Machine::rsa("RS256"), Machine::rsa("RS512")] {
        let method = machine.method();
        let machine = machine.registered(&api, method).await;
        let token = machine.user_token(&api).await;
        let who = api.call("GET", "/v1/sts/whoami", &token).await.ok();
        assert_eq!(who, json!({ "principalId": machine.id, "principalType": "token" }), "{}", machine.alg);
    }
}

#[tokio::test]
async fn the_seeded_token_goes_all_the_way_to_a_project_token() {
    let api = Api::start().await;
    let user = Machine::seeded(&api).user_token(&api).await;
    let project_id = api.iam.seeds().project_id().to_string();
    let project = text(&api.project_token(&user, &project_id).await.ok(), "accessToken");
    api.call("GET", "/v1/projects/principals", &project).await.ok();
}

#[tokio::test]
async fn a_key_is_named_exactly_or_not_at_all() {
    let api = Api::start().await;
    let machine = Machine::es256();
    let mut method = machine.method();
    let others = json!([with(&Machine::es256().jwk, "kid", json!("other")), machine.jwk]);
    method["publicKeyInfo"]["jwks"]["keys"] = others;
    let machine = machine.registered(&api, method).await;
    let form = |kid: Value| {
        let header = with(&machine.header(), "kid", kid);
        machine.form(machine.sign(&header, &machine.claims(&api)))
    };
    assert_eq!(post_form(&api, &form(json!("machine"))).await.0, 200);
    assert_eq!(post_form(&api, &form(json!(null))).await.0, 200, "any registered key is tried");
    for kid in [json!(machine.id), json!("Machine"), json!("")] {
        assert_error(&api, &form(kid), 400, "invalid_request", "kid").await;
    }
    assert_error(&api, &form(json!("other")), 401, "invalid_client", "signature").await;
}

#[tokio::test]
async fn each_claim_and_header_parameter_is_checked() {
    let api = Api::start().await;
    let machine = Machine::seeded(&api);
    let claims = [
        ("iss", json!("nobody")),
        ("sub", json!("nobody")),
        ("sub", json!(null)),
        ("aud", json!("https://apse1.auth.developer.affinidi.io/auth/oauth2/token")),
        ("aud", json!(null)),
        ("exp", json!(null)),
        ("exp", json!(NOW)),
        ("exp", json!(NOW + 601)),
        ("iat", json!(NOW + 11)),
        ("jti", json!(null)),
    ];
    for (claim, value) in claims {
        let assertion = machine.sign(&machine.header(), &with(&machine.claims(&api), claim, value));
        let form: Vec<_> =
            machine.form(assertion).into_iter().filter(|(name, _)| *name != "client_id").collect();
        assert_error(&api, &form, 401, "invalid_client", claim).await;
    }
    for (parameter, value) in [
        ("alg", json!("none")),
        ("alg", json!("HS256")),
        ("alg", json!("RS256")),
        ("typ", json!("at+jwt")),
        ("crit", json!(["exp"])),
        ("crit", json!(null)),
    ] {
        let mut header = machine.header();
        header[parameter] = value;
        let assertion = machine.sign(&header, &machine.claims(&api));
        assert_error(&api, &machine.form(assertion), 401, "invalid_client", parameter).await;
    }
}

#[tokio::test]
async fn another_key_or_another_algorithm_than_the_registered_one_is_refused() {
    let api = Api::start().await;
    let registered = Machine::seeded(&api);
    let stranger = Machine { id: registered.id.clone(), ..Machine::es256() };
    let forged = stranger.sign(&registered.header(), &registered.claims(&api));
    assert_error(&api, &registered.form(forged), 401, "invalid_client", "signature").await;

    let rs256 = Machine::rsa("RS256");
    let method = rs256.method();
    let rs256 = rs256.registered(&api, method).await;
    let rs512 = Machine { alg: "RS512", ..rs256 };
    let assertion = rs512.sign(&rs512.header(), &rs512.claims(&api));
    assert_error(&api, &rs512.form(assertion), 401, "invalid_client", "alg").await;
}

#[tokio::test]
async fn an_assertion_is_accepted_once() {
    let api = Api::start().await;
    let machine = Machine::seeded(&api);
    let form = machine.form(machine.sign(&machine.header(), &machine.claims(&api)));
    assert_eq!(post_form(&api, &form).await.0, 200);
    assert_error(&api, &form, 400, "jti_known", "jti").await;
    // The identifier is used up for everybody, not only for who used it.
    let other = Machine::es256();
    let method = other.method();
    let other = other.registered(&api, method).await;
    let used = json!("the same identifier");
    let assertion = |machine: &Machine| {
        machine.sign(&machine.header(), &with(&machine.claims(&api), "jti", used.clone()))
    };
    assert_eq!(post_form(&api, &machine.form(assertion(&machine))).await.0, 200);
    assert_error(&api, &other.form(assertion(&other)), 400, "jti_known", "jti").await;
}

#[tokio::test]
async fn each_parameter_is_checked() {
    let api = Api::start().await;
    let machine = Machine::seeded(&api);
    let cases = [
        ("grant_type", "", 400, "invalid_request"),
        ("grant_type", "password", 400, "unsupported_grant_type"),
        ("client_assertion_type", "", 400, "invalid_request"),
        ("client_assertion_type", "saml", 400, "invalid_request"),
        ("client_assertion", "", 400, "invalid_request"),
        ("client_assertion", "a.b.c", 401, "invalid_client"),
        ("client_id", "another", 401, "invalid_client"),
        ("scope", "admin", 400, "invalid_scope"),
    ];
    for (parameter, value, status, error) in cases {
        let mut form = machine.form(machine.sign(&machine.header(), &machine.claims(&api)));
        form.iter_mut().find(|(name, _)| *name == parameter).unwrap().1 = value.to_owned();
        assert_error(&api, &form, status, error, parameter).await;
    }
}

#[tokio::test]
async fn a_body_that_is_no_form_is_an_invalid_request() {
    let api = Api::start().await;
    for (content_type, body) in [
        ("application/json", r#"{"grant_type":"client_credentials"}"#),
        ("application/x-www-form-urlencoded", "grant_type=client_credentials&grant_type=client_credentials"),
    ] {
        let request = reqwest::Client::new().post(api.iam.token_endpoint()).body(body);
        let response = request.header("content-type", content_type).send().await.unwrap();
        assert_eq!(response.status(), 400);
        assert_eq!(response.json::<Value>().await.unwrap()["error"], "invalid_request");
    }
}

#[tokio::test]
async fn keys_behind_a_jwks_uri_are_fetched_when_they_are_needed() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("http://{}/jwks.json", listener.local_addr().unwrap());
    let api = Api::start().await;
    let (first, second) = (Machine::es256(), Machine::es256());
    let method = json!({
        "type": "PRIVATE_KEY", "signingAlgorithm": "ES256", "publicKeyInfo": { "jwksUri": uri },
    });
    let first = first.registered(&api, method).await;
    let second = Machine { id: first.id.clone(), ..second };
    // The keys at the URI change between the first and the second exchange.
    let sets = [&first, &first, &second].map(|machine| json!({ "keys": [machine.jwk] }).to_string());
    let server = tokio::spawn(async move {
        for set in sets {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await.unwrap();
            let head =
                format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", set.len());
            stream.write_all(format!("{head}{set}").as_bytes()).await.unwrap();
        }
    });
    first.user_token(&api).await;
    let refused = second.form(second.sign(&second.header(), &second.claims(&api)));
    assert_error(&api, &refused, 401, "invalid_client", "signature").await;
    second.user_token(&api).await;
    server.await.unwrap();
    // Nobody listens any more.
    let unreachable = second.form(second.sign(&second.header(), &second.claims(&api)));
    assert_error(&api, &unreachable, 401, "invalid_client", "jwksUri").await;
}

//! What the tests are made with.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use affinidi_iam_local::LocalIam;
use affinidi_tdk_iam_client::auth::{
    self, AccessToken, FetchedToken, PersonalAccessToken, StoreFuture, TokenCache, TokenCacheBuilder,
    TokenStore, TokenVerifier, TokenVerifierBuilder,
};
use affinidi_tdk_iam_client::http::{HeaderMap, HeaderValue, StatusCode};
use affinidi_tdk_iam_client::transport::{Transport, TransportFuture, TransportRequest, TransportResponse};
use affinidi_tdk_iam_client::{Client, Error, RetryPolicy};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

pub(crate) const JSON: &str = "content-type: application/json\r\n";
pub(crate) const WHOAMI: &str = r#"{"principalId":"p","principalType":"user"}"#;

pub(crate) type Respond = dyn Fn(&TransportRequest) -> Reply + Send + Sync;

/// A service in this process, in virtual time.
#[derive(Clone)]
pub(crate) struct Service {
    pub(crate) respond: Arc<Respond>,
    pub(crate) requests: Arc<Mutex<Vec<TransportRequest>>>,
    pub(crate) delay: Duration,
}

impl Service {
    pub(crate) fn new(respond: impl Fn(&TransportRequest) -> Reply + Send + Sync + 'static) -> Self {
        Self { respond: Arc::new(respond), requests: Arc::default(), delay: Duration::ZERO }
    }

    /// Each response takes this long.
    pub(crate) fn taking(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    /// How many requests had a path with this end.
    pub(crate) fn count(&self, path: &str) -> usize {
        self.requests.lock().unwrap().iter().filter(|request| request.url.path().ends_with(path)).count()
    }
}

impl Transport for Service {
    fn send(&self, request: TransportRequest) -> TransportFuture<'_> {
        Box::pin(async move {
            self.requests.lock().unwrap().push(request.clone());
            tokio::time::sleep(self.delay).await;
            let reply = (self.respond)(&request);
            match reply.after {
                Some(after) => tokio::time::sleep(after).await,
                None => std::future::pending().await,
            }
            Ok(TransportResponse::new(reply.status, reply.body).with_headers(reply.headers))
        })
    }
}

pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    pub(crate) after: Option<Duration>,
}

impl Reply {
    pub(crate) fn json(status: u16, body: &str) -> Self {
        let status = StatusCode::from_u16(status).unwrap();
        let reply =
            Self { status, headers: HeaderMap::new(), body: body.into(), after: Some(Duration::ZERO) };
        reply.header("content-type", "application/json")
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(name, HeaderValue::from_str(value).unwrap());
        self
    }

    pub(crate) fn after(self, delay: Duration) -> Self {
        Self { after: Some(delay), ..self }
    }

    pub(crate) fn never(self) -> Self {
        Self { after: None, ..self }
    }
}

/// A cache of tokens `token-0`, `token-1`, …, whose `n`th fetch takes `takes(n)`, or hangs; and how many fetches began.
pub(crate) fn cache(
    lifetime: Duration,
    takes: impl Fn(usize) -> Option<Duration> + Send + Sync + 'static,
) -> (TokenCacheBuilder, Arc<AtomicUsize>) {
    let fetches = Arc::new(AtomicUsize::new(0));
    let counter = fetches.clone();
    let source = move || {
        let n = counter.fetch_add(1, SeqCst);
        let takes = takes(n);
        async move {
            match takes {
                Some(takes) => tokio::time::sleep(takes).await,
                None => std::future::pending().await,
            }
            Ok(FetchedToken::new(AccessToken::new(format!("token-{n}"))?, Some(lifetime)))
        }
    };
    (TokenCache::builder(source), fetches)
}

/// A store in the memory of this process, whose clock obeys paused time.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) tokens: Mutex<HashMap<String, (FetchedToken, tokio::time::Instant)>>,
    pub(crate) leases: Mutex<HashMap<String, tokio::time::Instant>>,
}

impl TokenStore for Memory {
    fn get<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<FetchedToken>> {
        let token = self
            .tokens
            .lock()
            .unwrap()
            .get(key)
            .map(|(token, put_at)| token.clone().aged(token.age() + put_at.elapsed()));
        Box::pin(async { Ok(token.filter(|token| token.age() < token.lifetime())) })
    }

    fn put<'a>(&'a self, key: &'a str, token: &'a FetchedToken) -> StoreFuture<'a, ()> {
        let now = tokio::time::Instant::now();
        self.tokens.lock().unwrap().insert(key.to_owned(), (token.clone(), now));
        self.leases.lock().unwrap().remove(key);
        Box::pin(async { Ok(()) })
    }

    fn lease<'a>(&'a self, key: &'a str, duration: Duration) -> StoreFuture<'a, bool> {
        let (mut leases, now) = (self.leases.lock().unwrap(), tokio::time::Instant::now());
        let free = leases.get(key).is_none_or(|until| *until <= now);
        if free {
            leases.insert(key.to_owned(), now + duration);
        }
        Box::pin(async move { Ok(free) })
    }

    fn release_lease<'a>(&'a self, key: &'a str, _: &'a str) -> StoreFuture<'a, ()> {
        self.leases.lock().unwrap().remove(key);
        Box::pin(async { Ok(()) })
    }
}

/// Signs tokens as an issuer does.
pub(crate) struct Issuer(EcdsaKeyPair);

impl Issuer {
    pub(crate) fn new() -> Self {
        Self(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())
    }

    pub(crate) fn jwk(&self, kid: &str) -> Value {
        let point = self.0.public_key().as_ref();
        json!({"kid": kid, "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig",
            "x": encode(&point[1..33]), "y": encode(&point[33..])})
    }

    pub(crate) fn token(&self, header: &Value, claims: &Value) -> String {
        let signed = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
        let signature = self.0.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
        format!("{signed}.{}", encode(signature))
    }
}

pub(crate) fn head(kid: &str) -> Value {
    json!({"alg": "ES256", "typ": "at+jwt", "kid": kid})
}

pub(crate) fn claims() -> Value {
    json!({"iss": "https://i.example", "aud": "https://a.example", "sub": "ari:iam::p:token/t", "exp": unix() + 300, "iat": unix()})
}

pub(crate) fn key_service(set: Value) -> Service {
    Service::new(move |_| Reply::json(200, &set.to_string()))
}

pub(crate) fn verifier(service: &Service) -> TokenVerifierBuilder {
    let client = Client::builder().transport(service.clone()).retry_policy(RetryPolicy::never());
    rules(TokenVerifier::builder(&client.build().unwrap()))
}

pub(crate) fn rules(builder: TokenVerifierBuilder) -> TokenVerifierBuilder {
    builder.issuer("https://i.example").audience("https://a.example").any_project()
}

pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn claims_of(token: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap()
}

pub(crate) fn unsigned(claims: &Value) -> String {
    format!("{}.{}.{}", encode(r#"{"alg":"ES256"}"#), encode(claims.to_string()), encode("signature"))
}

pub(crate) fn unix() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

pub(crate) fn uuid(n: usize) -> String {
    format!("00000000-0000-4000-8000-{n:012}")
}

/// A new P-256 key as PKCS#8 PEM.
pub(crate) fn private_key() -> String {
    let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
    format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(key))
}

pub(crate) fn pat() -> auth::PersonalAccessTokenBuilder {
    PersonalAccessToken::builder().token_id(uuid(1)).private_key_pem(private_key())
}

/// The personal access token that a local service has from the beginning.
pub(crate) fn seeded(iam: &LocalIam) -> auth::PersonalAccessTokenBuilder {
    let seeds = iam.seeds();
    PersonalAccessToken::builder()
        .token_id(seeds.token_id())
        .project_id(seeds.project_id())
        .private_key_pem(seeds.private_key_pem())
        .token_endpoint(iam.token_endpoint())
        .base_url(iam.base_url())
}

/// A server on this machine, with threads of its own.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    pub(crate) fn hits(&self) -> usize {
        self.requests.lock().unwrap().len()
    }
}

/// Responds to each request, which it counts from 0, with the bytes that `respond` returns.
pub(crate) fn server(respond: impl Fn(usize, &str) -> Vec<u8> + Send + Sync + 'static) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let requests: Arc<Mutex<Vec<String>>> = Arc::default();
    let (log, respond) = (requests.clone(), Arc::new(respond));
    std::thread::spawn(move || {
        for mut connection in listener.incoming().flatten() {
            let (log, respond) = (log.clone(), respond.clone());
            std::thread::spawn(move || {
                while let Some(request) = request(&mut connection) {
                    let n = {
                        let mut log = log.lock().unwrap();
                        log.push(request.clone());
                        log.len() - 1
                    };
                    if connection.write_all(&respond(n, &request)).is_err() {
                        return;
                    }
                }
            });
        }
    });
    Server { address, requests }
}

/// The next request of a connection, with its body.
pub(crate) fn request(connection: &mut TcpStream) -> Option<String> {
    let mut bytes = vec![];
    loop {
        let mut part = [0; 16384];
        match connection.read(&mut part).ok()? {
            0 => return None,
            n => bytes.extend_from_slice(&part[..n]),
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let head = head.to_ascii_lowercase();
            let length =
                head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return Some(text);
            }
        }
    }
}

pub(crate) fn response(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n{headers}\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// What the parent process gave this one, if it is a child.
pub(crate) fn child() -> Option<String> {
    std::env::var("CASES_CHILD").ok()
}

/// Runs the test of this name again in a child process with these variables, and returns what it said.
pub(crate) fn again(test: &str, given: &str, variables: &[(&str, String)]) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([test, "--nocapture", "--test-threads=1"]).env("CASES_CHILD", given);
    for name in [
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "NO_PROXY",
        "TOKEN_ID",
        "KEY_ID",
        "PROJECT_ID",
        "PASSPHRASE",
    ] {
        command.env_remove(name).env_remove(name.to_lowercase());
    }
    let output = command.envs(variables.iter().map(|(name, value)| (name, value))).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let said: Vec<&str> = said.lines().filter_map(|line| Some(&line[line.find("SAID ")?..])).collect();
    let errors: String = String::from_utf8_lossy(&output.stderr).chars().take(400).collect();
    match output.status.success() {
        true => said.join("\n"),
        false => format!("{}\n{}: {errors}", said.join("\n"), output.status),
    }
}

/// Says it to the parent process.
pub(crate) fn say<T: std::fmt::Debug>(what: &str, result: Result<T, Error>) {
    println!("SAID {what} {:?}", result.map_err(|error| error.to_string()));
}

/// The number that a child process said.
#[cfg(target_os = "linux")]
pub(crate) fn number(said: &str, what: &str) -> u64 {
    let line = said.lines().find_map(|line| line.strip_prefix(&format!("SAID {what} Ok(")));
    line.and_then(|line| line.trim_end_matches(')').parse().ok()).unwrap_or_else(|| panic!("{said}"))
}

//! How many requests a second the service serves, and how much processor time each takes at the server and at the client.
//!
//! ```sh
//! cargo run --release -p affinidi-iam-local --example throughput            # all cases, with a database in memory and in a file
//! cargo run --release -p affinidi-iam-local --example throughput -- whoami  # the cases whose names have this in them
//! ```
//!
//! The service is a separate process. The client is as thin as can be: a thread for each connection, bytes that were written
//! before, and of a response only its status and its length are read. Processor time needs `/proc`, which only Linux has.
#![allow(clippy::disallowed_methods, reason = "a program that measures reads real time")]

use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitCode, Stdio};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use affinidi_iam_local::LocalIam;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use url::form_urlencoded;
use uuid::Uuid;

/// Requests of a case that are not measured, and that are.
const WARM_UP: usize = 1_000;
const REQUESTS: usize = 20_000;
const CONNECTIONS: [usize; 2] = [1, 16];
const CASES: [&str; 5] = ["whoami", "project token", "user token", "consumer token", "create project"];

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let outcome = match arguments.split_first() {
        Some((first, rest)) if first == "serve" => serve(rest.first().map(PathBuf::from)),
        first => measure(first.map_or("", |(wanted, _)| wanted)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("failed: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The service: prints what a client needs, and stops when its standard input is closed.
#[tokio::main(flavor = "current_thread")]
async fn serve(database: Option<PathBuf>) -> Outcome<()> {
    let builder = LocalIam::builder();
    let iam = match database {
        None => builder.start().await?,
        Some(path) => builder.database(path).start().await?,
    };
    let ready = json!({
        "address": iam.local_addr().to_string(),
        "base_url": iam.base_url(),
        "token_endpoint": iam.token_endpoint(),
        "token": iam.user_token()?,
        "seeds": iam.seeds(),
    });
    println!("{ready}");
    std::io::stdin().read_to_end(&mut Vec::new())?;
    iam.shutdown().await;
    Ok(())
}

fn measure(wanted: &str) -> Outcome<()> {
    println!(
        "{:<16}{:<10}{:>12}{:>14}{:>14}{:>14}{:>12}",
        "case", "database", "connections", "requests/s", "server µs", "client µs", "slowest"
    );
    let folder = std::env::temp_dir().join(format!("affinidi-iam-throughput-{}", std::process::id()));
    fs::create_dir(&folder)?;
    let outcome = CASES.iter().filter(|case| case.contains(wanted)).try_for_each(|case| {
        for connections in CONNECTIONS {
            for (name, database) in
                [("memory", None), ("file", Some(folder.join(format!("{case}-{connections}"))))]
            {
                let line = run(case, connections, database.as_deref())?;
                println!("{case:<16}{name:<10}{connections:>12}{line}");
            }
        }
        Ok(())
    });
    fs::remove_dir_all(&folder)?;
    outcome
}

/// The figures of one case.
fn run(case: &str, connections: usize, database: Option<&Path>) -> Outcome<String> {
    let service = Service::start(database)?;
    let warm_up = service.requests(case, WARM_UP)?;
    let requests = service.requests(case, REQUESTS)?;
    send(&service, connections, &warm_up)?;
    let before = (processor_time("self"), service.processor_time());
    let started = Instant::now();
    let slowest = send(&service, connections, &requests)?;
    let elapsed = started.elapsed();
    let after = (processor_time("self"), service.processor_time());
    let each = |before: Option<Duration>, after: Option<Duration>| match before.zip(after) {
        Some((before, after)) => format!("{:.1}", (after - before).as_secs_f64() * 1e6 / REQUESTS as f64),
        None => "unknown".to_owned(),
    };
    Ok(format!(
        "{:>14.0}{:>14}{:>14}{:>12}",
        REQUESTS as f64 / elapsed.as_secs_f64(),
        each(before.1, after.1),
        each(before.0, after.0),
        format!("{:.1} ms", slowest.as_secs_f64() * 1e3),
    ))
}

/// Sends the requests over so many connections, and returns how long the slowest one took.
fn send(service: &Service, connections: usize, requests: &[Vec<u8>]) -> Outcome<Duration> {
    thread::scope(|scope| {
        let parts = requests.chunks(requests.len().div_ceil(connections));
        let threads: Vec<_> =
            parts.map(|part| scope.spawn(|| one_connection(service.address()?, part))).collect();
        let mut slowest = Duration::ZERO;
        for thread in threads {
            slowest = slowest.max(thread.join().map_err(|_| "a thread panicked")??);
        }
        Ok(slowest)
    })
}

fn one_connection(address: &str, requests: &[Vec<u8>]) -> Outcome<Duration> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let (mut buffer, mut slowest) = (vec![0; 64 << 10], Duration::ZERO);
    for request in requests {
        let began = Instant::now();
        stream.write_all(request)?;
        let mut length = 0;
        while !is_whole(buffer.get(..length).unwrap_or_default())? {
            match stream.read(buffer.get_mut(length..).unwrap_or_default())? {
                0 => return Err("the service closed the connection".into()),
                read => length += read,
            }
        }
        slowest = slowest.max(began.elapsed());
    }
    Ok(slowest)
}

/// Whether the response is there, with its body. Fails when it is not a success.
fn is_whole(response: &[u8]) -> Outcome<bool> {
    let Some(end) = response.windows(4).position(|window| window == b"\r\n\r\n") else { return Ok(false) };
    let head = String::from_utf8_lossy(response.get(..end).unwrap_or_default()).to_ascii_lowercase();
    if !head.starts_with("http/1.1 200") {
        return Err(String::from_utf8_lossy(response).into());
    }
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    let length: usize = length.ok_or("a response without a length")?.trim().parse()?;
    Ok(response.len() >= end + 4 + length)
}

/// This program, started a second time as the service.
struct Service {
    process: Child,
    input: Option<ChildStdin>,
    ready: Value,
}

impl Service {
    fn start(database: Option<&Path>) -> Outcome<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        let mut process =
            command.arg("serve").args(database).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let input = process.stdin.take();
        let mut line = String::new();
        BufReader::new(process.stdout.take().ok_or("the service has no output")?).read_line(&mut line)?;
        Ok(Self { process, input, ready: serde_json::from_str(&line)? })
    }

    fn text(&self, pointer: &str) -> Outcome<&str> {
        Ok(self
            .ready
            .pointer(pointer)
            .and_then(Value::as_str)
            .ok_or("the service did not print what it serves")?)
    }

    fn address(&self) -> Outcome<&str> {
        self.text("/address")
    }

    fn processor_time(&self) -> Option<Duration> {
        processor_time(&self.process.id().to_string())
    }

    /// So many requests of the case, as they are sent.
    fn requests(&self, case: &str, count: usize) -> Outcome<Vec<Vec<u8>>> {
        let user = format!("authorization: {}\r\n", self.text("/token")?);
        let json = format!("{user}content-type: application/json\r\n");
        let request = |line: &str, headers: &str, body: &str| -> Outcome<Vec<u8>> {
            let (host, length) = (self.address()?, body.len());
            Ok(format!("{line} HTTP/1.1\r\nhost: {host}\r\n{headers}content-length: {length}\r\n\r\n{body}")
                .into())
        };
        let same = match case {
            "whoami" => request("GET /iam/v1/sts/whoami", &user, "")?,
            "project token" => {
                let body = json!({ "projectId": self.text("/seeds/projectId")? }).to_string();
                request("POST /iam/v1/sts/create-project-scoped-token", &json, &body)?
            }
            "create project" => request("POST /iam/v1/projects", &json, r#"{"name":"one of many"}"#)?,
            "user token" => {
                let (issuer, form) =
                    (Issuer::token(self)?, "content-type: application/x-www-form-urlencoded\r\n");
                let body = || {
                    let mut body = form_urlencoded::Serializer::new(String::new());
                    Ok::<_, Box<dyn Error + Send + Sync>>(body.extend_pairs(issuer.fields()?).finish())
                };
                return (0..count).map(|_| request("POST /auth/oauth2/token", form, &body()?)).collect();
            }
            _ => {
                let issuer = Issuer::consumer(self)?;
                let json = "content-type: application/json\r\n";
                let body =
                    || Ok::<_, Box<dyn Error + Send + Sync>>(Value::from_iter(issuer.fields()?).to_string());
                let line = "POST /iam/v1/consumer/oauth2/token";
                return (0..count).map(|_| request(line, json, &body()?)).collect();
            }
        };
        Ok(vec![same; count])
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // The service stops when its input is closed.
        drop(self.input.take());
        let _ = self.process.wait();
    }
}

/// Who signs client assertions (RFC 7523) with ES256.
struct Issuer {
    key: EcdsaKeyPair,
    id: String,
    key_id: String,
    endpoint: String,
    now: u64,
}

impl Issuer {
    /// The seeded personal access token.
    fn token(service: &Service) -> Outcome<Self> {
        let pem = service.text("/seeds/privateKeyPem")?;
        let lines: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        let id = service.text("/seeds/tokenId")?;
        Self::new(
            &STANDARD.decode(lines)?,
            |_| (id.to_owned(), id.to_owned()),
            service.text("/token_endpoint")?,
        )
    }

    /// A consumer with a `did:key`.
    fn consumer(service: &Service) -> Outcome<Self> {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(|_| "no key")?;
        let did = |public: &[u8]| {
            let (x, y) = public.get(1..).unwrap_or_default().split_at(32);
            let form = 2 + (y.last().copied().unwrap_or_default() & 1);
            let encoded = format!("z{}", bs58::encode([&[0x80, 0x24, form], x].concat()).into_string());
            (format!("did:key:{encoded}"), format!("did:key:{encoded}#{encoded}"))
        };
        let endpoint = format!("{}/v1/consumer/oauth2/token", service.text("/base_url")?);
        Self::new(key.to_pkcs8v1().map_err(|_| "no key")?.as_ref(), did, &endpoint)
    }

    fn new(pkcs8: &[u8], ids: impl FnOnce(&[u8]) -> (String, String), endpoint: &str) -> Outcome<Self> {
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8)
            .map_err(|_| "not a P-256 key")?;
        let (id, key_id) = ids(key.public_key().as_ref());
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        Ok(Self { key, id, key_id, endpoint: endpoint.to_owned(), now })
    }

    /// The fields of a token request, with an assertion that was not used before.
    fn fields(&self) -> Outcome<[(&'static str, String); 3]> {
        let mut random = [0; 16];
        aws_lc_rs::rand::fill(&mut random).map_err(|_| "no randomness")?;
        let header = json!({ "alg": "ES256", "typ": "JWT", "kid": self.key_id });
        let claims = json!({
            "iss": self.id, "sub": self.id, "aud": self.endpoint,
            "jti": Uuid::from_bytes(random), "iat": self.now, "exp": self.now + 300,
        });
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", encode(&header), encode(&claims));
        let signature =
            self.key.sign(&SystemRandom::new(), message.as_bytes()).map_err(|_| "no signature")?;
        Ok([
            ("grant_type", "client_credentials".into()),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".into()),
            ("client_assertion", format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))),
        ])
    }
}

/// The time that all threads of a process have spent on a processor, to a hundredth of a second.
fn processor_time(process: &str) -> Option<Duration> {
    const TICKS_PER_SECOND: u64 = 100;
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name of the program comes before, and may have spaces in it.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<u64>().ok();
    Some(Duration::from_millis((ticks()? + ticks()?) * 1000 / TICKS_PER_SECOND))
}
